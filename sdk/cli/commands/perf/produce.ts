import { setImmediate } from "node:timers/promises"
import { type Command, Option } from "commander"
import type { TopicProducer } from "../../../client/producer/producer.ts"
import { usageFailure } from "../../failure.ts"
import { integer, partition } from "../../parse/integer.ts"
import { duration, size } from "../../parse/size.ts"
import { throughput } from "../../parse/throughput.ts"
import { IntervalReport } from "../../perf/interval-report.ts"
import { filePayloads, type Payloads, randomPayloads } from "../../perf/payloads.ts"
import { latencyText, percentileText, ratesOf, roundedLatency, volumeText } from "../../perf/rates.ts"
import { stopwatch } from "../../perf/stopwatch.ts"
import { Throttle } from "../../perf/throttle.ts"
import { Deliveries } from "../../produce/deliveries.ts"
import { Progress } from "../../progress.ts"
import type { Session, Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

interface Options {
  readonly numRecords: number
  readonly recordSize?: number
  readonly payloadFile?: string
  readonly throughput?: number
  readonly partition?: number
  readonly compression: "none" | "gzip" | "zstd"
  readonly batchSize?: number
  readonly linger?: number
  readonly reportingInterval: number
}

type BytesProducer = TopicProducer<Uint8Array | null, Uint8Array | null>

const DEFAULT_RECORD_SIZE = 1024
/** Acknowledgements and timers get their turn so often, milliseconds. */
const TURN_MS = 1

export function addProduce(parent: Command, shell: Shell): void {
  const command = parent
    .command("produce")
    .description("Append many records and tell how fast it was, as kafka-producer-perf-test does.")
    .argument("<topic>", "name of the topic")
    .requiredOption("--num-records <n>", "how many", integer(1))
    .option("--record-size <bytes>", "of each value, random capital letters (default: 1KiB)", size(1))
    .option("--payload-file <path>", "the values are the lines of this file, over and over")
    .option("--throughput <n>", "records a second; -1: as fast as it goes (default)", throughput)
    .option("--partition <n>", "append to this partition only (default: all)", partition)
    .addOption(
      new Option("--compression <codec>", "how batches are compressed")
        .choices(["none", "gzip", "zstd"])
        .default("none"),
    )
    .option("--batch-size <bytes>", "a batch of so many bytes is sent at once (default: 128KiB)", size(1))
    .option("--linger <time>", "how long a batch waits for more records (default: 5ms)", duration)
    .addOption(
      new Option("--reporting-interval <time>", "from one report to the next").argParser(duration).default(5_000, "5s"),
    )
    .action((topic: string, options: Options, self: Command) => produce(shell.session(self), topic, options))
  withExamples(command, {
    "strata perf produce orders --num-records 100000": "As fast as it goes",
    "strata perf produce orders --num-records 6000 --throughput 100 --record-size 200":
      "A hundred a second, for a minute",
    "strata perf produce logs --num-records 50000 --payload-file app.log --compression zstd --json": "Real lines",
  })
}

async function produce(session: Session, topic: string, options: Options): Promise<void> {
  const { numRecords, compression, batchSize, linger, reportingInterval: intervalMs } = options
  const payloads = await payloadsOf(options)
  const log = session.connect()
  // Asked before anything is measured: that the topic is there, and the first connection.
  await log.topics.get(topic, { signal: session.stop })
  const producer: BytesProducer = log
    .topic(topic, { keyFormat: "bytes", valueFormat: "bytes" })
    .producer({ compressionType: compression, batchSize, lingerMs: linger })
  using progress = new Progress(session, { total: numRecords, unit: "records" })
  const report = new IntervalReport(session, stopwatch, progress, { verb: "sent", intervalMs })
  const deliveries = new Deliveries(() => undefined)
  try {
    await sendAll(session, producer, payloads, options, report, deliveries)
  } finally {
    await producer.close()
    await deliveries.settled()
  }
  progress.clear()
  if (report.volume.records > 0) await printSummary(session, topic, report)
  if (deliveries.failure !== undefined) throw deliveries.failure.error
}

async function payloadsOf({ recordSize, payloadFile }: Options): Promise<Payloads> {
  if (payloadFile === undefined) return randomPayloads(recordSize ?? DEFAULT_RECORD_SIZE, Math.random)
  if (recordSize !== undefined) throw usageFailure("Give --record-size or --payload-file, not both.")
  return filePayloads(payloadFile)
}

async function sendAll(
  { stop }: Session,
  producer: BytesProducer,
  payloads: Payloads,
  { numRecords, partition: to, throughput: perSecond = Number.POSITIVE_INFINITY }: Options,
  report: IntervalReport,
  deliveries: Deliveries,
): Promise<void> {
  const throttle = new Throttle(perSecond, stopwatch)
  let turnAt = stopwatch.now()
  for (let sent = 0; sent < numRecords && !stop.aborted && deliveries.failure === undefined; sent++) {
    const value = payloads()
    const sentAt = stopwatch.now()
    const delivery = producer.send({ key: null, value, partition: to })
    const counted = delivery.then((metadata) => {
      report.count(value.length, stopwatch.now() - sentAt)
      return metadata
    })
    await deliveries.add(counted, value.length)
    await throttle.sent(stop)?.catch(() => undefined)
    if (sentAt - turnAt < TURN_MS) continue
    await setImmediate()
    turnAt = stopwatch.now()
  }
}

async function printSummary(session: Session, topic: string, report: IntervalReport): Promise<void> {
  const { volume, total } = report
  const latency = total.summary()
  if (latency === undefined) return
  const result = { topic, ...volume, ...ratesOf(volume), latency: roundedLatency(latency) }
  await session.print(result, () => [
    `${volumeText(volume, "sent")}, ${latencyText(latency)}, ${percentileText(latency)}.`,
  ])
}
