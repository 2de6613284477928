/** Rounds of load, faults, calm and check against a deployment on a LocalStack of this machine. */
import { mkdtemp, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { checkHistory, type Expectations } from "../../checker/check.ts"
import { writeHistory } from "../../checker/operation.ts"
import { seededRandom } from "../random.ts"
import type { TortureFailure, TortureReport } from "../report.ts"
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
  let failure: TortureFailure | undefined
  try {
    while (failure === undefined && plans.length < rounds) {
      const plan = planDeployedRound(random.fork(`round ${plans.length}`))
      plans.push(plan)
      await life.round(plan)
      failure = await judge(life, plans)
      const acks = history.filter(({ f, type }) => f === "append" && type === "ok").length
      onProgress?.(
        `round ${plans.length}/${rounds}: ${describeDeployedPlan(plan)}; ${history.length} operations, ${acks} acknowledged appends`,
      )
    }
  } finally {
    await life.end()
  }
  failure ??= await judge(life, plans)
  const faults = new Map<string, number>()
  for (const each of history) if (each.f === "fault") faults.set(each.value, (faults.get(each.value) ?? 0) + 1)
  return { rounds: plans.length, operations: history.length, faults, ...(failure && { failure }) }
}

async function judge(
  { recorder: { history, violations } }: DeployedLife,
  plans: readonly DeployedRoundPlan[],
): Promise<TortureFailure | undefined> {
  const { anomalies, vacuous } = checkHistory(history, expectationsOf(plans))
  if (anomalies.length === 0 && vacuous.length === 0 && violations.length === 0) return undefined
  const path = join(await mkdtemp(join(tmpdir(), "stratalog-torture-")), "history.jsonl")
  await writeFile(path, writeHistory(history))
  return { round: plans.length - 1, anomalies, violations: [...violations, ...vacuous], history: path }
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
