/** Rounds of load, faults, calm and check against a deployment on a LocalStack of this machine. */
import type { Expectations } from "../../checker/check.ts"
import { seededRandom } from "../random.ts"
import type { TortureFailure, TortureReport } from "../report.ts"
import { countFaults, judge, progress } from "../verdict.ts"
import { DeployedLife, type DeployedLifeOptions } from "./life.ts"
import { type DeployedRoundPlan, describeDeployedPlan, planDeployedRound } from "./plan.ts"

export interface DeployedTortureOptions extends Omit<DeployedLifeOptions, "random" | "name"> {
  readonly rounds: number
  readonly seed: number
  readonly onProgress?: (line: string) => void
}

/** Stops at the first round that shows anything wrong, and keeps its history. */
export async function runDeployedTorture(options: DeployedTortureOptions): Promise<TortureReport> {
  const { rounds, seed, onProgress, ...where } = options
  const random = seededRandom(seed)
  const life = await DeployedLife.begin({ ...where, random, name: `torture-${seed}-${Date.now()}` })
  const { history } = life.recorder
  const plans: DeployedRoundPlan[] = []
  const verdict = () => judge(life.recorder, expectationsOf(plans), plans.length - 1)
  let failure: TortureFailure | undefined
  try {
    while (failure === undefined && plans.length < rounds) {
      const plan = planDeployedRound(random.fork(`round ${plans.length}`))
      plans.push(plan)
      await life.round(plan)
      failure = await verdict()
      onProgress?.(progress(plans.length, rounds, describeDeployedPlan(plan), history))
    }
  } finally {
    await life.end()
  }
  failure ??= await verdict()
  const faults = new Map<string, number>()
  countFaults(history, faults)
  return { rounds: plans.length, operations: history.length, faults, ...(failure && { failure }) }
}

function expectationsOf(plans: readonly DeployedRoundPlan[]): Expectations {
  const begun = plans.flatMap((plan) => plan.faults).reduce((sum, { operations }) => sum + operations, 0)
  return {
    minAcks: Math.floor(begun / 10),
    minFetches: Math.floor(begun / 20),
    faults: ["kill", "kill-all", "pause", "upkeep-killed", "upkeep-twice", "tiered"],
    groups: { minCommits: plans.length, minHandovers: 1 },
  }
}
