/** Rounds of load, kill, recovery and check; every few rounds on a fresh data directory. */
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { AnomalyKind } from "../checker/anomaly.ts"
import { checkHistory, type Expectations } from "../checker/check.ts"
import { writeHistory } from "../checker/operation.ts"
import { Life } from "./life.ts"
import { describePlan, planRound, type RoundPlan } from "./plan.ts"
import { seededRandom } from "./random.ts"
import type { TortureFailure, TortureReport } from "./report.ts"
import { countFaults, progress } from "./verdict.ts"

const ROUNDS_PER_LIFE = 5

export interface TortureOptions {
  readonly rounds: number
  readonly seed: number
  readonly bug?: string
  /** Any other failure only ends its data directory: a bug shows in several ways, not all of them each time. */
  readonly until?: AnomalyKind
  readonly onProgress?: (line: string) => void
}

/** Stops at the first round that shows anything wrong, and keeps its files. */
export async function runTorture({ rounds, seed, bug, until, onProgress }: TortureOptions): Promise<TortureReport> {
  const faults = new Map<string, number>()
  let operations = 0
  for (let first = 0; first < rounds; first += ROUNDS_PER_LIFE) {
    const random = seededRandom(seed).fork(`life ${first}`)
    const life = await Life.begin({ random, name: `L${first}`, bug })
    const plans: RoundPlan[] = []
    let failed = true
    try {
      const end = Math.min(first + ROUNDS_PER_LIFE, rounds)
      for (let round = first; round < end; round++) {
        const plan = planRound(random.fork(`round ${round}`), round === first)
        plans.push(plan)
        await life.round(plan)
        const failure = await judge(life, plans, round, round + 1 === end)
        onProgress?.(progress(round + 1, rounds, describePlan(plan), life.recorder.history))
        if (failure === undefined) continue
        if (until !== undefined && !failure.anomalies.some(({ kind }) => kind === until)) break
        return { rounds: round + 1, operations: operations + life.recorder.history.length, faults, failure }
      }
      failed = false
    } finally {
      await life.end(failed)
      countFaults(life.recorder.history, faults)
    }
    operations += life.recorder.history.length
  }
  return { rounds, operations, faults }
}

/** One round alone may prove little, such as one that ends with its first operation; a whole life has to prove something. */
async function judge(
  life: Life,
  plans: readonly RoundPlan[],
  round: number,
  lastOfLife: boolean,
): Promise<TortureFailure | undefined> {
  const { history, violations } = life.recorder
  const verdict = checkHistory(history, expectationsOf(plans, life.isUpkept))
  const vacuous = lastOfLife ? verdict.vacuous : []
  const { anomalies } = verdict
  if (anomalies.length === 0 && vacuous.length === 0 && violations.length === 0) return undefined
  const path = join(life.dataDir, "history.jsonl")
  await writeFile(path, writeHistory(history))
  return { round, anomalies, violations: [...violations, ...vacuous], history: path }
}

function expectationsOf(plans: readonly RoundPlan[], isUpkept: boolean): Expectations {
  const begun = plans.reduce((sum, plan) => sum + (plan.atRoll ? 0 : plan.operations), 0)
  return {
    // Of the operations that begin about half write, and some die with the server.
    minAcks: Math.floor(begun / 8),
    minFetches: Math.floor(begun / 20),
    faults: [
      ...(isUpkept ? ["tiered"] : []),
      ...plans.filter((plan) => plan.atRoll).map((plan) => `${plan.end}-at-roll`),
      ...(plans.some((plan) => plan.tearTail) ? ["torn-tail"] : []),
      ...(plans.some((plan) => plan.killsInStart.length > 0) ? ["kill-in-start"] : []),
      ...(plans.some((plan) => plan.secondOpener) ? ["second-opener"] : []),
    ],
    ...(isUpkept && { groups: { minCommits: plans.length, minHandovers: 1 } }),
  }
}
