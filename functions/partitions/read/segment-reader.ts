/** The old part of the log, as a reader of partitions sees it. */
import type { PartitionRef, ReadRequest, StoredBatch, Unavailable } from "../../log/ports.ts"

export type SegmentReadOutcome =
  /** At least one batch; the first holds the offset, or is the next one where compaction removed it. */
  | { readonly kind: "batches"; readonly batches: readonly StoredBatch[] }
  /** No segment reaches the offset: the log moved since the head was read. */
  | { readonly kind: "missing" }
  | { readonly kind: "corrupt"; readonly where: string; readonly detail: string }
  | Unavailable

export type SegmentTimestampOutcome =
  | { readonly kind: "batch"; readonly batch: StoredBatch }
  | { readonly kind: "none" }
  | Exclude<SegmentReadOutcome, { kind: "batches" }>

export interface SegmentReader {
  /** Batches below `tieredTo` only. */
  read(partition: PartitionRef, request: ReadRequest, tieredTo: number): Promise<SegmentReadOutcome>
  /** The first batch from offset `from` on, below `tieredTo`, whose maximum timestamp is at or after `timestamp`. */
  findByTimestamp(
    partition: PartitionRef,
    from: number,
    timestamp: number,
    tieredTo: number,
  ): Promise<SegmentTimestampOutcome>
  /** Bytes of the batches that end after `from` and at or before `to`, as near as the sparse index tells. */
  bytesBetween(
    partition: PartitionRef,
    from: number,
    to: number,
  ): Promise<number | { readonly kind: "missing" } | Unavailable>
}
