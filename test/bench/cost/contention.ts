/**
 * Appenders that know nothing of each other on one partition, as from as many Lambda environments, under a budget of write
 * units: in virtual time, so that it is the same on every machine.
 */
import { encodeBatch, portableCrc32c } from "stratalog/record-batch"
import type { PartitionLog } from "../../../functions/log/ports.ts"
import { createIndexedLog } from "../../../functions/partitions/indexed-log.ts"
import { partitionsDeps } from "../../fakes/partitions-deps.ts"
import { Random } from "../../simulation/random.ts"
import { HotKeyBudget } from "./hot-key-budget.ts"
import { type Bill, timedIndex } from "./timed-index.ts"
import { VirtualTime } from "./virtual-time.ts"

export interface ContentionOptions {
  readonly appenders: number
  /** Write units a second of a partition key. */
  readonly budget: number
  readonly seconds: number
  readonly recordBytes: number
  readonly seed: number
}

export interface Contention {
  readonly appends: number
  /** Answered with 429 or 503, and tried again by the client. */
  readonly refusals: number
  readonly bill: Bill
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

const TOPIC = "0190c5a2-7d3e-7a3b-8f00-0123456789ab"
const NOW = 1_763_600_000_123
const partition = { topicId: TOPIC, partition: 0 }
/** What the answer asks a client to wait. */
const RETRY_AFTER_MS = 1_000

export async function contend(options: ContentionOptions): Promise<Contention> {
  const time = new VirtualTime()
  const seeded = new Random(options.seed)
  const random = () => seeded.next()
  const budget = new HotKeyBudget(options.budget, () => time.now())
  const { index, bill } = timedIndex({ time, budget, random })
  await index.createHeads(TOPIC, 1)
  const took: number[] = []
  let refusals = 0
  let ids = 0
  const openLog = (): PartitionLog => {
    const { deps } = partitionsDeps(
      {
        index,
        random,
        clock: { now: () => NOW + time.now() },
        timer: { sleep: (milliseconds) => time.sleep(milliseconds) },
        ids: { entry: () => (++ids).toString(16).padStart(16, "0"), placement: () => TOPIC },
      },
      { rollInBackground: false },
    )
    return createIndexedLog(deps)
  }
  const endMs = options.seconds * 1000
  const appendAll = async () => {
    const log = openLog()
    while (time.now() < endMs) {
      const begun = time.now()
      const [outcome] = await log.append(partition, [entryOf(options.recordBytes)])
      if (outcome?.kind === "appended") {
        if (time.now() <= endMs) took.push(time.now() - begun)
      } else {
        refusals += 1
        await time.sleep(RETRY_AFTER_MS * (0.5 + random()))
      }
    }
  }
  for (let appender = 0; appender < options.appenders; appender++) void appendAll()
  await time.passTo(endMs)
  took.sort((one, other) => one - other)
  const at = (share: number) => took[Math.floor(took.length * share)] ?? 0
  return { appends: took.length, refusals, bill, p50: at(0.5), p99: at(0.99) }
}

export function entryOf(recordBytes: number) {
  const batch = encodeBatch(
    { records: [{ timestamp: NOW, key: null, value: new Uint8Array(recordBytes) }] },
    portableCrc32c,
  )
  return { batch, recordCount: 1, maxTimestamp: NOW }
}
