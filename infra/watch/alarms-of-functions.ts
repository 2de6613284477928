/** Functions that break off, are turned away or come near their time-out, and what callers see of it. */
import { Duration } from "aws-cdk-lib"
import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch"
import type { Construct } from "constructs"
import { capital } from "../capital.ts"
import { createAlarm } from "./alarm.ts"
import { FIVE_MINUTES } from "./metrics.ts"
import type { Watched, WatchedFunction } from "./watched.ts"

/** A break or two in a quarter of an hour is what callers get over by asking again. */
const BREAKS = 3
const THROTTLES = 10
const ERROR_ANSWERS = 5
const NAMES_OF_DOORS = ["", "KeyDoor"]

export function alarmsOfFunctions(
  scope: Construct,
  { functions, doors }: Watched,
  actions: readonly IAlarmAction[],
): void {
  for (const each of functions) {
    const { entry, lambda } = each
    const of = capital(entry)
    createAlarm(scope, { kind: "FunctionErrors", of, ...breaks(each), actions })
    const throttles = lambda.metricThrottles({ period: FIVE_MINUTES })
    const turnedAway = { metric: throttles, threshold: THROTTLES, outOf: [2, 3] } as const
    createAlarm(scope, { kind: "FunctionThrottles", of, ...turnedAway, actions })
    createAlarm(scope, { kind: "FunctionSlow", of, ...slowness(each), actions })
  }
  for (const [at, { serverErrors }] of doors.entries()) {
    const answers = { metric: serverErrors, threshold: ERROR_ANSWERS, outOf: [2, 3] } as const
    createAlarm(scope, { kind: "ServerErrors", of: NAMES_OF_DOORS[at] ?? "", ...answers, actions })
  }
}

/** Upkeep is called seldom, and each of its runs matters. */
function breaks({ entry, lambda }: WatchedFunction) {
  return entry === "upkeep"
    ? ({ metric: lambda.metricErrors({ period: Duration.hours(1) }), threshold: 1, outOf: [1, 1] } as const)
    : ({ metric: lambda.metricErrors({ period: Duration.minutes(15) }), threshold: BREAKS, outOf: [1, 1] } as const)
}

/** Readers wait for 20 of their 29 s. Upkeep begins nothing new in its last minute, so that it ends just before it by design. */
function slowness({ entry, lambda, timeout }: WatchedFunction) {
  const isUpkeep = entry === "upkeep"
  const period = isUpkeep ? Duration.hours(1) : FIVE_MINUTES
  const threshold = timeout.toMilliseconds() * (isUpkeep ? 0.95 : 0.9)
  const outOf: readonly [number, number] = isUpkeep ? [1, 1] : [2, 3]
  return { metric: lambda.metricDuration({ period, statistic: "Maximum" }), threshold, outOf }
}
