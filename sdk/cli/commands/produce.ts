import { stat } from "node:fs/promises"
import { type Command, Option } from "commander"
import { NotAuthorizedError } from "../../client/errors.ts"
import type { RecordMetadata, TopicProducer } from "../../client/producer/producer.ts"
import { allowProducerAdvice } from "../acl/allow-lines.ts"
import { inputFailure, usageFailure } from "../failure.ts"
import type { TextFormat } from "../format/bytes.ts"
import { formatOption } from "../parse/choices.ts"
import { partition } from "../parse/integer.ts"
import { headerPairs } from "../parse/pairs.ts"
import { duration, size } from "../parse/size.ts"
import { Deliveries } from "../produce/deliveries.ts"
import { type InputLine, openInput } from "../produce/input.ts"
import { type KeyAndValue, parseData, parseLine } from "../produce/parse-line.ts"
import { Progress } from "../progress.ts"
import { advised } from "../report.ts"
import type { Session, Shell } from "../session.ts"
import { withExamples } from "./examples.ts"

interface Options {
  readonly file?: string
  readonly partition?: number
  readonly key?: string
  readonly keySeparator?: string
  readonly header?: readonly (readonly [string, string])[]
  readonly format: TextFormat
  readonly keyFormat: TextFormat
  readonly compression: "none" | "gzip" | "zstd"
  readonly batchSize?: number
  readonly linger?: number
  readonly skipBad?: boolean
}

type BytesProducer = TopicProducer<Uint8Array | null, Uint8Array | null>

export function addProduce(program: Command, shell: Shell): void {
  const command = program
    .command("produce")
    .description(
      "Append records: the values given, or each line of a file or of stdin. Prints where they are: partition:offset.",
    )
    .argument("<topic>", "name of the topic")
    .argument("[values...]", "values to append; none: the lines of --file or stdin")
    .option("--file <path>", "read lines from a file instead of stdin")
    .option("--partition <n>", "append to this partition, whatever the key", partition)
    .option("--key <key>", "the key of every record")
    .option("--key-separator <text>", "what stands between key and value in a line")
    .option("--header <name=value>", "a header of every record; may be repeated", headerPairs)
    .addOption(formatOption("--format <format>", "how values are written; a JSON null is a tombstone", "json"))
    .addOption(formatOption("--key-format <format>", "how keys are written", "utf8"))
    .addOption(
      new Option("--compression <codec>", "how batches are compressed")
        .choices(["none", "gzip", "zstd"])
        .default("none"),
    )
    .option("--batch-size <bytes>", "a batch of so many bytes is sent at once (default: 128KiB)", size(1))
    .option("--linger <time>", "how long a batch waits for more records (default: 5ms)", duration)
    .option("--skip-bad", "report a line that is not right and go on")
    .action((topic: string, values: readonly string[], options: Options, self: Command) =>
      produce(shell.session(self), topic, values, options),
    )
  withExamples(command, {
    "strata produce orders '{\"qty\":2}' --key u1": "One record",
    "strata produce orders --key-separator : < orders.txt": 'Lines such as u1:{"qty":2}',
    "tail -f app.log | strata produce logs --format utf8 --compression zstd --linger 100ms": "Follow a file",
    "strata produce users null --key u1": "A tombstone",
  })
}

async function produce(session: Session, topic: string, values: readonly string[], options: Options): Promise<void> {
  refuseContradictions(values, options)
  const key = fixedKey(options)
  const producer: BytesProducer = session
    .connect()
    .topic(topic, { keyFormat: "bytes", valueFormat: "bytes" })
    .producer({
      compressionType: options.compression,
      batchSize: options.batchSize,
      lingerMs: options.linger,
    })
  const deliveries = new Deliveries((metadata) => (session.json ? session.out.json(metadata) : undefined))
  using progress = options.file === undefined ? undefined : new Progress(session, await sizeOf(options.file))
  const badLines = new BadLines(session, options.skipBad === true, () => progress?.clear())
  let bytes = 0
  try {
    for await (const line of openInput(session, values, options.file)) {
      bytes += line.bytes.length + 1
      progress?.update(bytes)
      const parsed = parseLine(line.bytes, lineFormat(options))
      if (parsed.kind === "bad") {
        if (badLines.stopAt(line, parsed.reason)) break
        continue
      }
      await deliveries.add(...send(producer, parsed.record, key, options))
      if (deliveries.failure !== undefined) break
    }
  } finally {
    await producer.close()
    await deliveries.settled()
    progress?.clear()
    await summarise(session, deliveries)
  }
  if (deliveries.failure !== undefined) throw asRefusedProducer(deliveries.failure.error, topic)
  badLines.throwIfStopped(deliveries.records)
}

