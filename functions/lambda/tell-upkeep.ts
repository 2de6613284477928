/** Tells CloudWatch what upkeep leaves in its reports, for the alarms of a deployment. */
import type { Report } from "../http/logs/log-line.ts"
import * as table from "../http/metrics/table/upkeep.ts"
import type { UpkeepRecord } from "../segments/upkeep/records.ts"
import { type Figure, figuresLine } from "./figures.ts"

export interface TellUpkeep {
  readonly deployment: string
  readonly now: () => number
  readonly say: Report
}

/** For each report that upkeep leaves. */
export function tellUpkeep({ deployment, now, say }: TellUpkeep): (record: UpkeepRecord) => void {
  return (record) => {
    const at = now()
    const figures = [...failuresOf(record), ...backlogOf(record, at), ...orphansOf(record)]
    if (figures.length > 0) say({ level: "info", ...figuresLine({ deployment, at }, figures) })
  }
}

function failuresOf({ lastRun, lastNudge }: UpkeepRecord): readonly Figure[] {
  const run = lastRun ?? lastNudge
  return run === undefined ? [] : [{ metric: table.upkeepFailures, value: run.failures.count }]
}

function backlogOf({ lastRound }: UpkeepRecord, now: number): readonly Figure[] {
  if (lastRound === undefined) return []
  const { waitingBytes, overduePartitions, overdueSince } = lastRound.backlog
  return [
    { metric: table.backlogBytes, value: waitingBytes },
    { metric: table.overduePartitions, value: overduePartitions },
    { metric: table.overdueSeconds, value: overdueSince === null ? 0 : Math.max(0, now - overdueSince) / 1000 },
  ]
}

function orphansOf({ lastSweep }: UpkeepRecord): readonly Figure[] {
  return lastSweep === undefined ? [] : [{ metric: table.orphanBytes, value: lastSweep.removed.bytes }]
}
