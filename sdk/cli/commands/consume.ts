import { type Command, Option } from "commander"
import { consumeAsGroup } from "../consume/as-group.ts"
import { type RawConsumerRecord, type Renderer, rendererFor } from "../consume/renderer.ts"
import { startOffsets } from "../consume/start.ts"
import { usageFailure } from "../failure.ts"
import type { TextFormat } from "../format/bytes.ts"
import { TEMPLATE_HELP } from "../format/template.ts"
import { formatOption } from "../parse/choices.ts"
import { integer, partitions } from "../parse/integer.ts"
import { POSITION_HELP, type Position, parsePosition } from "../parse/position.ts"
import { duration } from "../parse/size.ts"
import type { Session, Shell } from "../session.ts"
import { Silence } from "../silence.ts"
import { withExamples } from "./examples.ts"

interface Options {
  readonly partition?: readonly number[]
  readonly from?: Position
  readonly fromBeginning?: boolean
  readonly follow?: boolean
  readonly max?: number
  readonly maxMessages?: number
  readonly timeout?: number
  readonly timeoutMs?: number
  readonly format: string
  readonly keyFormat: TextFormat
  readonly group?: string
  readonly instanceId?: string
  readonly commitEvery?: number
}

const DEFAULT_COMMIT_EVERY = 1_000

export function addConsume(program: Command, shell: Shell): void {
  const command = program
    .command("consume")
    .description(
      "Read records, to the end as it is now or, with --follow, for ever. The order is kept within each partition.",
    )
    .argument("<topic>", "name of the topic; with --group also a pattern that begins with ^")
    .option("--partition <n>", "a partition; may be repeated (default: all)", partitions)
    .option("--from <position>", `${POSITION_HELP} (default: earliest)`, (text) => parsePosition(text, shell.io.now()))
    .option("--follow", "wait for more at the end")
    .option("--max <n>", "end after so many records", integer(1))
    .option("--timeout <time>", "end when no record came for so long", duration)
    .option(
      "--format <format>",
      `json, utf8 or base64: a value a line (what does not decode is base64); raw: the values' bytes and nothing else; or a template: ${TEMPLATE_HELP}`,
      "json",
    )
    .addOption(formatOption("--key-format <format>", "how keys are written", "utf8"))
    .option(
      "--group <name>",
      "as a member of this group: it shares the partitions with other members, goes on where the group has committed, " +
        "and commits what was written; --from is for the rest, and can be earliest or latest",
    )
    .option("--instance-id <name>", "a static member of the group: who comes back with the name has its partitions")
    .option("--commit-every <n>", "records from one commit to the next (default: 1000, and every 5 s)", integer(1))
    .addOption(kafkaWord("--from-beginning"))
    .addOption(kafkaWord("--max-messages <n>", integer(1)))
    .addOption(kafkaWord("--timeout-ms <ms>", integer(0)))
    .action((topic: string, options: Options, self: Command) => consume(shell.session(self), topic, options))
  withExamples(command, {
    "strata consume orders": "All there is now, one value a line",
    "strata consume orders --from latest --follow --json": "What comes from now on, as whole records",
    "strata consume orders --partition 0 --from 42 --max 10": "Ten records of a partition",
    "strata consume orders --from -15m --format '%T %k %v\\n'": "The last quarter of an hour, by a template",
    "strata consume orders --group billing --follow": "As a member of the group billing, until Ctrl-C",
    "strata consume '^orders-.*' --group billing --follow": "Topics by a pattern, also those that come later",
  })
}

/** An option of kafka-console-consumer that has another name here. */
function kafkaWord(flags: string, parse?: (text: string) => number): Option {
  const option = new Option(flags).hideHelp()
  return parse === undefined ? option : option.argParser(parse)
}

async function consume(session: Session, topic: string, options: Options): Promise<void> {
  refuseContradictions(options)
  const render = rendererFor(session, options.format, options.keyFormat)
  const timeout = options.timeout ?? options.timeoutMs
  using silence = timeout === undefined ? undefined : new Silence(timeout)
  // Awaited here, as the silence is listened for until then.
  if (options.group === undefined) return await consumeAlone(session, topic, render, options, silence)
  const { group, instanceId, follow, commitEvery = DEFAULT_COMMIT_EVERY } = options
  const request = { group, topic, from: resetPosition(options), follow, instanceId, max: mostOf(options), commitEvery }
  await consumeAsGroup(session, render, request, silence)
}

function refuseContradictions(options: Options): void {
  const { group, from, fromBeginning, partition: wanted, max, maxMessages, timeout, timeoutMs } = options
  if (max !== undefined && maxMessages !== undefined) throw usageFailure("--max and --max-messages are the same.")
  if (timeout !== undefined && timeoutMs !== undefined) throw usageFailure("--timeout and --timeout-ms are the same.")
  if (from !== undefined && fromBeginning === true) throw usageFailure("Give --from or --from-beginning, not both.")
  if (group === undefined) {
    const named = (["commitEvery", "instanceId"] as const).find((name) => options[name] !== undefined)
    if (named !== undefined)
      throw usageFailure(`--${named === "commitEvery" ? "commit-every" : "instance-id"} needs --group.`)
    return
  }
  if (wanted !== undefined) {
    throw usageFailure("A group shares the partitions out itself: leave out --partition, or --group.")
  }
}

/** Where a group begins that has committed nothing. */
function resetPosition({ from }: Options): "earliest" | "latest" | undefined {
  if (from === undefined || from.kind === "earliest" || from.kind === "latest") return from?.kind
  throw usageFailure(
    "With --group, --from can be earliest or latest; to go elsewhere, move the group first: `strata group reset`.",
  )
}

function mostOf({ max, maxMessages }: Options): number {
  return max ?? maxMessages ?? Number.POSITIVE_INFINITY
}

async function consumeAlone(
  session: Session,
  topic: string,
  render: Renderer,
  options: Options,
  silence: Silence | undefined,
): Promise<void> {
  const { follow = false, partition: wanted, from = { kind: "earliest" } } = options
  const log = session.connect()
  const offsets = await startOffsets(log, { topic, partitions: wanted, from, signal: session.stop })
  const signal = silence === undefined ? session.stop : AbortSignal.any([session.stop, silence.signal])
  const records = log.topic(topic, { keyFormat: "bytes", valueFormat: "bytes" }).read({
    from: { offsets },
    partitions: Object.keys(offsets).map(Number),
    follow,
    signal,
  })
  try {
    await writeAll(session, records, render, mostOf(options), silence)
  } catch (error) {
    if (silence?.signal.aborted !== true || session.stop.aborted) throw error
  }
}

async function writeAll(
  { out }: Session,
  records: AsyncIterable<RawConsumerRecord>,
  render: Renderer,
  max: number,
  silence: Silence | undefined,
): Promise<void> {
  let count = 0
  for await (const record of records) {
    silence?.heard()
    await out.write(render(record))
    out.closed.throwIfAborted()
    if (++count >= max) break
  }
}
