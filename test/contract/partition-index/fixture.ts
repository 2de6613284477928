import { randomBytes, randomUUID } from "node:crypto"
import { encodeBatch, portableCrc32c } from "stratalog/record-batch"
import type { PartitionRef } from "../../../functions/log/ports.ts"
import type {
  Commit,
  CommitHeadOutcome,
  Entry,
  Head,
  Page,
  PartitionIndex,
  ProducerPosition,
} from "../../../functions/partitions/ports.ts"

export interface PartitionIndexSubject {
  readonly index: PartitionIndex
  dispose(): Promise<void>
}

export type Index = () => PartitionIndex

const NOW = 1_763_600_000_000

/** A topic of its own for each case, so that one storage serves them all. */
export async function newPartition(index: PartitionIndex): Promise<PartitionRef> {
  const topicId = randomUUID()
  await index.createHeads(topicId, 1)
  return { topicId, partition: 0 }
}

/** One record of some bytes, inline. */
export function newEntry(recordCount = 1): Entry {
  const value = randomBytes(20)
  const records = Array.from({ length: recordCount }, () => ({ timestamp: NOW, key: null, value }))
  const batches = encodeBatch({ records }, portableCrc32c)
  return { ...entryOf(recordCount, batches.length), placement: { kind: "inline", batches } }
}

export function placedEntry(kind: "item" | "object", recordCount = 1): Entry {
  const key = kind === "item" ? randomUUID() : `batches/${randomUUID()}/0/${randomUUID()}`
  return { ...entryOf(recordCount, 100_000), placement: { kind, key } }
}

/** Appends blindly unless told otherwise. */
export function commitOf(parts: Partial<Commit>): Commit {
  return {
    generation: { atMost: 1_000 },
    tail: { kind: "append", limit: 100_000 },
    producers: [],
    evict: [],
    ...parts,
  }
}

export function append(
  index: PartitionIndex,
  partition: PartitionRef,
  entry = newEntry(),
  parts: Partial<Commit> = {},
) {
  return index.commit(partition, commitOf({ entry, ...parts }))
}

export async function headOf(index: PartitionIndex, partition: PartitionRef): Promise<Head> {
  const outcome = await index.head(partition)
  if (outcome.kind !== "head") throw new Error(`no head: ${outcome.kind}`)
  return outcome.head
}

export function committed(outcome: CommitHeadOutcome): Head {
  if (outcome.kind !== "committed") throw new Error(`not committed: ${JSON.stringify(outcome)}`)
  return outcome.head
}

export function position(epoch: number, lastSequence: number, laps = 0): ProducerPosition {
  return { epoch, laps, lastSequence }
}

export function pageOf(baseOffset: number, entries: readonly Entry[], storedAt = NOW): Page {
  const records = entries.reduce((sum, { recordCount }) => sum + recordCount, 0)
  return { baseOffset, endOffset: baseOffset + records, entries, storedAt }
}

function entryOf(recordCount: number, bytes: number): Omit<Entry, "placement"> {
  return { id: randomBytes(8).toString("hex"), recordCount, bytes, maxTimestamp: NOW, sequences: [] }
}
