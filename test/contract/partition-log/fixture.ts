/** Batches and shorthand that the cases of the `PartitionLog` contract share. */
import { randomUUID } from "node:crypto"
import { encodeBatch, portableCrc32c, readBatchHeader } from "stratalog/record-batch"
import type {
  AppendEntry,
  AppendOutcome,
  PartitionLog,
  PartitionRef,
  ReadOutcome,
} from "../../../functions/log/ports.ts"
import type { Subject } from "../subject.ts"

export type PartitionLogSubject = Subject<PartitionLog>

export type MakePartitionLog = () => Promise<PartitionLogSubject>

export type EntryConditions = Omit<AppendEntry, "batch" | "recordCount" | "maxTimestamp">

/** A batch of `values`, one record each, all with `timestamp`. */
export function entry(values: readonly string[], conditions: EntryConditions = {}, timestamp = 1_000): AppendEntry {
  const records = values.map((value) => ({ timestamp, key: null, value: Buffer.from(value) }))
  const { producer } = conditions
  const batch = encodeBatch({ records, ...(producer && { producer }) }, portableCrc32c)
  return { batch, recordCount: values.length, maxTimestamp: timestamp, ...conditions }
}

/** So many records whose values are `name`-0, `name`-1, ... */
export function values(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name}-${index}`)
}

export async function newTopic(log: PartitionLog, partitions = 1): Promise<string> {
  const topicId = randomUUID()
  const outcome = await log.createPartitions(topicId, partitions)
  if (outcome.kind !== "done") throw new Error(outcome.detail)
  return topicId
}

export async function newPartition(log: PartitionLog): Promise<PartitionRef> {
  return { topicId: await newTopic(log), partition: 0 }
}

export async function appendOne(log: PartitionLog, partition: PartitionRef, one: AppendEntry): Promise<AppendOutcome> {
  const [outcome] = await log.append(partition, [one])
  if (outcome === undefined) throw new Error("no outcome")
  return outcome
}

/** Appends and expects success: the base offset. */
export async function appended(log: PartitionLog, partition: PartitionRef, one: AppendEntry): Promise<number> {
  const outcome = await appendOne(log, partition, one)
  if (outcome.kind !== "appended") throw new Error(`not appended: ${JSON.stringify(outcome)}`)
  return outcome.baseOffset
}

export type Batches = Extract<ReadOutcome, { kind: "batches" }>

export async function readFrom(
  log: PartitionLog,
  partition: PartitionRef,
  offset: number,
  maxBytes = 1_000_000,
): Promise<Batches> {
  const outcome = await log.read(partition, { offset, maxBytes })
  if (outcome.kind !== "batches") throw new Error(`not read: ${JSON.stringify(outcome)}`)
  return outcome
}

/** Every batch from `offset` to the end, read in steps of `maxBytes`; fails on a hole, an overlap or an empty step. */
export async function drain(log: PartitionLog, partition: PartitionRef, offset = 0, maxBytes = 1_000_000) {
  const batches: { readonly baseOffset: number; readonly text: string }[] = []
  for (let next = offset; ; ) {
    const step = await readFrom(log, partition, next, maxBytes)
    if (step.batches.length === 0) {
      if (next !== step.watermarks.highWatermark) throw new Error(`nothing at ${next}, below the high watermark`)
      return batches
    }
    for (const { baseOffset, recordCount, bytes } of step.batches) {
      const isFirst = next === offset && baseOffset <= next
      if (baseOffset !== next && !isFirst) throw new Error(`batch ${baseOffset} where ${next} was due`)
      if (readBatchHeader(bytes).baseOffset !== baseOffset) throw new Error(`batch ${baseOffset} says another offset`)
      batches.push({
        baseOffset,
        text: Buffer.from(bytes)
          .toString("latin1")
          .replace(/^[\s\S]{61}/, ""),
      })
      next = baseOffset + recordCount
    }
  }
}
