/** Keeps house: of all partitions when a schedule says so, and of a busy one when it is nudged. */
import type { IndexedUpkeep } from "../compose/indexed-upkeep.ts"
import { failureCode } from "../segments/upkeep/failure-codes.ts"
import type { UpkeepReport } from "../segments/upkeep/report.ts"
import type { UpkeepCursor } from "../segments/upkeep/upkeep-all.ts"
import type { InvocationContext } from "./events.ts"
import { report } from "./report.ts"
import { upkeepTask } from "./upkeep-event.ts"

export interface UpkeepParts extends IndexedUpkeep {
  /** Tells of the lag of groups; absent where nobody wants to know. */
  readonly tellLag?: (groups: readonly string[]) => Promise<void>
}

export type UpkeepHandler = (event: unknown, context: InvocationContext) => Promise<void>

/** Nothing new is begun so long before the function's time is over, milliseconds: a piece of work takes seconds. */
const TIME_TO_END = 60_000

/** Rejects an event that it does not know, so that it comes whole to the dead letters, where somebody finds it. */
export function upkeepHandler({ upkeep, upkeepSome, tellLag }: UpkeepParts, say = report): UpkeepHandler {
  // An environment that is used again goes on where it stopped; a new one begins at the beginning.
  // Sweeps, which are rare, have a round of their own, or they would never see what other runs see at first.
  const cursors = new Map<boolean, UpkeepCursor | undefined>()
  return async (event, context) => {
    const until = Date.now() + Math.max(0, context.getRemainingTimeInMillis() - TIME_TO_END)
    const task = upkeepTask(event)
    switch (task.kind) {
      case "round": {
        const { sweep } = task
        const run = await upkeep({ until, sweep }, cursors.get(sweep))
        cursors.set(sweep, run.next)
        tell(say, { sweep, complete: run.next === undefined }, run.report)
        return
      }
      case "nudged":
        tell(say, { nudged: true }, await upkeepSome(task.partitions, until))
        return
      case "lag":
        return await tellLag?.(task.groups)
      case "unknown":
        say({ level: "error", event: "unknown_event", detail: task.detail })
        throw new Error(`The event is neither of a schedule nor a nudge: ${task.detail}`)
    }
  }
}

function tell(say: typeof report, how: Readonly<Record<string, unknown>>, { failures, ...counts }: UpkeepReport): void {
  say({ level: "info", event: "upkeep", ...how, ...counts })
  for (const failed of failures) {
    // That somebody else was faster is no failure.
    const level = failureCode(failed) === undefined ? "info" : "warn"
    const { partition, step, failure } = failed
    say({ level, event: "upkeep_failed", ...partition, step, failure })
  }
}
