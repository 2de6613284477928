/**
 * What the old part of the log asks of storage: objects, the index of the segments that lie in them, and the recent part
 * that segments are made from. Contract suites: test/contract/object-store.ts, segment-index.ts, recent-log.ts.
 */
import type { Awaitable, PartitionRef, StoredBatch, Unavailable, UnknownPartition, Watermarks } from "../log/ports.ts"

export interface StoredObject {
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** When it was stored, epoch milliseconds, by the storage's clock. */
  readonly storedAt: number
}

export type PutObjectOutcome = { readonly kind: "stored" } | Unavailable
export type GetObjectOutcome =
  | { readonly kind: "object"; readonly bytes: Uint8Array }
  | { readonly kind: "missing" }
  | Unavailable
export type RemoveObjectsOutcome = { readonly kind: "removed" } | Unavailable
export type ListObjectsOutcome =
  /** By key, ascending in code unit order; `next` is to be passed as `after` for the next page, absent on the last. */
  { readonly kind: "page"; readonly objects: readonly StoredObject[]; readonly next?: string } | Unavailable

/** Bytes of `start` to before `end`, at least one. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Objects that are written once and never changed. Keys are made of `[a-z0-9/.-]`, never of what a user named.
 */
export interface ObjectStore {
  /**
   * Durable and readable when it answers. A key is made for one put alone, so repeating a put is harmless: whoever
   * repeats it passes the same bytes.
   */
  put(key: string, parts: readonly Uint8Array[]): Promise<PutObjectOutcome>
  /** The whole object, or what of the range lies within it: no bytes where the range begins at its end or beyond. */
  get(key: string, range?: ByteRange): Promise<GetObjectOutcome>
  /** Removes those that are there; safe to repeat. Up to 1,000 keys a call. */
  remove(keys: readonly string[]): Promise<RemoveObjectsOutcome>
  list(request: {
    readonly prefix: string
    readonly after?: string
    readonly limit: number
  }): Promise<ListObjectsOutcome>
}

/** Where in a segment a reader may begin: the first batch at `position` has this base offset. */
export interface IndexPoint {
  readonly offset: number
  /** Bytes from the segment's beginning. */
  readonly position: number
  /** The greatest timestamp of all batches before this point, epoch milliseconds. */
  readonly maxTimestampBefore: number
}

/**
 * A stretch of a partition in one object: a Kafka `.log` file, batches with their offsets one after another.
 * Compaction may have left gaps, but the last batch of a segment always ends at `endOffset`.
 */
export interface Segment {
  readonly baseOffset: number
  /** The offset after the last one. */
  readonly endOffset: number
  readonly objectKey: string
  /** Bytes of the object. */
  readonly bytes: number
  /** CRC-32C of the whole object. */
  readonly crc32c: number
  readonly maxTimestamp: number
  /** When the segment was first made, epoch milliseconds; a merge keeps the oldest. */
  readonly createdAt: number
  /** The offset up to which compaction has seen the log when it last rewrote this segment; 0: never. */
  readonly compactedTo: number
  /** Sparse, ascending, beginning at the first batch. */
  readonly points: readonly IndexPoint[]
  /** Counts replacements, from 1; a change is made on condition of it. */
  readonly version: number
}

export type PutSegmentOutcome =
  | { readonly kind: "put" }
  /** There is one with this base offset: adopt it. */
  | { readonly kind: "exists"; readonly segment: Segment }
  | Unavailable
export type ChangeSegmentOutcome =
  | { readonly kind: "changed" }
  /** It is another version by now, or gone. */
  | { readonly kind: "lost"; readonly segment: Segment | undefined }
  | Unavailable
export type FindSegmentOutcome =
  | { readonly kind: "segment"; readonly segment: Segment }
  | { readonly kind: "none" }
  | Unavailable
export type ListSegmentsOutcome =
  /** Ascending by base offset; `more` where there are further ones. */
  { readonly kind: "segments"; readonly segments: readonly Segment[]; readonly more: boolean } | Unavailable

export interface SegmentIndex {
  /** The segment with the greatest base offset at or below `offset`; whether it reaches the offset is for the caller to see. */
  find(partition: PartitionRef, offset: number): Awaitable<FindSegmentOutcome>
  /** Those with a base offset of `from` or more. */
  list(partition: PartitionRef, from: number, limit: number): Awaitable<ListSegmentsOutcome>
  /** Only if there is none with this base offset. `version` is 1. */
  put(partition: PartitionRef, segment: Segment): Awaitable<PutSegmentOutcome>
  /** Where the stored one has the version before. */
  replace(partition: PartitionRef, segment: Segment): Awaitable<ChangeSegmentOutcome>
  /** Where the stored one has this version. */
  remove(partition: PartitionRef, segment: Pick<Segment, "baseOffset" | "version">): Awaitable<ChangeSegmentOutcome>
}

/** What of the recent part may move into a segment, a piece at a time: a page, or some megabytes of the journal. */
export interface Stretch {
  readonly baseOffset: number
  readonly endOffset: number
  /** Of its batches. */
  readonly bytes: number
  readonly maxTimestamp: number
  /** When it was stored, epoch milliseconds; all its records were appended before. */
  readonly storedAt: number
}

export interface RecentState extends Watermarks {
  /** Everything below lies in segments, everything from here on in the recent part. */
  readonly tieredTo: number
  /** What lies from here on is to stay in the recent part, though it is in stretches; absent: all of these may move. */
  readonly leavesTo?: number
}

export type RecentStateOutcome =
  | { readonly kind: "state"; readonly state: RecentState }
  | UnknownPartition
  | Unavailable
export type StretchesOutcome =
  /** Ascending and gap-free, beginning with the one that holds `from` (cut to it); `more` where there are further ones. */
  | { readonly kind: "stretches"; readonly stretches: readonly Stretch[]; readonly more: boolean }
  | UnknownPartition
  | Unavailable
export type ReadRecentOutcome =
  /** Whole batches, gap-free from `from` on; never past `to`, and at least one. */
  | { readonly kind: "batches"; readonly batches: readonly StoredBatch[] }
  /** The log moved: read its state again. */
  | { readonly kind: "moved" }
  | { readonly kind: "corrupt"; readonly where: string; readonly detail: string }
  | UnknownPartition
  | Unavailable
export type CommitTieredOutcome =
  | { readonly kind: "committed" }
  /** Somebody else was faster: `tieredTo` is this by now. */
  | { readonly kind: "moved"; readonly tieredTo: number }
  | UnknownPartition
  | Unavailable
export type DropTieredOutcome =
  /** `more`: there is more to drop; call again. */
  { readonly kind: "dropped"; readonly more: boolean } | UnknownPartition | Unavailable

/** The recent part of a partition: heads and pages in DynamoDB, or the embedded journal. */
export interface RecentLog {
  state(partition: PartitionRef): Awaitable<RecentStateOutcome>
  /** Never what may still be needed to resolve an append (the tail). */
  stretches(partition: PartitionRef, from: number, limit: number): Awaitable<StretchesOutcome>
  read(partition: PartitionRef, from: number, to: number, maxBytes: number): Promise<ReadRecentOutcome>
  /**
   * From here on readers look for offsets from `from` to before `to` in the segments: `tieredTo` becomes `to`, on condition
   * that it is `from`. `to` is a boundary of batches and not past the log's stretches.
   */
  commitTiered(partition: PartitionRef, from: number, to: number): Promise<CommitTieredOutcome>
  /** Frees what lies below `tieredTo`, a bounded piece of work. Safe to repeat. */
  dropTiered(partition: PartitionRef): Promise<DropTieredOutcome>
}
