/** The function that keeps house, and the schedules that call it. */
import { Duration } from "aws-cdk-lib"
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events"
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets"
import type { Function as LambdaFn } from "aws-cdk-lib/aws-lambda"
import type { Construct } from "constructs"
import type { LogStorage } from "../storage.ts"
import { createFunction } from "./create.ts"
import type { FunctionSettings } from "./settings.ts"

export interface UpkeepSettings {
  /**
   * How often the log is kept up: retention, tiering, compaction. Default `1h`. `6h`: with the sweep alone, so that an idle
   * deployment asks for nothing in between. `5m` is for logs of many megabytes a second.
   */
  readonly upkeep?: "1h" | "5m" | "6h" | undefined
}

/** The sweep does all of it too. */
const UPKEEP_EVERY = { "1h": Duration.hours(1), "5m": Duration.minutes(5), "6h": undefined }
/** Lists all objects. Further apart than anything lasts that was under way when a topic was deleted. */
const SWEEP_EVERY = Duration.hours(6)

export interface Upkeep {
  readonly lambda: LambdaFn
  /** By which it is called the most often. */
  readonly schedule: { readonly ruleName: string; readonly every: Duration }
}

export function createUpkeep(
  scope: Construct,
  storage: LogStorage,
  { upkeep = "1h", ...settings }: FunctionSettings & UpkeepSettings,
): Upkeep {
  const lambda = createFunction(scope, "upkeep", storage, settings)
  const every = UPKEEP_EVERY[upkeep]
  const often = every && callBySchedule(scope, "UpkeepSchedule", lambda, every, { sweep: false })
  const seldom = callBySchedule(scope, "SweepSchedule", lambda, SWEEP_EVERY, { sweep: true })
  return { lambda, schedule: { ruleName: (often ?? seldom).ruleName, every: every ?? SWEEP_EVERY } }
}

/** The next run does what a failed one left. A rule, as LocalStack never fires a schedule of EventBridge Scheduler. */
export function callBySchedule(scope: Construct, name: string, lambda: LambdaFn, every: Duration, event: object): Rule {
  const target = new LambdaFunction(lambda, { event: RuleTargetInput.fromObject(event), retryAttempts: 0 })
  return new Rule(scope, name, { schedule: Schedule.rate(every), targets: [target] })
}
