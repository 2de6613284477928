/** Committed offsets of groups only move forward, and never past the end of the log. */
import type { Anomaly } from "./anomaly.ts"
import type { CommitOperation, CommittedOperation, Operation } from "./operation.ts"
import { finalLog, type HistoryIndex } from "./partition-history.ts"

type GroupOperation = CommitOperation | CommittedOperation

export function checkCommits(history: readonly Operation[], index: HistoryIndex): Anomaly[] {
  const groups = Map.groupBy(history.filter(isGroupOperation), (operation) => operation.key)
  return [...groups].flatMap(([key, operations]) => [
    ...regressions(key, operations),
    ...beyondEnd(key, operations, index),
  ])
}

function isGroupOperation(operation: Operation): operation is GroupOperation {
  return (operation.f === "commit" || operation.f === "committed") && operation.type === "ok"
}

/** A committed offset that is read is at or past each one that was committed, or read, before the read began. */
function regressions(key: string, operations: readonly GroupOperation[]): Anomaly[] {
  const known = operations.toSorted((left, right) => left.return - right.return)
  const anomalies: Anomaly[] = []
  let next = 0
  let highest: GroupOperation | undefined
  for (const operation of operations.toSorted((left, right) => left.call - right.call)) {
    for (let one = known[next]; one !== undefined && one.return < operation.call; one = known[++next]) {
      if ((one.offset ?? -1) > (highest?.offset ?? -1)) highest = one
    }
    if (highest !== undefined && (operation.offset ?? -1) < (highest.offset ?? -1)) {
      const detail = `${operation.f} ${operation.id} says ${operation.offset}, after ${highest.id} said ${highest.offset}`
      anomalies.push({ kind: "commit-regress", key, detail })
    }
  }
  return anomalies
}

function beyondEnd(key: string, operations: readonly GroupOperation[], index: HistoryIndex): Anomaly[] {
  const partition = index.partitions.get(key.slice(key.indexOf(":") + 1))
  const log = partition && finalLog(partition)
  if (log === undefined) return []
  const end = Math.max(log.logStartOffset, ...[...log.valueAt.keys()].slice(-1).map((offset) => offset + 1))
  return operations
    .filter((operation) => (operation.offset ?? 0) > end)
    .map((operation) => {
      return {
        kind: "commit-beyond-end",
        key,
        detail: `${operation.f} ${operation.id} says ${operation.offset}; the log ends at ${end}`,
      }
    })
}
