/** Committed offsets of groups: they move forward but for resets, and never past the end of the log. */
import type { Anomaly } from "./anomaly.ts"
import { withHighestBefore } from "./check-time.ts"
import { type GroupPartition, groupPartitions, readings } from "./group-history.ts"
import type { Operation } from "./operation.ts"
import { finalLog, type HistoryIndex, partitionOf } from "./partition-history.ts"

export function checkCommits(history: readonly Operation[], index: HistoryIndex): Anomaly[] {
  return groupPartitions(history).flatMap((partition) => [...regressions(partition), ...beyondEnd(partition, index)])
}

/** What is read is at or past each offset that was committed, or read, before, unless a reset came in between. */
function regressions(partition: GroupPartition): Anomaly[] {
  const known = readings(partition).map(({ by, offset }) => ({ ...by, offset }))
  // A member's commit that a later one of its own overtook is passed over, and says nothing of where the group is.
  const telling = known.filter((reading) => reading.f !== "commit" || reading.epoch === undefined)
  const sinceReset = Map.groupBy(telling, (reading) => lastResetUnder(partition, reading))
  return [...sinceReset].flatMap(([since, later]) => {
    const marks = known.filter(({ call }) => call > since).map(({ return: at, id, offset }) => ({ at, id, offset }))
    return [...withHighestBefore(later, marks)]
      .filter(({ operation, highest }) => operation.offset < highest.offset)
      .map(({ operation: { f, id, offset }, highest }): Anomaly => {
        const detail = `${f} ${id} says ${offset}, after ${highest.id} said ${highest.offset}`
        return { kind: "commit-regress", key: partition.key, detail }
      })
  })
}

/** When the last reset was over that explains an offset that went back; one of which nobody knows may come at any time. */
function lastResetUnder(
  { resets }: GroupPartition,
  reading: { readonly return: number; readonly offset: number },
): number {
  const explains = resets.filter(({ call, offset }) => call < reading.return && (offset ?? -1) <= reading.offset)
  return Math.max(-1, ...explains.map((reset) => (reset.type === "ok" ? reset.return : Number.MAX_VALUE)))
}

function beyondEnd(partition: GroupPartition, index: HistoryIndex): Anomaly[] {
  const { key } = partition
  const history = index.partitions.get(partitionOf(key))
  const log = history && finalLog(history)
  if (log === undefined) return []
  const end = Math.max(log.logStartOffset, ...[...log.valueAt.keys()].slice(-1).map((offset) => offset + 1))
  return readings(partition)
    .filter(({ offset }) => offset > end)
    .map(({ by, offset }) => {
      const detail = `${by.f} ${by.id} says ${offset}; the log ends at ${end}`
      return { kind: "commit-beyond-end", key, detail }
    })
}
