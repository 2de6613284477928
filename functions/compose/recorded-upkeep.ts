/** Upkeep that leaves a report of each run where `GET /v1/upkeep` finds it. */
import type { Clock, Unavailable } from "../log/ports.ts"
import type { UpkeepRecord, UpkeepRecords } from "../segments/upkeep/records.ts"
import { addRun, beginRound, type Round, recordOfNudge, recordOfRun } from "../segments/upkeep/round.ts"
import type { UpkeepCursor } from "../segments/upkeep/upkeep-all.ts"
import type { Upkeep, UpkeepSome } from "./indexed-upkeep.ts"

export interface RecordedUpkeepParts {
  readonly records: Pick<UpkeepRecords, "write">
  readonly clock: Clock
  /** Hears of a report that could not be left. The run itself did what it did. */
  readonly unrecorded: (failure: Unavailable) => void
  /** Hears of each report, whether it could be left or not. */
  readonly recorded?: ((record: UpkeepRecord) => void) | undefined
}

export function recordedUpkeep(upkeep: Upkeep, parts: RecordedUpkeepParts): Upkeep {
  const { clock } = parts
  // A round that another process began, or that was abandoned, is not added to.
  const rounds = new WeakMap<UpkeepCursor, Round>()
  return async (options, cursor) => {
    const startedAt = clock.now()
    const before = cursor && rounds.get(cursor)
    const run = await upkeep(options, cursor)
    const round = addRun(before ?? beginRound(startedAt), run.report)
    if (run.next !== undefined) rounds.set(run.next, round)
    const ended = { startedAt, endedAt: clock.now(), sweep: options.sweep, complete: run.next === undefined }
    await leave(parts, recordOfRun({ ...ended, report: run.report }, round))
    return run
  }
}

export function recordedUpkeepSome(upkeepSome: UpkeepSome, parts: RecordedUpkeepParts): UpkeepSome {
  const { clock } = parts
  return async (partitions, until) => {
    const startedAt = clock.now()
    const report = await upkeepSome(partitions, until)
    await leave(parts, recordOfNudge({ startedAt, endedAt: clock.now(), report }))
    return report
  }
}

async function leave({ records, unrecorded, recorded }: RecordedUpkeepParts, record: UpkeepRecord): Promise<void> {
  recorded?.(record)
  const outcome = await records.write(record)
  if (outcome.kind === "unavailable") unrecorded(outcome)
}
