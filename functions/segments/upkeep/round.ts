/** What the runs of one round add up to, and what a run leaves in the record. */
import type { UpkeepFailures } from "stratalog/protocol"
import { addFailures, noFailures } from "./failure-codes.ts"
import type { UpkeepRecord } from "./records.ts"
import { addToBacklog, type Backlog, type UpkeepReport } from "./report.ts"

export interface Round {
  /** When its first run began, epoch milliseconds. */
  readonly startedAt: number
  readonly partitions: number
  readonly failures: UpkeepFailures
  readonly unfinished: boolean
  readonly backlog: Backlog
  readonly removed: { readonly objects: number; readonly items: number; readonly bytes: number }
}

export function beginRound(startedAt: number): Round {
  const nothing = { partitions: 0, failures: noFailures(), unfinished: false }
  const backlog = { waitingBytes: 0, overduePartitions: 0 }
  return { startedAt, ...nothing, backlog, removed: { objects: 0, items: 0, bytes: 0 } }
}

export function addRun(round: Round, report: UpkeepReport): Round {
  const { objects, items, bytes } = round.removed
  const backlog = { ...round.backlog }
  addToBacklog(backlog, report.backlog)
  return {
    startedAt: round.startedAt,
    partitions: round.partitions + report.partitions,
    failures: addFailures(round.failures, report.failures),
    unfinished: round.unfinished || report.unfinished,
    backlog,
    removed: {
      objects: objects + report.sweptObjects,
      items: items + report.sweptItems,
      bytes: bytes + report.sweptBytes,
    },
  }
}

export interface EndedRun {
  readonly startedAt: number
  readonly endedAt: number
  readonly sweep: boolean
  /** It was the last of its round. */
  readonly complete: boolean
  readonly report: UpkeepReport
}

/** `round`: with this run. */
export function recordOfRun({ startedAt, endedAt, sweep, complete, report }: EndedRun, round: Round): UpkeepRecord {
  const failures = addFailures(noFailures(), report.failures)
  const lastRun = { startedAt, endedAt, partitions: report.partitions, sweep, complete, failures }
  if (!complete) return { lastRun }
  const piece = { startedAt: round.startedAt, endedAt, partitions: round.partitions }
  const { waitingBytes, overduePartitions, overdueSince = null } = round.backlog
  const backlog = { waitingBytes, overduePartitions, overdueSince }
  const lastRound = { ...piece, failures: round.failures, unfinished: round.unfinished, backlog }
  return { lastRun, lastRound, ...(sweep && { lastSweep: { ...piece, removed: round.removed } }) }
}

export function recordOfNudge({ startedAt, endedAt, report }: Omit<EndedRun, "sweep" | "complete">): UpkeepRecord {
  const failures = addFailures(noFailures(), report.failures)
  return { lastNudge: { startedAt, endedAt, partitions: report.partitions, failures } }
}
