/** Appends for workloads, and what becomes of them. */
import { encodeBatch } from "stratalog/record-batch"
import { nativeCodecs } from "../../../functions/codecs/native-codecs.ts"
import type { AppendEntry, PartitionLog, PartitionRef, ProducerSequence } from "../../../functions/log/ports.ts"
import type { Meter } from "./meter.ts"
import { difference, type Usage } from "./usage.ts"

const { crc32c } = nativeCodecs()

export interface BatchShape {
  readonly records: number
  readonly recordBytes: number
  readonly placement?: "cost" | "latency"
}

/** A batch of records without keys. */
export function entryOf(shape: BatchShape, timestamp: number, producer?: ProducerSequence): AppendEntry {
  const records = Array.from({ length: shape.records }, () => {
    return { timestamp, key: null, value: new Uint8Array(shape.recordBytes) }
  })
  const batch = encodeBatch({ records, ...(producer !== undefined && { producer }) }, crc32c)
  return {
    batch,
    recordCount: shape.records,
    maxTimestamp: timestamp,
    ...(producer !== undefined && { producer }),
    ...(shape.placement !== undefined && { placement: shape.placement }),
  }
}

/** Bytes of a batch of this shape. */
export function batchBytes(shape: BatchShape): number {
  return entryOf(shape, Date.now()).batch.length
}

export interface AppendRun {
  readonly usage: Usage
  readonly appends: number
  /** Requests that each append made until it was in the log: how many made so many. */
  readonly requests: ReadonlyMap<number, number>
  /** Answers of 429 or 503, after which the client came again. */
  readonly refusals: number
}

interface RunOptions {
  readonly meter: Meter
  readonly partition: PartitionRef
  readonly shape: BatchShape
  /** Of all appenders together. */
  readonly appends: number
  /** Each appends one after another. */
  readonly appenders: readonly PartitionLog[]
  readonly idempotent?: boolean
}

/** Throws where the outcome of an append is unknown: nothing here fails on its way. */
export async function appendRun(options: RunOptions): Promise<AppendRun> {
  const { meter, appenders } = options
  const requests = new Map<number, number>()
  let refusals = 0
  const before = meter.usage()
  const each = Math.floor(options.appends / appenders.length)
  await Promise.all(
    appenders.map(async (log, appender) => {
      for (let count = 0; count < each; count++) {
        const producer = options.idempotent === true ? { id: 1000 + appender, epoch: 0, sequence: count } : undefined
        const entry = entryOf(options.shape, Date.now(), producer)
        const made = await meter.requestsOf(async () => {
          while (!(await isAppended(log, options.partition, entry))) refusals += 1
        })
        requests.set(made.requests, (requests.get(made.requests) ?? 0) + 1)
      }
    }),
  )
  return { usage: difference(meter.usage(), before), appends: each * appenders.length, requests, refusals }
}

async function isAppended(log: PartitionLog, partition: PartitionRef, entry: AppendEntry): Promise<boolean> {
  const [outcome] = await log.append(partition, [entry])
  if (outcome?.kind === "appended") return true
  if (outcome?.kind === "unavailable" && outcome.sideEffects === "none") return false
  throw new Error(`an append came to ${JSON.stringify(outcome)}`)
}

/** So that the first append finds the head known, as all later ones do. */
export async function warmUp(log: PartitionLog, partition: PartitionRef, shape: BatchShape): Promise<void> {
  await isAppended(log, partition, entryOf(shape, Date.now()))
}
