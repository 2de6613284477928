/** A `PartitionLog` in memory that keeps every promise of the port but durability. */
import { patchBaseOffset } from "stratalog/record-batch"
import { decideAppend, type ProducerState } from "../../functions/log/append/decide.ts"
import type {
  AppendEntry,
  AppendOutcome,
  PartitionLog,
  PartitionRef,
  PartitionState,
  ReadOutcome,
  ReadRequest,
  StoredBatch,
  TimestampOutcome,
  UnknownPartition,
  Watch,
  Watermarks,
} from "../../functions/log/ports.ts"

const UNKNOWN: UnknownPartition = { kind: "unknown_partition" }

export function createMemoryPartitionLog(): PartitionLog {
  const topics = new Map<string, Partition[]>()
  const find = (ref: PartitionRef) => topics.get(ref.topicId)?.[ref.partition]

  return {
    async createPartitions(topicId, count) {
      const partitions = topics.get(topicId) ?? []
      while (partitions.length < count) partitions.push(new Partition())
      topics.set(topicId, partitions)
      return { kind: "done" }
    },
    async deletePartitions(topicId) {
      const partitions = topics.get(topicId) ?? []
      topics.delete(topicId)
      for (const partition of partitions) partition.wake()
      return { kind: "done" }
    },
    async append(ref, entries) {
      const partition = find(ref)
      const outcomes = entries.map((entry) => partition?.append(entry) ?? UNKNOWN)
      if (outcomes.some(({ kind }) => kind === "appended")) partition?.wake()
      return outcomes
    },
    read: (ref, request) => find(ref)?.read(request) ?? UNKNOWN,
    findByTimestamp: (ref, timestamp) => find(ref)?.findByTimestamp(timestamp) ?? UNKNOWN,
    describe: (ref) => {
      const partition = find(ref)
      return partition === undefined ? UNKNOWN : { kind: "partition", state: partition.state() }
    },
    async moveLogStart(ref, before) {
      const partition = find(ref)
      if (partition === undefined) return UNKNOWN
      const watermarks = partition.watermarks()
      if (before > watermarks.highWatermark) return { kind: "beyond_end", watermarks }
      if (before > watermarks.logStartOffset) partition.moveLogStart(before)
      return { kind: "moved", logStartOffset: partition.watermarks().logStartOffset }
    },
    async setFence(ref, expected, next) {
      const partition = find(ref)
      if (partition === undefined) return UNKNOWN
      const { fencingToken } = partition
      if (fencingToken !== expected) return { kind: "fence_failed", fencingToken }
      partition.fencingToken = next
      return { kind: "set" }
    },
    waitForChange: (watches, signal) => waitForChange(find, watches, signal),
  }
}

class Partition {
  fencingToken: string | undefined
  readonly waiting = new Set<() => void>()
  #logStartOffset = 0
  #nextOffset = 0
  #batches: StoredBatch[] = []
  readonly #producers = new Map<number, ProducerState>()

  watermarks(): Watermarks {
    return { logStartOffset: this.#logStartOffset, highWatermark: this.#nextOffset }
  }

  state(): PartitionState {
    const sizeInBytes = this.#batches.reduce((sum, { bytes }) => sum + bytes.length, 0)
    return { ...this.watermarks(), fencingToken: this.fencingToken, sizeInBytes }
  }

  append(entry: AppendEntry): AppendOutcome {
    const known = entry.producer === undefined ? undefined : this.#producers.get(entry.producer.id)
    const { fencingToken } = this
    const decision = decideAppend({ nextOffset: this.#nextOffset, fencingToken, producer: known }, entry)
    if (decision.kind === "refuse") return decision.outcome
    if (entry.producer !== undefined && decision.producer !== undefined) {
      this.#producers.set(entry.producer.id, decision.producer)
    }
    const { batch, recordCount, maxTimestamp } = entry
    const baseOffset = this.#nextOffset
    patchBaseOffset(batch, baseOffset)
    this.#batches.push({ baseOffset, recordCount, maxTimestamp, bytes: batch })
    this.#nextOffset += recordCount
    return { kind: "appended", baseOffset }
  }

  read({ offset, maxBytes, maxRecords = Number.POSITIVE_INFINITY }: ReadRequest): ReadOutcome {
    const watermarks = this.watermarks()
    if (offset < watermarks.logStartOffset) return { kind: "below_start", watermarks }
    if (offset > watermarks.highWatermark) return { kind: "beyond_end", watermarks }
    const batches: StoredBatch[] = []
    let bytes = 0
    for (const batch of this.#batches) {
      if (endOf(batch) <= offset) continue
      bytes += batch.bytes.length
      const enough = batch.baseOffset - offset >= maxRecords
      if (batches.length > 0 && (bytes > maxBytes || enough)) break
      batches.push(batch)
    }
    return { kind: "batches", batches, watermarks }
  }

  findByTimestamp(timestamp: number): TimestampOutcome {
    const watermarks = this.watermarks()
    const batch = this.#batches.find(({ maxTimestamp }) => maxTimestamp >= timestamp)
    return batch === undefined ? { kind: "none", watermarks } : { kind: "batch", batch, watermarks }
  }

  /** A batch that the log start falls into stays whole. */
  moveLogStart(before: number): void {
    this.#logStartOffset = before
    this.#batches = this.#batches.filter((batch) => endOf(batch) > before)
    this.wake()
  }

  wake(): void {
    for (const resolve of [...this.waiting]) resolve()
  }
}

function endOf(batch: StoredBatch): number {
  return batch.baseOffset + batch.recordCount
}

function waitForChange(
  find: (ref: PartitionRef) => Partition | undefined,
  watches: readonly Watch[],
  signal: AbortSignal,
): Promise<void> {
  const watched = watches.map(({ partition, seen }) => ({ partition: find(partition), seen }))
  if (signal.aborted || watched.some(({ partition, seen }) => differs(partition, seen))) return Promise.resolve()
  const { promise, resolve } = Promise.withResolvers<void>()
  const abort = () => resolve()
  signal.addEventListener("abort", abort)
  for (const { partition } of watched) partition?.waiting.add(resolve)
  return promise.finally(() => {
    signal.removeEventListener("abort", abort)
    for (const { partition } of watched) partition?.waiting.delete(resolve)
  })
}

function differs(partition: Partition | undefined, seen: Watermarks): boolean {
  if (partition === undefined) return true
  const { logStartOffset, highWatermark } = partition.watermarks()
  return logStartOffset !== seen.logStartOffset || highWatermark !== seen.highWatermark
}
