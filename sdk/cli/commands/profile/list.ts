import type { Command } from "commander"
import { tableLines } from "../../format/table.ts"
import { profilesPath, readProfiles } from "../../profiles/file.ts"
import { authText, type ShownProfile, shown } from "../../profiles/shown.ts"
import type { Session, Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

export function addListProfiles(parent: Command, shell: Shell): void {
  const command = parent
    .command("list")
    .description("The profiles, without the secrets of their keys.")
    .action(async (_options: unknown, self: Command) => {
      const session = shell.session(self)
      const profiles = [...readProfiles(profilesPath(session.env))].map(([name, profile]) => shown(name, profile))
      await session.print({ profiles }, () => lines(session, profiles))
    })
  withExamples(command, { "strata profile list": "Names, servers, and how they are asked" })
}

function lines({ paint }: Session, profiles: readonly ShownProfile[]): string[] {
  if (profiles.length === 0) return ["No profiles."]
  return tableLines(
    [
      { header: "PROFILE", cell: (profile: ShownProfile) => profile.profile },
      { header: "URL", cell: ({ url }) => url },
      { header: "ASKED BY", cell: authText },
    ],
    profiles,
    paint,
  )
}
