/**
 * What the append protocol asks of an index that knows single conditional writes and nothing more (DynamoDB, or a fake of
 * it): heads, pages, placed items, spilled producers. Contract suite: test/contract/partition-index.ts.
 *
 * Every write may be answered, take effect with its answer lost, or land late. `Unavailable` with `sideEffects: "unknown"`
 * says so; with "none" it promises that this attempt did nothing and never will.
 */
import type { PartitionRef, ProducerSequence, Unavailable, UnknownPartition } from "../log/ports.ts"

/** Where the batches of an entry lie. */
export type Placement =
  /** In the entry itself: whole batches, one after another, base offsets unset. */
  | { readonly kind: "inline"; readonly batches: Uint8Array }
  /** In an item of its own. */
  | { readonly kind: "item"; readonly key: string }
  /** In an object. */
  | { readonly kind: "object"; readonly key: string }

/** An idempotent producer's batch within an entry. */
export interface EntrySequence extends ProducerSequence {
  readonly recordCount: number
  /** Records of the entry before this batch. */
  readonly recordsBefore: number
  readonly maxTimestamp: number
}

/**
 * What one commit appended: one batch or several, in one placement. An entry carries no offset: it follows from the
 * entries before it.
 */
export interface Entry {
  /** Eight random bytes in hex, made once for an append: two entries with one id are one append. */
  readonly id: string
  /** The offsets that it takes. It counts whatever the headers of its batches say. */
  readonly recordCount: number
  /** Of its batches. */
  readonly bytes: number
  readonly maxTimestamp: number
  readonly sequences: readonly EntrySequence[]
  readonly placement: Placement
}

/** The newest batch of a producer in a partition. Positions are ordered by epoch, then laps, then last sequence. */
export interface ProducerPosition {
  readonly epoch: number
  /** How often its sequence has gone round (past 2^31 - 1) in this epoch. */
  readonly laps: number
  readonly lastSequence: number
}

/** The item of one partition, always read strongly consistent. */
export interface Head {
  /** Grows whenever entries leave the tail or producers the head. */
  readonly generation: number
  readonly logStartOffset: number
  /** Below lie segments; from here to the tail's base, pages. */
  readonly tieredTo: number
  /** The high watermark: the offset of the next record. */
  readonly nextOffset: number
  readonly tail: readonly Entry[]
  /** Bytes that the tail's entries take in the index. */
  readonly tailBytes: number
  readonly producers: ReadonlyMap<number, ProducerPosition>
  /** Some producers left the head for items of their own: who is not in `producers` may be known there. */
  readonly spilled: boolean
  readonly fencingToken: string | undefined
  /** Bytes of all batches ever appended. */
  readonly bytesAppended: number
  /** Of those, the bytes of batches that lie wholly below the log start. */
  readonly bytesBelowStart: number
}

/** The offset of the tail's first record. */
export function tailBase(head: Head): number {
  let records = 0
  for (const entry of head.tail) records += entry.recordCount
  return head.nextOffset - records
}

/** Entries that left the tail, in one item. Pages are keyed by where they end, so that one query finds an offset and goes on. */
export interface Page {
  readonly baseOffset: number
  /** The offset after the last one. */
  readonly endOffset: number
  readonly entries: readonly Entry[]
  /** When the page was made, epoch milliseconds; its records were appended before. */
  readonly storedAt: number
}

/** What a commit asks of a producer's position, and what the position is afterwards. */
export interface ProducerAdvance {
  readonly id: number
  /**
   * The position that the head has to hold; or "new": the head knows an older epoch of the producer or nothing at all, and
   * (unless `evenIfSpilled`) no producer has left this head, so that nobody else knows it either.
   */
  readonly from: ProducerPosition | "new"
  /** The caller has looked the producer up among the spilled ones, under the generation that the commit names exactly. */
  readonly evenIfSpilled?: boolean
  readonly to: ProducerPosition
}

/**
 * One conditional update of a head. All conditions hold, or nothing is written.
 * A commit whose `entry` is in the tail already is refused.
 */
export interface Commit {
  /**
   * `exactly`: no other generation will do. `atMost`: any that is not past it, so that appends do not fail because somebody
   * rolled; whoever sends such a commit again after an unknown outcome first makes the generation pass it.
   */
  readonly generation: { readonly exactly: number } | { readonly atMost: number }
  /** Set where the commit changes it; greater than every generation that the condition lets pass. */
  readonly nextGeneration?: number
  readonly entry?: Entry
  /**
   * `append` to the tail; `replace` it by the entry (on condition of `nextOffset`, so that nothing unseen is dropped); or
   * `drop` so many of its oldest entries (on condition of the exact generation, within which a tail only grows at its end).
   */
  readonly tail:
    | { readonly kind: "append" /** Refused where the tail takes as many bytes or more. */; readonly limit: number }
    | { readonly kind: "replace" }
    | { readonly kind: "drop"; readonly count: number /** What they take in the index. */; readonly bytes: number }
  /** The head's `nextOffset` has to be this. */
  readonly nextOffset?: number
  readonly fencingToken?: string
  readonly producers: readonly ProducerAdvance[]
  /**
   * Producers to forget. Each was spilled before at this position and has to be at it still: who appended meanwhile stays.
   * Only with `nextGeneration`, and sets `spilled`. What else a commit needs for what it changes: `checkCommitShape`.
   */
  readonly evict: readonly { readonly id: number; readonly position: ProducerPosition }[]
}

