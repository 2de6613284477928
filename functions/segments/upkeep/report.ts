/** What upkeep did, for metrics and logs. */
import type { PartitionRef } from "../../log/ports.ts"
import type { UpkeepFailure } from "../failures.ts"

export type UpkeepStep = "retain" | "reclaim" | "tier" | "merge" | "compact" | "sweep"

/** A mistake of this program, or something stored that it cannot make sense of. */
export interface UpkeepDefect {
  readonly kind: "defect"
  readonly detail: string
}

export interface UpkeepFailed {
  readonly partition: PartitionRef
  /** The topic's name; absent where it is deleted. */
  readonly topic?: string
  /** Absent where nobody knows. */
  readonly step?: UpkeepStep
  readonly failure: UpkeepFailure | UpkeepDefect
}

/** What lies in no segment yet, as tiering saw it last in each partition. */
export interface Backlog {
  /** About. */
  waitingBytes: number
  /** Partitions that keep records which are to lie in a segment by now. */
  overduePartitions: number
  /** When the oldest of these were stored, epoch milliseconds. */
  overdueSince?: number
}

export interface UpkeepReport {
  /** Partitions that were looked at. */
  partitions: number
  /** Offsets that the log starts moved by. */
  expiredRecords: number
  /** Segments and bytes that left the index. */
  reclaimedSegments: number
  reclaimedBytes: number
  /** Segments that were made of the recent part, and what they hold. */
  tieredSegments: number
  tieredRecords: number
  tieredBytes: number
  /** Segments that were merged into others, and bytes that were written for it. */
  mergedSegments: number
  mergedBytes: number
  /** Segments that compaction went through, and records that it removed. */
  compactedSegments: number
  compactedRecords: number
  /** Objects that nobody named and the bytes of those whose size is known, and items like them in the index. */
  sweptObjects: number
  sweptBytes: number
  sweptItems: number
  readonly backlog: Backlog
  /** There was more to do than the time allowed. */
  unfinished: boolean
  readonly failures: UpkeepFailed[]
}

/** One partition more, or what other partitions together have. */
export function addToBacklog(backlog: Backlog, more: Backlog): void {
  backlog.waitingBytes += more.waitingBytes
  backlog.overduePartitions += more.overduePartitions
  const since = Math.min(
    backlog.overdueSince ?? Number.POSITIVE_INFINITY,
    more.overdueSince ?? Number.POSITIVE_INFINITY,
  )
  if (since !== Number.POSITIVE_INFINITY) backlog.overdueSince = since
}

export function emptyReport(): UpkeepReport {
  return {
    partitions: 0,
    expiredRecords: 0,
    reclaimedSegments: 0,
    reclaimedBytes: 0,
    tieredSegments: 0,
    tieredRecords: 0,
    tieredBytes: 0,
    mergedSegments: 0,
    mergedBytes: 0,
    compactedSegments: 0,
    compactedRecords: 0,
    sweptObjects: 0,
    sweptBytes: 0,
    sweptItems: 0,
    backlog: { waitingBytes: 0, overduePartitions: 0 },
    unfinished: false,
    failures: [],
  }
}
