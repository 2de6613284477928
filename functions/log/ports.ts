/**
 * What the log asks of its storage. Each storage (embedded, DynamoDB with S3) implements `PartitionLog` and passes the
 * same contract suite, test/contract/partition-log.ts.
 *
 * Promises the types cannot state:
 * - `append` answers only when the records and their index are durable. Nothing is visible before its commit.
 * - The entries of one call are committed in order, each on its own conditions; they may share one commit.
 * - Offsets of a partition are dense when committed, from 0; compaction removes some later. A batch is all or nothing.
 * - `read` never answers with no batch for an offset below the high watermark.
 */

/** A value, or a promise of it where the storage has to wait: an answer from memory costs its caller no turn of the event loop. */
export type Awaitable<T> = T | Promise<T>

/** One partition of one life of a topic: a topic that is deleted and made again has another id. */
export interface PartitionRef {
  /** A UUID. */
  readonly topicId: string
  readonly partition: number
}

export interface Watermarks {
  /** The first offset that can be read. */
  readonly logStartOffset: number
  /** The offset that the next record gets; all records below it are committed and visible. */
  readonly highWatermark: number
}

/** The position of a batch in its producer's sequence: Kafka's producer id, epoch and the sequence of the first record. */
export interface ProducerSequence {
  readonly id: number
  readonly epoch: number
  readonly sequence: number
}

/** One record batch that waits to be appended, and what has to be true for it to be. */
export interface AppendEntry {
  /**
   * A whole RecordBatch v2, checked already. The storage owns the bytes from here on and writes the base offset into
   * them, so a caller that still needs them passes a copy.
   */
  readonly batch: Uint8Array
  readonly recordCount: number
  /** The greatest timestamp of the records, epoch milliseconds. */
  readonly maxTimestamp: number
  readonly producer?: ProducerSequence
  /** Append only if the first record gets exactly this offset. */
  readonly matchOffset?: number
  /** Append only if this is the partition's fencing token. */
  readonly fencingToken?: string
  /** Whether the bytes shall lie where that is cheapest (the default) or where it is quickest, if there is a choice. */
  readonly placement?: "cost" | "latency"
}

/** Storage could not do it. `sideEffects: "none"` promises that nothing happened and nothing will. */
export interface Unavailable {
  readonly kind: "unavailable"
  readonly reason: "storage_full" | "storage_failed" | "throttled" | "closing"
  readonly sideEffects: "none" | "unknown"
  /** A sentence for the operator; no decision is made by it. */
  readonly detail: string
}

/** `Unavailable`, thrown by a read whose answer has no place for it. */
export class StorageUnavailable extends Error {
  readonly outcome: Unavailable

  constructor(outcome: Unavailable) {
    super(outcome.detail)
    this.name = "StorageUnavailable"
    this.outcome = outcome
  }
}

export interface UnknownPartition {
  readonly kind: "unknown_partition"
}

export type AppendOutcome =
  | { readonly kind: "appended"; readonly baseOffset: number }
  /** This producer sequence was appended before. The offset is absent where the log no longer remembers it. */
  | { readonly kind: "duplicate"; readonly baseOffset?: number; readonly maxTimestamp?: number }
  | { readonly kind: "match_failed"; readonly nextOffset: number }
  /** The partition's fencing token is another one (`undefined`: it has none). */
  | { readonly kind: "fence_failed"; readonly fencingToken: string | undefined }
  /** The log waits for sequence `expected` of this producer: something before this batch is missing. */
  | { readonly kind: "sequence_gap"; readonly expected: number }
  /** A newer epoch of this producer has written. */
  | { readonly kind: "stale_epoch"; readonly epoch: number }
  | UnknownPartition
  | Unavailable

export interface StoredBatch {
  readonly baseOffset: number
  /** The offsets that it spans, from `baseOffset` on; compaction may have left fewer records, or none. */
  readonly recordCount: number
  readonly maxTimestamp: number
  /** The RecordBatch v2 with its base offset written in. Shared with the storage: never change it. */
  readonly bytes: Uint8Array
}

