/** What the append protocol works with; the server or function that composes it says which. */
import type { Crc32c } from "stratalog/record-batch"
import type { Clock, PartitionRef } from "../log/ports.ts"
import type { ObjectStore } from "../segments/ports.ts"
import type { AppendIndex, ControlIndex, EntrySize, Head, PartitionIndex, ReadIndex } from "./ports.ts"
import type { SegmentReader } from "./read/segment-reader.ts"

/** Names for what is made once: random, and never the same twice. */
export interface PartitionIds {
  /** Eight random bytes in hex. */
  entry(): string
  /** A UUID of version 7: it tells when it was made, and so how old an orphan is. */
  placement(): string
}

export interface Timer {
  /** Resolves after so many milliseconds, or at once when `signal` aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** Asks upkeep to look after a partition before its timer or schedule does. Contract suite: test/contract/tiering-nudges.ts. */
export interface TieringNudges {
  /**
   * Resolves within two seconds and never rejects, whatever becomes of it: a nudge that is lost costs nothing but time. The
   * implementation reports it.
   */
  nudge(partition: PartitionRef): Promise<void>
}

/** What items take in the index, bytes. */
export interface IndexSizes {
  readonly entry: EntrySize
  readonly head: (head: Head) => number
}

export interface PartitionSettings {
  /** An append whose outcome is still open after so long is answered as unavailable, milliseconds. */
  readonly appendTimeoutMs: number
  /** The first pause before an attempt is repeated; doubled each time, with jitter, milliseconds. */
  readonly firstBackoffMs: number
  readonly maxBackoffMs: number
  /** How old the head may be that an append is sent on, milliseconds: younger than any page that is tiered. */
  readonly maxHeadAgeMs: number
  /** A placement that is not committed after so long is placed anew: the sweep may have taken it for an orphan. */
  readonly maxPlacementAgeMs: number
  /** A waiting reader looks at the head so often: from the first pause to the longest, milliseconds. */
  readonly firstPollMs: number
  readonly maxPollMs: number
  /** A tail whose entries take so many bytes takes no more, whoever is about to roll it. */
  readonly tailLimitBytes: number
  /** A head remembers so many producers; a roll makes room by sending some to items of their own. */
  readonly maxProducers: number
  /** Whether a roll and a nudge may go on behind the answer: not in a function that is frozen once it has answered. */
  readonly rollInBackground: boolean
  /** Upkeep is nudged each time that so many bytes of batches went into pages: what makes a segment. */
  readonly nudgeBytes: number
  /** Bytes of placed batches kept in memory for readers. */
  readonly cacheBytes: number
}

export const defaultSettings: PartitionSettings = {
  appendTimeoutMs: 10_000,
  firstBackoffMs: 10,
  maxBackoffMs: 500,
  maxHeadAgeMs: 600_000,
  maxPlacementAgeMs: 600_000,
  firstPollMs: 50,
  maxPollMs: 1_000,
  tailLimitBytes: 6 * 1024,
  maxProducers: 32,
  rollInBackground: true,
  nudgeBytes: 32 * 1024 * 1024,
  cacheBytes: 64 * 1024 * 1024,
}

/** What whoever meets others at a head works with. */
export interface MeetingDeps {
  readonly timer: Timer
  /** From 0 to below 1, for jitter. */
  readonly random: () => number
  readonly settings: PartitionSettings
}

export interface AppendDeps extends MeetingDeps {
  readonly index: AppendIndex
  readonly objects: Pick<ObjectStore, "put">
  readonly sizes: IndexSizes
  readonly crc32c: Crc32c
  readonly clock: Clock
  readonly ids: PartitionIds
  /** Absent where upkeep comes by itself soon enough. */
  readonly nudges?: TieringNudges
}

export interface ReadDeps extends MeetingDeps {
  readonly index: ReadIndex
  readonly objects: Pick<ObjectStore, "get">
  readonly segments: SegmentReader
  readonly crc32c: Crc32c
}

export interface ControlDeps extends MeetingDeps {
  readonly index: ControlIndex
  readonly segments: Pick<SegmentReader, "bytesBetween">
}

export interface PartitionsDeps extends AppendDeps, ReadDeps, ControlDeps {
  readonly index: PartitionIndex
  readonly objects: ObjectStore
  readonly segments: SegmentReader
}
