/** The journal's part of a partition, as upkeep makes segments of it. */
import type { ReadRecentOutcome, RecentLog, RecentStateOutcome, StretchesOutcome } from "../../../segments/ports.ts"
import type { JournalLog, JournalPartition } from "../journal/index.ts"
import type { Boundaries } from "./boundaries.ts"
import type { StorageTimes } from "./storage-times.ts"
import { stretchesOf } from "./stretches.ts"
import { tieredToOf } from "./tiered.ts"

export interface JournalRecentLogParts {
  readonly journal: JournalLog
  readonly boundaries: Boundaries
  /** One for all rounds of upkeep. */
  readonly times: StorageTimes
  /** Up to where the partition is to leave the journal. */
  readonly leavesTo: (partition: JournalPartition) => number
}

const UNKNOWN = { kind: "unknown_partition" } as const

export function createJournalRecentLog({ journal, boundaries, times, leavesTo }: JournalRecentLogParts): RecentLog {
  return {
    state: (ref): RecentStateOutcome => {
      const partition = journal.partition(ref)
      if (partition === undefined) return UNKNOWN
      times.note(partition)
      const state = { ...partition.watermarks, tieredTo: tieredToOf(partition), leavesTo: leavesTo(partition) }
      return { kind: "state", state }
    },
    stretches: (ref, from, limit): StretchesOutcome => {
      const partition = journal.partition(ref)
      if (partition === undefined) return UNKNOWN
      const storedAt = (endOffset: number) => times.of(partition, endOffset)
      return { kind: "stretches", ...stretchesOf(partition, { from, cutAt: leavesTo(partition), limit, storedAt }) }
    },
    read: async (ref, from, to, maxBytes): Promise<ReadRecentOutcome> => {
      const partition = journal.partition(ref)
      if (partition === undefined) return UNKNOWN
      if (from < tieredToOf(partition)) return { kind: "moved" }
      // The log start may fall into the first batch.
      const offset = Math.max(from, partition.committed.logStartOffset)
      const outcome = await journal.read(ref, { offset, maxBytes })
      if (outcome.kind === "below_start" || outcome.kind === "beyond_end") return { kind: "moved" }
      if (outcome.kind !== "batches") return outcome
      const batches = outcome.batches.filter(({ baseOffset, recordCount }) => baseOffset + recordCount <= to)
      return batches.length === 0 ? { kind: "moved" } : { kind: "batches", batches }
    },
    commitTiered: (ref, from, to) => boundaries.commitTiered(ref, from, to),
    dropTiered: (ref) => boundaries.dropTiered(ref),
  }
}
