/** What segments are read and kept up with; the server or function that composes them says which. */
import type { BatchCodecs, Crc32c } from "stratalog/record-batch"
import type { Clock, PartitionLog, PartitionRef, Unavailable, UnknownPartition } from "../log/ports.ts"
import type { ObjectStore, RecentLog, SegmentIndex } from "./ports.ts"
import type { SegmentMemory } from "./read/segment-memory.ts"

export interface SegmentDependencies {
  readonly objects: Pick<ObjectStore, "get">
  readonly index: Pick<SegmentIndex, "find" | "list">
  readonly crc32c: Crc32c
  /** One for all partitions of a process. */
  readonly memory: SegmentMemory
}

export interface UpkeepDependencies {
  readonly objects: ObjectStore
  readonly index: SegmentIndex
  readonly recent: RecentLog
  readonly log: Pick<PartitionLog, "moveLogStart" | "describe" | "findByTimestamp">
  readonly codecs: BatchCodecs
  /** Sixteen bytes for which no two keys are alike: of a cryptographic hash. */
  readonly keyHash: (key: Uint8Array) => Uint8Array
  /** Names that nobody ever gave to an object before, of `[a-z0-9-]`. */
  readonly uniqueName: () => string
  /** Removes what the recent part placed somewhere and refers to no more, a bounded piece of work; absent where it places nothing. */
  readonly sweepRecent?: (partition: PartitionRef) => Promise<SweepRecentOutcome>
  readonly clock: Clock
  readonly settings: UpkeepSettings
}

export type SweepRecentOutcome =
  | {
      readonly kind: "swept"
      readonly items: number
      readonly objects: number
      /** Of the objects. */
      readonly bytes: number
      /** The bound was reached: call again. */
      readonly more: boolean
    }
  | UnknownPartition
  | Unavailable

export interface UpkeepSettings {
  /** The size that a segment is to have, bytes, where the topic's `segment.bytes` asks for no less. */
  readonly segmentBytes: number
  /** Younger stretches stay where they are, so that the outcome of an append can be found out: the longest life of one. */
  readonly minTierAgeMs: number
  /** Older stretches become a segment, however small, where the topic's `segment.ms` asks for no sooner. */
  readonly maxTierAgeMs: number
  /** Longer than any fetch and any run of upkeep lasts, and than any of their writes may land late. */
  readonly graceMs: number
  /** Of the batches of a segment, after decompression: what compaction may hold of one batch. */
  readonly maxDecompressedBytes: number
  /** The most keys that one pass of compaction keeps in mind: about 32 bytes each. */
  readonly compactionKeys: number
  /** Compaction begins when this part of the bytes was not compacted yet. */
  readonly minDirtyRatio: number
  /** Or when a segment has waited this long for it. */
  readonly maxDirtyMs: number
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const MiB = 1024 ** 2

export const upkeepDefaults: UpkeepSettings = {
  segmentBytes: 32 * MiB,
  minTierAgeMs: 15 * MINUTE_MS,
  maxTierAgeMs: 6 * HOUR_MS,
  graceMs: HOUR_MS,
  maxDecompressedBytes: 32 * MiB,
  compactionKeys: 1_000_000,
  // Kafka's min.cleanable.dirty.ratio: a log is rewritten once it has doubled.
  minDirtyRatio: 0.5,
  maxDirtyMs: 24 * HOUR_MS,
}
