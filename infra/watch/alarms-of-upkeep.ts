/** Upkeep that fails, does not run or falls behind, and what it left as dead letters. */
import { Duration } from "aws-cdk-lib"
import { type IAlarmAction, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch"
import type { IQueue } from "aws-cdk-lib/aws-sqs"
import type { Construct } from "constructs"
import { createAlarm } from "./alarm.ts"
import { messagesIn, ownMetric, ruleCalls } from "./metrics.ts"
import type { Watched } from "./watched.ts"

/** Beyond the time after which records of a quiet partition go into a segment. */
const OVERDUE = Duration.hours(6)

export function alarmsOfUpkeep(
  scope: Construct,
  { schedule: { ruleName, every }, deadLetters }: Watched,
  actions: readonly IAlarmAction[],
): void {
  const period = every.toSeconds() < Duration.hours(1).toSeconds() ? Duration.hours(1) : every
  const failures = ownMetric(scope, "upkeepFailures", { period, statistic: "Sum" })
  createAlarm(scope, { kind: "UpkeepFailing", metric: failures, threshold: 1, outOf: [2, 2], actions })
  createAlarm(scope, {
    kind: "UpkeepNotRunning",
    metric: ruleCalls(ruleName, period),
    threshold: 1,
    below: true,
    outOf: [2, 2],
    // A schedule that does not fire counts nothing.
    missing: TreatMissingData.BREACHING,
    actions,
  })
  createAlarm(scope, {
    kind: "TierBacklog",
    metric: ownMetric(scope, "overdueSeconds", { period, statistic: "Maximum" }),
    threshold: OVERDUE.toSeconds(),
    outOf: [2, 2],
    // It is told by whole rounds alone.
    missing: TreatMissingData.IGNORE,
    actions,
  })
  alarmOfDeadLetters(scope, deadLetters, actions)
}

export function alarmOfDeadLetters(scope: Construct, queue: IQueue, actions: readonly IAlarmAction[]): void {
  createAlarm(scope, {
    kind: "DeadLetters",
    metric: messagesIn(queue),
    threshold: 1,
    outOf: [1, 1],
    // SQS stops counting for a queue that nobody touches for six hours, whatever lies in it.
    missing: TreatMissingData.IGNORE,
    actions,
  })
}
