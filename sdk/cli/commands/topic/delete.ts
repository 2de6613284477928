import type { Command } from "commander"
import { confirm } from "../../parse/confirm.ts"
import type { Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

export function addDelete(parent: Command, shell: Shell): void {
  const command = parent
    .command("delete")
    .description("Delete a topic with its records and the offsets committed for it. Asks first.")
    .argument("<name>", "name of the topic")
    .option("--yes", "do not ask")
    .action(async (name: string, options: { readonly yes?: boolean }, self: Command) => {
      const session = shell.session(self)
      if (!(await confirm(session, `Delete topic ${name} with all its records?`, options.yes === true))) {
        await session.print({ topic: name, deleted: false }, () => ["Nothing was deleted."])
        return
      }
      await session.connect().topics.delete(name, { signal: session.stop })
      await session.print({ topic: name, deleted: true }, () => [`Deleted ${name}`])
    })
  withExamples(command, {
    "strata topic delete orders": "Asks, then deletes",
    "strata topic delete orders --yes": "In a script",
  })
}