export interface ReadRequest {
  /** The first batch of the answer is the one that holds this offset, or the next one where compaction removed it. */
  readonly offset: number
  /** The sum of the batches' bytes stays below this; the first batch is given whatever its size. */
  readonly maxBytes: number
  /** No more batches than needed to hold this many records from `offset` on. */
  readonly maxRecords?: number
}

export type ReadOutcome =
  /** No batches only where `offset` is the high watermark. */
  | { readonly kind: "batches"; readonly batches: readonly StoredBatch[]; readonly watermarks: Watermarks }
  | { readonly kind: "below_start"; readonly watermarks: Watermarks }
  | { readonly kind: "beyond_end"; readonly watermarks: Watermarks }
  /** The stored bytes are not what was written; `where` names the file or object and the position. */
  | { readonly kind: "corrupt"; readonly where: string; readonly detail: string }
  | UnknownPartition
  | Unavailable

export type TimestampOutcome =
  /** The first batch at or after the log start whose maximum timestamp is at or after the asked one. */
  | { readonly kind: "batch"; readonly batch: StoredBatch; readonly watermarks: Watermarks }
  | { readonly kind: "none"; readonly watermarks: Watermarks }
  | Extract<ReadOutcome, { kind: "corrupt" }>
  | UnknownPartition
  | Unavailable

export interface PartitionState extends Watermarks {
  readonly fencingToken: string | undefined
  /** Bytes of the batches that can still be read. */
  readonly sizeInBytes: number
}

export type DescribeOutcome =
  | { readonly kind: "partition"; readonly state: PartitionState }
  | UnknownPartition
  | Unavailable

export type MoveLogStartOutcome =
  /** The log start is at or after what was asked for (it never goes back). */
  | { readonly kind: "moved"; readonly logStartOffset: number }
  | { readonly kind: "beyond_end"; readonly watermarks: Watermarks }
  | UnknownPartition
  | Unavailable

export type SetFenceOutcome =
  | { readonly kind: "set" }
  /** The token is another one than `expected`. */
  | { readonly kind: "fence_failed"; readonly fencingToken: string | undefined }
  | UnknownPartition
  | Unavailable

export type PartitionsOutcome = { readonly kind: "done" } | Unavailable

/** A reader that waits: it wants to know when the partition's high watermark or log start differs from what it saw. */
export interface Watch {
  readonly partition: PartitionRef
  readonly seen: Watermarks
}

export interface PartitionAppends {
  /** One outcome for each entry, in their order. */
  append(partition: PartitionRef, entries: readonly AppendEntry[]): Promise<readonly AppendOutcome[]>
}

export interface PartitionReads {
  read(partition: PartitionRef, request: ReadRequest): Awaitable<ReadOutcome>
  findByTimestamp(partition: PartitionRef, timestamp: number): Awaitable<TimestampOutcome>
  describe(partition: PartitionRef): Awaitable<DescribeOutcome>
  /**
   * Resolves once any of the watched partitions has changed or is gone (at once, if it has already), or `signal` aborts;
   * never rejects. A waiting reader costs no polling where the storage lives in this process.
   */
  waitForChange(watches: readonly Watch[], signal: AbortSignal): Promise<void>
}

export interface PartitionControl {
  /** Makes partitions 0 to count-1 where they are missing. Safe to repeat. */
  createPartitions(topicId: string, count: number): Promise<PartitionsOutcome>
  /** Forgets the topic's partitions; their bytes are reclaimed later. Safe to repeat. */
  deletePartitions(topicId: string): Promise<PartitionsOutcome>
  describe(partition: PartitionRef): Awaitable<DescribeOutcome>
  moveLogStart(partition: PartitionRef, before: number): Promise<MoveLogStartOutcome>
  setFence(partition: PartitionRef, expected: string | undefined, next: string | undefined): Promise<SetFenceOutcome>
}

/** All of it. A process that serves a part of the API has a part of it. */
export interface PartitionLog extends PartitionAppends, PartitionReads, PartitionControl {}

/** Wants to hear of topics that have new records, to wake whoever reads them. */
export interface AppendNews {
  /** After an append of this topic became durable; its answer waits for this. Never rejects: the append has succeeded. */
  appended(topic: string): Awaitable<void>
}

/** Wall clock, epoch milliseconds. May jump; nothing about order or deduplication depends on it. */
export interface Clock {
  now(): number
}
