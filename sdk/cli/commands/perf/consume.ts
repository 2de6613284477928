import { type Command, Option } from "commander"
import { asMember, type MemberOptions } from "../../consume/member.ts"
import type { RawConsumerRecord } from "../../consume/renderer.ts"
import { usageFailure } from "../../failure.ts"
import { integer, partitions } from "../../parse/integer.ts"
import { duration, size } from "../../parse/size.ts"
import { IntervalReport } from "../../perf/interval-report.ts"
import { latencyText, percentileText, ratesOf, roundedLatency, volumeText } from "../../perf/rates.ts"
import { stopwatch } from "../../perf/stopwatch.ts"
import { Progress } from "../../progress.ts"
import type { Session, Shell } from "../../session.ts"
import { Silence } from "../../silence.ts"
import { withExamples } from "../examples.ts"

interface Options {
  readonly numRecords: number
  readonly fromLatest?: boolean
  readonly partition?: readonly number[]
  readonly fetchSize?: number
  readonly group?: string
  readonly timeout: number
  readonly reportingInterval: number
}

export function addConsume(parent: Command, shell: Shell): void {
  const command = parent
    .command("consume")
    .description("Read many records and tell how fast it was, as kafka-consumer-perf-test does.")
    .argument("<topic>", "name of the topic")
    .requiredOption("--num-records <n>", "how many", integer(1))
    .option("--from-latest", "only records that come from now on; tells their way from producer to here, too")
    .option("--partition <n>", "a partition; may be repeated (default: all)", partitions)
    .option("--fetch-size <bytes>", "the most of one fetch (default: 1MiB)", size(1))
    .option("--group <name>", "as a member of this group, which commits what it read")
    .addOption(
      new Option("--timeout <time>", "end when no record came for so long").argParser(duration).default(10_000, "10s"),
    )
    .addOption(
      new Option("--reporting-interval <time>", "from one report to the next").argParser(duration).default(5_000, "5s"),
    )
    .action((topic: string, options: Options, self: Command) => consume(shell.session(self), topic, options))
  withExamples(command, {
    "strata perf consume orders --num-records 100000": "From the beginning, as fast as it goes",
    "strata perf consume orders --num-records 1000 --from-latest": "Latency from the producer's clock to this one",
  })
}

async function consume(session: Session, topic: string, options: Options): Promise<void> {
  const { numRecords, fromLatest = false, partition: wanted, group, reportingInterval: intervalMs } = options
  if (group !== undefined && (wanted ?? options.fetchSize) !== undefined) {
    throw usageFailure("A group shares the partitions out itself: leave out --partition and --fetch-size, or --group.")
  }
  using silence = new Silence(options.timeout)
  using progress = new Progress(session, { total: numRecords, unit: "records" })
  const report = new IntervalReport(session, stopwatch, progress, { verb: "read", intervalMs })
  /** Whether there are enough. */
  const count = ({ key, value, timestamp }: RawConsumerRecord) => {
    silence.heard()
    const bytes = (key?.length ?? 0) + (value?.length ?? 0)
    report.count(bytes, fromLatest ? session.io.now() - timestamp : undefined)
    return report.volume.records === numRecords
  }
  const signal = AbortSignal.any([session.stop, silence.signal])
  try {
    if (group === undefined) await readAlone(session, topic, options, signal, count)
    else
      await readAsMember(
        session,
        { topic, group, from: fromLatest ? "latest" : "earliest", follow: true, signal },
        count,
      )
  } catch (error) {
    if (!session.stop.aborted && !silence.signal.aborted) throw error
  }
  progress.clear()
  await printSummary(session, topic, report)
  if (silence.signal.aborted) {
    session.notice(
      `No record came for ${options.timeout} ms: ${numRecords - report.volume.records} fewer than asked for.`,
    )
  }
}

type Count = (record: RawConsumerRecord) => boolean

async function readAlone(
  session: Session,
  topic: string,
  { fromLatest = false, partition: wanted, fetchSize }: Options,
  signal: AbortSignal,
  count: Count,
): Promise<void> {
  const records = session
    .connect()
    .topic(topic, { keyFormat: "bytes", valueFormat: "bytes" })
    .read({
      from: fromLatest ? "latest" : "earliest",
      partitions: wanted,
      batchBytes: fetchSize,
      follow: true,
      signal,
    })
  for await (const record of records) if (count(record)) break
}

/** Commits each batch, also what of the last one is not counted any more: it was fetched like the rest. */
async function readAsMember(session: Session, options: MemberOptions, count: Count): Promise<void> {
  await asMember(session, options, (consumer) => ({
    revoked: () => undefined,
    read: async () => {
      for await (const batch of consumer.batches()) {
        const isEnough = batch.records.some(count)
        await batch.commit()
        if (isEnough) break
      }
    },
  }))
}

async function printSummary(session: Session, topic: string, report: IntervalReport): Promise<void> {
  const { volume, total } = report
  const latency = total.summary()
  const result = { topic, ...volume, ...ratesOf(volume), ...(latency && { latency: roundedLatency(latency) }) }
  const text = volumeText(volume, "read")
  await session.print(result, () => [
    latency === undefined ? `${text}.` : `${text}, ${latencyText(latency)}, ${percentileText(latency)}.`,
  ])
}