export type CommitHeadOutcome =
  /** The head as it is right after this commit. */
  | { readonly kind: "committed"; readonly head: Head }
  /** A condition failed: the head as it was then. This attempt will never take effect. */
  | { readonly kind: "refused"; readonly head: Head }
  | UnknownPartition
  | Unavailable

export type ReadHeadOutcome = { readonly kind: "head"; readonly head: Head } | UnknownPartition | Unavailable

/** A change of one of the head's other fields. */
export type HeadChange =
  | {
      readonly kind: "log_start"
      readonly from: number
      readonly to: number
      /** The new `bytesBelowStart`. */
      readonly bytesBelowStart: number
    }
  | { readonly kind: "tiered_to"; readonly from: number; readonly to: number }
  | { readonly kind: "fence"; readonly from: string | undefined; readonly to: string | undefined }

export type DoneOutcome = { readonly kind: "done" } | Unavailable
export type ReadPagesOutcome =
  /** Ascending by end offset; `more` where there are further ones. Pages may overlap where rollers raced: all are true. */
  { readonly kind: "pages"; readonly pages: readonly Page[]; readonly more: boolean } | Unavailable
export type ReadItemsOutcome =
  /** One for each key, in their order; undefined where there is none. */
  { readonly kind: "items"; readonly items: readonly (Uint8Array | undefined)[] } | Unavailable
export type ReadSpilledOutcome =
  | { readonly kind: "position"; readonly position: ProducerPosition | undefined }
  | Unavailable
export type ListItemsOutcome =
  | { readonly kind: "page"; readonly keys: readonly string[]; readonly next?: string }
  | Unavailable
export type TopicPartitionsOutcome =
  | { readonly kind: "partitions"; readonly count: number; readonly deleted: boolean }
  | { readonly kind: "none" }
  | Unavailable

export interface PartitionIndex {
  /** Makes the heads of partitions 0 to count-1 where they are missing. Refused (`done` without effect) for a deleted topic. */
  createHeads(topicId: string, count: number): Promise<DoneOutcome>
  /**
   * Notes that the topic is deleted and removes the heads; what else it has is for the sweep. Safe to repeat: stopped half-way
   * it leaves heads that work, in a topic that is listed as deleted.
   */
  deleteHeads(topicId: string): Promise<DoneOutcome>
  /** What is known of a topic's partitions, also after `deleteHeads`. */
  topicPartitions(topicId: string): Promise<TopicPartitionsOutcome>
  /** Forgets the topic, once nothing of it is left. */
  forgetTopic(topicId: string): Promise<DoneOutcome>
  /** Topics whose heads were deleted and that are not forgotten yet. */
  deletedTopics(limit: number): Promise<{ readonly kind: "topics"; readonly topicIds: readonly string[] } | Unavailable>

  /** Strongly consistent. */
  head(partition: PartitionRef): Promise<ReadHeadOutcome>
  /** One attempt, never repeated by the index itself: the protocol must know of each. */
  commit(partition: PartitionRef, commit: Commit): Promise<CommitHeadOutcome>
  /** `refused` with the head where `from` is not its value. One attempt. */
  change(partition: PartitionRef, change: HeadChange): Promise<CommitHeadOutcome>

  /** Overwrites a page that ends at the same offset: both hold true entries, back to the end of the page before. */
  putPage(partition: PartitionRef, page: Page): Promise<DoneOutcome>
  /** Pages that end after `offset`, strongly consistent, up to `maxBytes` of the index. */
  pagesAfter(partition: PartitionRef, offset: number, maxBytes: number): Promise<ReadPagesOutcome>
  /** The newest pages that end at or before `offset`, newest first, up to `maxBytes` of the index. */
  pagesUpTo(partition: PartitionRef, offset: number, maxBytes: number): Promise<ReadPagesOutcome>
  removePages(partition: PartitionRef, endOffsets: readonly number[]): Promise<DoneOutcome>

  /** A new item with a new key, so that repeating it is harmless. */
  putItem(partition: PartitionRef, key: string, bytes: Uint8Array): Promise<DoneOutcome>
  items(partition: PartitionRef, keys: readonly string[]): Promise<ReadItemsOutcome>
  removeItems(partition: PartitionRef, keys: readonly string[]): Promise<DoneOutcome>
  /** The keys of all placed items, in any order, a page at a time. */
  listItems(partition: PartitionRef, after?: string): Promise<ListItemsOutcome>

  /** Keeps the greatest position only. */
  spillProducer(partition: PartitionRef, id: number, position: ProducerPosition): Promise<DoneOutcome>
  spilledProducer(partition: PartitionRef, id: number): Promise<ReadSpilledOutcome>
  /** The topic is gone: removes the spilled producers of this partition. */
  removeSpilled(partition: PartitionRef): Promise<DoneOutcome>
}

/** What an entry takes in the index, bytes: the protocol decides by it when to roll. */
export type EntrySize = (entry: Entry) => number

/** What appends need of it. */
export type AppendIndex = Pick<
  PartitionIndex,
  "head" | "commit" | "putPage" | "pagesAfter" | "pagesUpTo" | "putItem" | "spillProducer" | "spilledProducer"
>
/** What readers need of it. */
export type ReadIndex = Pick<PartitionIndex, "head" | "pagesAfter" | "items">
/** What makes and removes partitions, and moves their log start and fence. */
export type ControlIndex = Pick<PartitionIndex, "createHeads" | "deleteHeads" | "head" | "change" | "pagesAfter">
