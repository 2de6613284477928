import { type Command, InvalidArgumentError } from "commander"
import { integer, partition } from "../parse/integer.ts"
import type { Shell } from "../session.ts"
import { withExamples } from "./examples.ts"

interface Options {
  readonly partition: number
  readonly before: number | "latest"
}

export function addDeleteRecords(program: Command, shell: Shell): void {
  const command = program
    .command("delete-records")
    .description("Delete the oldest records of a partition by moving its log start offset forward.")
    .argument("<topic>", "name of the topic")
    .requiredOption("--partition <n>", "the partition", partition)
    .requiredOption("--before <offset>", "delete the records below this offset, or `latest` for all there are", before)
    .action(async (topic: string, options: Options, self: Command) => {
      const session = shell.session(self)
      const handle = session.connect().topic(topic)
      const deleted = await handle.deleteRecords(options.partition, { before: options.before, signal: session.stop })
      await session.print({ topic, ...deleted }, () => [
        `${topic}:${deleted.partition} starts at offset ${deleted.logStartOffset}`,
      ])
    })
  withExamples(command, {
    "strata delete-records orders --partition 0 --before 1000": "The log of partition 0 then starts at 1000",
    "strata delete-records orders --partition 0 --before latest": "Empty a partition; its offsets go on",
  })
}

const offset = integer(0)

function before(text: string): number | "latest" {
  if (text === "latest") return text
  try {
    return offset(text)
  } catch {
    throw new InvalidArgumentError("It must be an offset or latest.")
  }
}
