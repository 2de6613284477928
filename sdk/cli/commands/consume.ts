import type { Command } from "commander"
import { Committer } from "../consume/committer.ts"
import { type RawConsumerRecord, type Renderer, rendererFor } from "../consume/renderer.ts"
import { startOffsets } from "../consume/start.ts"
import { usageFailure } from "../failure.ts"
import type { TextFormat } from "../format/bytes.ts"
import { TEMPLATE_HELP } from "../format/template.ts"
import { formatOption } from "../parse/choices.ts"
import { integer, partitions } from "../parse/integer.ts"
import { POSITION_HELP, type Position, parsePosition } from "../parse/position.ts"
import type { Session, Shell } from "../session.ts"
import { ReaderLeft } from "../stopped.ts"
import { withExamples } from "./examples.ts"

interface Options {
  readonly partition?: readonly number[]
  readonly from?: Position
  readonly follow?: boolean
  readonly max?: number
  readonly format: string
  readonly keyFormat: TextFormat
  readonly group?: string
  readonly commitEvery?: number
}

const DEFAULT_COMMIT_EVERY = 1_000

export function addConsume(program: Command, shell: Shell): void {
  const command = program
    .command("consume")
    .description(
      "Read records, to the end as it is now or, with --follow, for ever. The order is kept within each partition.",
    )
    .argument("<topic>", "name of the topic")
    .option("--partition <n>", "a partition; may be repeated (default: all)", partitions)
    .option("--from <position>", `${POSITION_HELP} (default: earliest)`, (text) => parsePosition(text, shell.io.now()))
    .option("--follow", "wait for more at the end")
    .option("--max <n>", "end after so many records", integer(1))
    .option(
      "--format <format>",
      `json, utf8 or base64: a value a line (what does not decode is base64); raw: the values' bytes and nothing else; or a template: ${TEMPLATE_HELP}`,
      "json",
    )
    .addOption(formatOption("--key-format <format>", "how keys are written", "utf8"))
    .option(
      "--group <name>",
      "begin where this group has committed, and commit what was written; --from is for the rest",
    )
    .option("--commit-every <n>", "records from one commit to the next (default: 1000, and every 5 s)", integer(1))
    .action((topic: string, options: Options, self: Command) => consume(shell.session(self), topic, options))
  withExamples(command, {
    "strata consume orders": "All there is now, one value a line",
    "strata consume orders --from latest --follow --json": "What comes from now on, as whole records",
    "strata consume orders --partition 0 --from 42 --max 10": "Ten records of a partition",
    "strata consume orders --from -15m --format '%T %k %v\\n'": "The last quarter of an hour, by a template",
    "strata consume orders --group billing --follow": "Go on where the group billing is",
  })
}

async function consume(session: Session, topic: string, options: Options): Promise<void> {
  const { group: groupName, follow = false, partition: wanted, from = { kind: "earliest" } } = options
  if (options.commitEvery !== undefined && groupName === undefined) throw usageFailure("--commit-every needs --group.")
  const render = rendererFor(session, options.format, options.keyFormat)
  const log = session.connect()
  const signal = session.stop
  const offsets = await startOffsets(log, { topic, partitions: wanted, from, group: groupName, signal })
  const records = log.topic(topic, { keyFormat: "bytes", valueFormat: "bytes" }).read({
    from: { offsets },
    partitions: Object.keys(offsets).map(Number),
    follow,
    // What the group committed may be gone by retention: then it goes on with what is left.
    autoOffsetReset: groupName === undefined ? "none" : "earliest",
    signal,
  })
  const committer =
    groupName === undefined
      ? undefined
      : new Committer(log.group(groupName), topic, options.commitEvery ?? DEFAULT_COMMIT_EVERY)
  await writeAll(session, records, render, options.max ?? Number.POSITIVE_INFINITY, committer)
}

async function writeAll(
  session: Session,
  records: AsyncIterable<RawConsumerRecord>,
  render: Renderer,
  max: number,
  committer: Committer | undefined,
): Promise<void> {
  let count = 0
  try {
    for await (const record of records) {
      await session.out.write(render(record))
      // Who left has not read all that was written: what is not committed will be read again.
      session.out.closed.throwIfAborted()
      await committer?.written(record.partition, record.offset)
      if (++count >= max) break
    }
  } catch (error) {
    if (!(error instanceof ReaderLeft)) await committer?.[Symbol.asyncDispose]()
    throw error
  }
  await committer?.[Symbol.asyncDispose]()
}
