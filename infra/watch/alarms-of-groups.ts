/** Groups that fall behind. */
import { type IAlarmAction, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch"
import type { Construct } from "constructs"
import { createAlarm } from "./alarm.ts"
import { FIVE_MINUTES, ownMetric } from "./metrics.ts"
import type { LagThresholds } from "./settings.ts"

export function alarmsOfGroups(scope: Construct, groups: LagThresholds, actions: readonly IAlarmAction[]): void {
  for (const [group, threshold] of Object.entries(groups)) {
    createAlarm(scope, {
      kind: "Lag",
      of: group,
      metric: lagOf(scope, group),
      threshold,
      outOf: [2, 3],
      // Nobody knows: the group has committed nothing, or nobody looked.
      missing: TreatMissingData.MISSING,
      actions,
    })
  }
}

export function lagOf(scope: Construct, group: string) {
  return ownMetric(scope, "groupLag", {
    period: FIVE_MINUTES,
    statistic: "Maximum",
    dimensions: { Group: group },
  })
}
