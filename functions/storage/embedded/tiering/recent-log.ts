/** The journal's part of a partition, as upkeep makes segments of it. */
import type { Clock } from "../../../log/ports.ts"
import type { ReadRecentOutcome, RecentLog, RecentStateOutcome, StretchesOutcome } from "../../../segments/ports.ts"
import type { JournalLog, JournalPartition } from "../journal/index.ts"
import type { Boundaries } from "./boundaries.ts"
import { StorageTimes } from "./storage-times.ts"
import { stretchesOf } from "./stretches.ts"
import { tieredToOf } from "./tiered.ts"

export interface JournalRecentLogParts {
  readonly journal: JournalLog
  readonly boundaries: Boundaries
  readonly clock: Clock
  /** Up to where the partition is to leave the journal. */
  readonly leavesTo: (partition: JournalPartition) => number
}

const UNKNOWN = { kind: "unknown_partition" } as const

export function createJournalRecentLog({ journal, boundaries, clock, leavesTo }: JournalRecentLogParts): RecentLog {
  const times = new StorageTimes(clock)
  return {
    state: (ref): RecentStateOutcome => {
      const partition = journal.partition(ref)
      if (partition === undefined) return UNKNOWN
      times.note(partition)
      const { committed, tiered, watermarks } = partition
      const tieredTo = tieredToOf(committed.logStartOffset, tiered)
      return { kind: "state", state: { ...watermarks, tieredTo, leavesTo: leavesTo(partition) } }
    },
    stretches: (ref, from, limit): StretchesOutcome => {
      const partition = journal.partition(ref)
      if (partition === undefined) return UNKNOWN
      const storedAt = (endOffset: number) => times.of(partition, endOffset)
      return { kind: "stretches", ...stretchesOf(partition, { from, cutAt: leavesTo(partition), limit, storedAt }) }
    },
    read: async (ref, from, to, maxBytes): Promise<ReadRecentOutcome> => {
      if (journal.partition(ref)?.isInSegments(from)) return { kind: "moved" }
      const outcome = await journal.read(ref, { offset: from, maxBytes })
      if (outcome.kind === "below_start" || outcome.kind === "beyond_end") return { kind: "moved" }
      if (outcome.kind !== "batches") return outcome
      const batches = outcome.batches.filter(({ baseOffset, recordCount }) => baseOffset + recordCount <= to)
      return batches.length === 0 ? { kind: "moved" } : { kind: "batches", batches }
    },
    commitTiered: (ref, from, to) => boundaries.commitTiered(ref, from, to),
    dropTiered: (ref) => boundaries.dropTiered(ref),
  }
}
