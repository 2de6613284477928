import type { AppendOutcome, PartitionLog } from "../log/ports.ts"
import type { StorageHealth } from "./storage-health.ts"

/** The log; `health` hears what becomes of its appends. */
export function watchedLog(log: PartitionLog, health: StorageHealth): PartitionLog {
  return {
    ...log,
    async append(partition, entries) {
      const outcomes = await log.append(partition, entries)
      for (const outcome of outcomes) tell(outcome, health)
      return outcomes
    },
  }
}

/** A throttled partition says nothing about the others. */
function tell(outcome: AppendOutcome, health: StorageHealth): void {
  if (outcome.kind === "appended") health.succeeded()
  if (outcome.kind === "unavailable" && outcome.reason !== "throttled") health.failed(outcome)
}