/** Who may not describe a topic is refused before writing is asked for: said one by one, that would be two lines. */
function asRefusedProducer(error: unknown, topic: string): unknown {
  return error instanceof NotAuthorizedError ? advised(error, allowProducerAdvice(error.principal, topic)) : error
}

/** What cannot be looked at is refused when it is read. */
async function sizeOf(path: string): Promise<{ readonly total: number | undefined; readonly unit: "bytes" }> {
  const facts = await stat(path).catch(() => undefined)
  return { total: facts?.isFile() === true ? facts.size : undefined, unit: "bytes" }
}

function send(
  producer: BytesProducer,
  { key, value }: KeyAndValue,
  fixed: Uint8Array | null,
  { partition: to, header: headers }: Options,
): [delivery: Promise<RecordMetadata>, sizeInBytes: number] {
  const delivery = producer.send({ key: key ?? fixed, value, headers, partition: to })
  return [delivery, (key?.length ?? 0) + (value?.length ?? 0)]
}

function refuseContradictions(values: readonly string[], options: Options): void {
  if (values.length > 0 && options.file !== undefined) throw usageFailure("Give values or --file, not both.")
  if (options.key !== undefined && options.keySeparator !== undefined) {
    throw usageFailure("Give --key for every record or --key-separator for the keys in the lines, not both.")
  }
  if (options.keySeparator === "") throw usageFailure("--key-separator needs at least one character.")
}

function fixedKey({ key, keyFormat }: Options): Uint8Array | null {
  if (key === undefined) return null
  const parsed = parseData(Buffer.from(key), keyFormat)
  if (parsed.kind === "bad") throw usageFailure(`--key ${parsed.reason}.`)
  return parsed.bytes
}

function lineFormat({ format, keyFormat, keySeparator }: Options) {
  return { value: format, key: keyFormat, keySeparator }
}

async function summarise(session: Session, deliveries: Deliveries): Promise<void> {
  if (session.json) return
  for (const { partition: number, firstOffset, lastOffset, records } of deliveries.partitions) {
    const offsets = firstOffset === lastOffset ? `${firstOffset ?? "?"}` : `${firstOffset ?? "?"}-${lastOffset ?? "?"}`
    await session.out.line(`${number}:${offsets}${records === 1 ? "" : `  ${session.show.count(records)} records`}`)
  }
}

/** Reports lines that are not right; the first one stops the input unless all are to be skipped. */
class BadLines {
  readonly #session: Session
  readonly #skip: boolean
  readonly #makeRoom: () => void
  #stoppedBy: string | undefined

  /** `makeRoom` is called before a line is written to the terminal. */
  constructor(session: Session, skip: boolean, makeRoom: () => void) {
    this.#session = session
    this.#skip = skip
    this.#makeRoom = makeRoom
  }

  /** Whether the input ends here. */
  stopAt(line: InputLine, reason: string): boolean {
    const sentence = `${line.source} ${line.number}: ${reason}`
    if (this.#skip) {
      this.#makeRoom()
      const report = { code: "bad_input", [line.source]: line.number, detail: sentence, skipped: true }
      if (this.#session.json) void this.#session.notices.json(report)
      else this.#session.notice(`strata: skipped ${sentence}`)
      return false
    }
    this.#stoppedBy = sentence
    return true
  }

  throwIfStopped(appended: number): void {
    if (this.#stoppedBy === undefined) return
    const before = appended === 1 ? "1 record before it was" : `${appended} records before it were`
    throw inputFailure(`${this.#stoppedBy}. The ${before} appended; --skip-bad leaves such lines out.`)
  }
}
