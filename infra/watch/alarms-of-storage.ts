/** A table that throttles or fails. */
import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch"
import type { Construct } from "constructs"
import { createAlarm } from "./alarm.ts"
import { tableErrors, tableThrottles } from "./metrics.ts"
import type { Watched } from "./watched.ts"

/** What is throttled is asked for again, and a busy partition is throttled now and then. */
const THROTTLES = 100
const FAILURES = 5

export function alarmsOfStorage(
  scope: Construct,
  { storage: { table } }: Watched,
  actions: readonly IAlarmAction[],
): void {
  const throttled = { metric: tableThrottles(table), threshold: THROTTLES, outOf: [2, 3] } as const
  createAlarm(scope, { kind: "StorageThrottled", ...throttled, actions })
  const failing = { metric: tableErrors(table), threshold: FAILURES, outOf: [2, 3] } as const
  createAlarm(scope, { kind: "StorageErrors", ...failing, actions })
}
