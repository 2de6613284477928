import { setImmediate } from "node:timers/promises"
import type { Command } from "commander"
import { StratalogError } from "../../../client/errors.ts"
import type { RecordMetadata, TopicProducer } from "../../../client/producer/producer.ts"
import { exitCodes } from "../../exit-codes.ts"
import { Failure } from "../../failure.ts"
import { integer } from "../../parse/integer.ts"
import { throughput } from "../../parse/throughput.ts"
import { stopwatch } from "../../perf/stopwatch.ts"
import { Throttle } from "../../perf/throttle.ts"
import { Deliveries } from "../../produce/deliveries.ts"
import type { Session, Shell } from "../../session.ts"
import { type EventLines, eventLines } from "../../verify/event-lines.ts"
import { withExamples } from "../examples.ts"

interface Options {
  readonly maxMessages?: number
  readonly throughput?: number
  readonly valuePrefix?: string
  readonly repeatingKeys?: number
}

type TextProducer = TopicProducer<string | null, string | null>

interface Counts {
  sent: number
  acked: number
}

/** Records after which acknowledgements get their turn. */
const TURN = 100

export function addProduce(parent: Command, shell: Shell): void {
  const command = parent
    .command("produce")
    .description(
      "Append 0, 1, 2, ... and write a line of JSON for each record that is acknowledged, as kafka-verifiable-producer does.",
    )
    .argument("<topic>", "name of the topic")
    .option("--max-messages <n>", "how many (default: until Ctrl-C)", integer(1))
    .option("--throughput <n>", "records a second; -1: as fast as it goes (default)", throughput)
    .option(
      "--value-prefix <text>",
      "values are <text>.0, <text>.1, ...: with a text of its own for each run, `verify consume` can tell duplicates",
    )
    .option("--repeating-keys <n>", "keys are 0 to n-1, over and over (default: no keys)", integer(1))
    .action((topic: string, options: Options, self: Command) => produce(shell.session(self), topic, options))
  withExamples(command, {
    "strata verify produce orders --max-messages 1000 > acked.jsonl": "For `strata verify consume --acked`",
    "strata verify produce orders --throughput 50 --value-prefix run7": "Until Ctrl-C; values that tell runs apart",
  })
}

async function produce(session: Session, topic: string, options: Options): Promise<void> {
  const log = session.connect()
  const said = eventLines(session)
  await log.topics.get(topic, { signal: session.stop })
  await said("startup_complete")
  const producer = log.topic(topic, { keyFormat: "utf8", valueFormat: "utf8" }).producer()
  const start = stopwatch.now()
  const counts = await sendAll(session, producer, topic, options, said)
  const seconds = Math.max(0.001, (stopwatch.now() - start) / 1000)
  await said("shutdown_complete")
  const rates = { target_throughput: targetOf(options), avg_throughput: Math.round(counts.acked / seconds) }
  await said("tool_data", { ...counts, ...rates })
  if (counts.acked === counts.sent) return
  const detail = `${counts.sent - counts.acked} of ${counts.sent} records were not acknowledged; they are told above.`
  throw new Failure(exitCodes.refused, { code: "not_acknowledged", detail })
}

/** As Kafka's tool tells it. */
function targetOf({ throughput: perSecond = Number.POSITIVE_INFINITY }: Options): number {
  return Number.isFinite(perSecond) ? perSecond : -1
}

/** Sends until there are enough or the user ends it, and waits for the answer about each. */
async function sendAll(
  { stop }: Session,
  producer: TextProducer,
  topic: string,
  {
    maxMessages = Number.POSITIVE_INFINITY,
    throughput: perSecond = Number.POSITIVE_INFINITY,
    valuePrefix,
    repeatingKeys,
  }: Options,
  said: EventLines,
): Promise<Counts> {
  const throttle = new Throttle(perSecond, stopwatch)
  const counts = { sent: 0, acked: 0 }
  const deliveries = new Deliveries(() => undefined)
  while (counts.sent < maxMessages && !stop.aborted) {
    const number = counts.sent++
    const key = repeatingKeys === undefined ? null : String(number % repeatingKeys)
    const value = valuePrefix === undefined ? String(number) : `${valuePrefix}.${number}`
    await deliveries.add(delivered(producer, { topic, key, value }, counts, said), value.length)
    await throttle.sent(stop)?.catch(() => undefined)
    if (counts.sent % TURN === 0) await setImmediate()
  }
  await producer.close()
  await deliveries.settled()
  return counts
}

async function delivered(
  producer: TextProducer,
  record: { readonly topic: string; readonly key: string | null; readonly value: string },
  counts: Counts,
  said: EventLines,
): Promise<RecordMetadata> {
  const { topic, key, value } = record
  try {
    const metadata = await producer.send({ key, value })
    counts.acked++
    await said("producer_send_success", {
      key,
      value,
      topic,
      partition: metadata.partition,
      offset: metadata.offset ?? null,
    })
    return metadata
  } catch (error) {
    if (!(error instanceof StratalogError)) throw error
    const { code, sideEffects, detail } = error
    await said("producer_send_error", { key, value, topic, exception: code, message: detail, sideEffects })
    throw error
  }
}
