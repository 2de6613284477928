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
  /** Absent where nobody knows. */
  readonly step?: UpkeepStep
  readonly failure: UpkeepFailure | UpkeepDefect
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
  /** Objects, and items like them, that nobody named. */
  sweptObjects: number
  /** There was more to do than the time allowed. */
  unfinished: boolean
  readonly failures: UpkeepFailed[]
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
    unfinished: false,
    failures: [],
  }
}
