import type { Command } from "commander"
import { TopicNotFoundError } from "../../../client/errors.ts"
import { confirm } from "../../parse/confirm.ts"
import type { Session, Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

interface Options {
  readonly yes?: boolean
  readonly ifExists?: boolean
}

export function addDelete(parent: Command, shell: Shell): void {
  const command = parent
    .command("delete")
    .description("Delete a topic with its records and the offsets committed for it. Asks first.")
    .argument("<name>", "name of the topic")
    .option("--yes", "do not ask")
    .option("--if-exists", "no error where there is no such topic")
    .action(async (name: string, options: Options, self: Command) => {
      const session = shell.session(self)
      if (!(await confirm(session, `Delete topic ${name} with all its records?`, options.yes === true))) {
        await session.print({ topic: name, deleted: false }, () => ["Nothing was deleted."])
        return
      }
      const deleted = await remove(session, name, options.ifExists === true)
      await session.print({ topic: name, deleted }, () => [deleted ? `Deleted ${name}` : `There is no topic ${name}.`])
    })
  withExamples(command, {
    "strata topic delete orders": "Asks, then deletes",
    "strata topic delete orders --yes": "In a script",
  })
}

async function remove(session: Session, name: string, ifExists: boolean): Promise<boolean> {
  try {
    await session.connect().topics.delete(name, { signal: session.stop })
    return true
  } catch (error) {
    if (ifExists && error instanceof TopicNotFoundError) return false
    throw error
  }
}
