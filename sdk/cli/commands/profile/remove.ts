import type { Command } from "commander"
import { usageFailure } from "../../failure.ts"
import { changeProfiles, profilesPath } from "../../profiles/file.ts"
import type { Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

export function addRemoveProfile(parent: Command, shell: Shell): void {
  const command = parent
    .command("remove")
    .description("Take a profile out of the file. Its key stays one: `strata key revoke` ends it.")
    .argument("<profile>", "its name")
    .action(async (name: string, _options: unknown, self: Command) => {
      const session = shell.session(self)
      const path = profilesPath(session.env)
      changeProfiles(path, (before) => {
        const profiles = new Map(before)
        if (!profiles.delete(name)) throw usageFailure(`There is no profile ${name} in ${path}.`)
        return profiles
      })
      await session.print({ profile: name, removed: true }, () => [`Removed ${name} from ${path}`])
    })
  withExamples(command, { "strata profile remove staging": "Forgets a server and its key" })
}
