/** Keeps house when a schedule says so. */
import type { Upkeep } from "../compose/indexed-upkeep.ts"
import type { UpkeepCursor } from "../segments/upkeep/upkeep-all.ts"
import type { InvocationContext } from "./events.ts"
import { report } from "./report.ts"

/** What the schedules of the stack send. */
export interface UpkeepEvent {
  /** Also look for what nothing refers to. */
  readonly sweep?: boolean
}

export type UpkeepHandler = (event: UpkeepEvent, context: InvocationContext) => Promise<void>

/** Nothing new is begun so long before the function's time is over, milliseconds: a piece of work takes seconds. */
const TIME_TO_END = 60_000

export function upkeepHandler(upkeep: Upkeep, say = report): UpkeepHandler {
  // An environment that is used again goes on where it stopped; a new one begins at the beginning.
  // Sweeps, which are rare, have a round of their own, or they would never see what other runs see at first.
  const cursors = new Map<boolean, UpkeepCursor | undefined>()
  return async ({ sweep = false }, context) => {
    const until = Date.now() + Math.max(0, context.getRemainingTimeInMillis() - TIME_TO_END)
    const run = await upkeep({ until, sweep }, cursors.get(sweep))
    cursors.set(sweep, run.next)
    const { failures, ...counts } = run.report
    say({ level: "info", event: "upkeep", sweep, complete: run.next === undefined, ...counts })
    for (const { partition, step, failure } of failures) {
      say({ level: "warn", event: "upkeep_failed", ...partition, step, failure })
    }
  }
}
