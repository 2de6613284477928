import type { Command } from "commander"
import { confirm } from "../../parse/confirm.ts"
import type { Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

export function addDelete(parent: Command, shell: Shell): void {
  const command = parent
    .command("delete")
    .description("Delete a group with its committed offsets. Asks first.")
    .argument("<group>", "name of the group")
    .option("--yes", "do not ask")
    .action(async (name: string, options: { readonly yes?: boolean }, self: Command) => {
      const session = shell.session(self)
      if (!(await confirm(session, `Delete group ${name} with its committed offsets?`, options.yes === true))) {
        await session.print({ group: name, deleted: false }, () => ["Nothing was deleted."])
        return
      }
      await session.connect().group(name).delete({ signal: session.stop })
      await session.print({ group: name, deleted: true }, () => [`Deleted ${name}`])
    })
  withExamples(command, { "strata group delete billing --yes": "In a script" })
}
