import type { Command } from "commander"
import { committedLines } from "../../format/committed-table.ts"
import type { Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

export function addOffsets(parent: Command, shell: Shell): void {
  const command = parent
    .command("offsets")
    .description("Show a group's committed offsets: in each partition the next one to read.")
    .argument("<group>", "name of the group")
    .option("--topic <name>", "only this topic")
    .action(async (name: string, options: { readonly topic?: string }, self: Command) => {
      const session = shell.session(self)
      const group = session.connect().group(name)
      const offsets = await group.committed({ topic: options.topic, signal: session.stop })
      await session.print({ offsets }, () => committedLines(session, offsets))
    })
  withExamples(command, { "strata group offsets billing --topic orders": "What billing committed for orders" })
}
