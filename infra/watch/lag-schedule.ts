/** Looks up the lag of groups that have an alarm: nobody else would, while their consumers are silent. */
import type { Function as LambdaFn } from "aws-cdk-lib/aws-lambda"
import type { Construct } from "constructs"
import { allowStorage } from "../functions/allow-storage.ts"
import { LAG } from "../functions/permissions.ts"
import { callBySchedule } from "../functions/upkeep.ts"
import type { LogStorage } from "../storage.ts"
import { FIVE_MINUTES } from "./metrics.ts"
import type { WatchSettings } from "./settings.ts"

export function watchLag(
  scope: Construct,
  upkeep: LambdaFn,
  storage: LogStorage,
  { lagAlarms = {} }: WatchSettings,
): void {
  const groups = Object.keys(lagAlarms)
  if (groups.length === 0) return
  allowStorage(upkeep, LAG, storage)
  callBySchedule(scope, "LagSchedule", upkeep, FIVE_MINUTES, { lag: groups })
}
