/** One run: members, faults, then calm, and the verdict. */
import type fc from "fast-check"
import { compilePatterns } from "../../../functions/groups/members/patterns.ts"
import { checkHistory, type Expectations, type Verdict } from "../../checker/check.ts"
import type { Operation } from "../../checker/operation.ts"
import type { BreakStore } from "./broken-store.ts"
import { Crowd } from "./crowd.ts"
import { World } from "./world.ts"

export interface RunOptions {
  readonly seed: number
  readonly faultRate?: number
  readonly lateCommits?: number
  readonly rounds?: number
  readonly breakStore?: BreakStore
}

export interface Run {
  readonly history: readonly Operation[]
  readonly verdict: Verdict
  /** What the members' own eyes cannot see: broken rules of ownership, and a group that does not come to rest. */
  readonly violations: readonly string[]
  readonly handovers: number
}

const MINUTE_MS = 60_000

/** `scheduler` decides which of the requests under way goes on next. */
export async function simulate(scheduler: fc.Scheduler, options: RunOptions): Promise<Run> {
  const { seed, faultRate = 0.06, lateCommits = 0.05, rounds = 30, breakStore } = options
  // The engine of patterns is loaded outside of the scheduler's time.
  await compilePatterns(["^t.*"])
  const goOn = async (what: string) => {
    await scheduler.schedule(Promise.resolve(), what)
  }
  const skewMs = seed % 3 === 0 ? 10 * MINUTE_MS : seed % 3 === 1 ? 2_000 : 0
  const world = new World({ seed, goOn, faultRate, lateCommits, skewMs, ...(breakStore && { breakStore }) })
  const crowd = new Crowd(world, { autoOffsetReset: seed % 5 === 0 ? "latest" : "earliest" })
  await crowd.begin()
  await scheduler.waitFor(crowd.work(rounds))
  world.calmDown()
  for (const fault of [...world.storage.struck, ...world.clients.struck]) world.chronicle.fault(fault)
  await scheduler.waitFor(crowd.comeToRest())
  await crowd.drain()
  const { history, violations } = world.chronicle
  return { history, verdict: checkHistory(history, NOT_VACUOUS), violations, handovers: crowd.handovers }
}

const NOT_VACUOUS: Expectations = { minAcks: 10, minFetches: 2, faults: [], groups: { minCommits: 1, minHandovers: 0 } }
