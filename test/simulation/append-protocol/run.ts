/** One run: clients, faults, then calm, and the verdict. */
import type fc from "fast-check"
import { checkHistory, type Verdict } from "../../checker/check.ts"
import type { Operation } from "../../checker/operation.ts"
import { Clients } from "./clients.ts"
import { type BreakIndex, World } from "./world.ts"

export interface RunOptions {
  readonly seed: number
  readonly faultRate?: number
  readonly appends?: number
  readonly breakIndex?: BreakIndex
}

export interface Run {
  readonly history: readonly Operation[]
  readonly verdict: Verdict
  /** Runs of upkeep that made segments. */
  readonly tiered: number
}

/** `scheduler` decides which of the requests under way goes on next. */
export async function simulate(scheduler: fc.Scheduler, options: RunOptions): Promise<Run> {
  const { seed, faultRate = 0.1, appends = 12, breakIndex } = options
  const goOn = async (what: string) => {
    await scheduler.schedule(Promise.resolve(), what)
  }
  const world = new World({ seed, goOn, faultRate, ...(breakIndex && { breakIndex }) })
  await world.begin()
  const clients = new Clients(world)
  const work = [
    clients.plainWriter("a", appends),
    clients.plainWriter("b", appends),
    ...[1, 2, 3, 4, 5].map((id) => clients.idempotentWriter(`i${id}`, id, appends)),
    clients.conditionalWriter("c", appends),
    clients.reader("r", appends * 2),
    clients.reader("s", appends * 2),
    clients.sweeper(appends / 2),
    clients.upkeep(appends),
    clients.upkeep(appends),
    clients.deleter(2),
  ]
  await scheduler.waitFor(Promise.all(work))
  world.network.calm = true
  world.network.landAll()
  for (const fault of world.network.struck) clients.fault(fault)
  await scheduler.waitFor(Promise.all([clients.catchUp("r"), clients.catchUp("s")]))
  await scheduler.waitFor(clients.drain())
  return { history: clients.history, verdict: checkHistory(clients.history, NOT_VACUOUS), tiered: clients.tiered }
}

const NOT_VACUOUS = { minAcks: 10, minFetches: 5, faults: [] }
