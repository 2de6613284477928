/** Rounds of load, faults, calm and check against several servers on one table; every few rounds on a fresh table. */
import type { AnomalyKind } from "../../checker/anomaly.ts"
import type { Expectations } from "../../checker/check.ts"
import { seededRandom } from "../random.ts"
import type { TortureReport } from "../report.ts"
import { countFaults, judge, progress } from "../verdict.ts"
import { AwsLife } from "./life.ts"
import { type AwsRoundPlan, describeAwsPlan, planAwsRound } from "./plan.ts"
import type { Stores } from "./stores.ts"

const ROUNDS_PER_LIFE = 3

export interface AwsTortureOptions {
  readonly rounds: number
  readonly seed: number
  readonly stores: Stores
  /** One of test/torture/aws/bugs.ts. */
  readonly bug?: string
  /** Any other failure only ends its table: a bug shows in several ways, not all of them each time. */
  readonly until?: AnomalyKind
  readonly onProgress?: (line: string) => void
}

/** Stops at the first round that shows anything wrong, and keeps its history. */
export async function runAwsTorture(options: AwsTortureOptions): Promise<TortureReport> {
  const { rounds, seed, stores, bug, until, onProgress } = options
  const faults = new Map<string, number>()
  let operations = 0
  for (let first = 0; first < rounds; first += ROUNDS_PER_LIFE) {
    const random = seededRandom(seed).fork(`life ${first}`)
    const life = await AwsLife.begin({ random, name: `L${first}`, stores, bug })
    const { history } = life.recorder
    const plans: AwsRoundPlan[] = []
    try {
      const end = Math.min(first + ROUNDS_PER_LIFE, rounds)
      for (let round = first; round < end; round++) {
        const plan = planAwsRound(random.fork(`round ${round}`), round === first, bug !== undefined)
        plans.push(plan)
        await life.round(plan)
        const failure = await judge(life.recorder, expectationsOf(plans), round)
        onProgress?.(progress(round + 1, rounds, describeAwsPlan(plan), history))
        if (failure === undefined) continue
        if (until !== undefined && !failure.anomalies.some(({ kind }) => kind === until)) break
        return { rounds: round + 1, operations: operations + history.length, faults, failure }
      }
    } finally {
      await life.end()
      countFaults(history, faults)
    }
    operations += history.length
  }
  return { rounds, operations, faults }
}

function expectationsOf(plans: readonly AwsRoundPlan[]): Expectations {
  const faults = plans.flatMap((plan) => plan.faults)
  const begun = faults.reduce((sum, { operations }) => sum + operations, 0)
  return {
    minAcks: Math.floor(begun / 10),
    minFetches: Math.floor(begun / 20),
    faults: ["kill", "pause", "tiered"],
    groups: { minCommits: plans.length, minHandovers: 1 },
  }
}
