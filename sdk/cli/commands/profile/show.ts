import type { Command } from "commander"
import { namedProfile } from "../../auth/target.ts"
import { authText, shown } from "../../profiles/shown.ts"
import type { Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

export function addShowProfile(parent: Command, shell: Shell): void {
  const command = parent
    .command("show")
    .description("One profile, without the secret of its key.")
    .argument("<profile>", "its name")
    .action(async (name: string, _options: unknown, self: Command) => {
      const session = shell.session(self)
      const profile = shown(name, namedProfile(name, session.env))
      await session.print(profile, () => [`${profile.profile}  ${profile.url}  ${authText(profile)}`])
    })
  withExamples(command, { "strata profile show prod": "Where it is, and the id of the key" })
}
