import type { Command } from "commander"
import { confirm } from "../../parse/confirm.ts"
import type { Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

export function addDelete(parent: Command, shell: Shell): void {
  const command = parent
    .command("delete")
    .description("Delete groups with their committed offsets. A group with members is refused. Asks first.")
    .argument("<groups...>", "names of groups")
    .option("--yes", "do not ask")
    .action(async (names: readonly string[], options: { readonly yes?: boolean }, self: Command) => {
      const session = shell.session(self)
      const all = names.length === 1 ? `group ${names[0]} with its` : `groups ${names.join(", ")} with their`
      const deleted = await confirm(session, `Delete ${all} committed offsets?`, options.yes === true)
      // One after the other: what was refused is told, and what came before it is deleted.
      for (const name of deleted ? names : []) await session.connect().group(name).delete({ signal: session.stop })
      const groups = names.map((group) => ({ group, deleted }))
      await session.print(groups.length === 1 ? groups[0] : { groups }, () =>
        deleted ? names.map((name) => `Deleted ${name}`) : ["Nothing was deleted."],
      )
    })
  withExamples(command, {
    "strata group delete billing": "Asks, then deletes",
    "strata group delete billing billing-old --yes": "In a script",
  })
}
