/** The alarms of a deployment: who is told, and what is looked at. */
import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch"
import { Construct } from "constructs"
import { actionsOf } from "./actions.ts"
import { alarmsOfFunctions } from "./alarms-of-functions.ts"
import { alarmsOfGroups } from "./alarms-of-groups.ts"
import { alarmsOfStorage } from "./alarms-of-storage.ts"
import { alarmsOfUpkeep } from "./alarms-of-upkeep.ts"
import { checkWatch, type WatchSettings } from "./settings.ts"
import type { Watched } from "./watched.ts"

/** Makes none where the settings want none. */
export function createAlarms(scope: Construct, watched: Watched, settings: WatchSettings): void {
  checkWatch(settings)
  const { alarms, lagAlarms = {} } = settings
  if (alarms === undefined) return
  const of = new Construct(scope, "Alarms")
  const actions: readonly IAlarmAction[] = actionsOf(of, alarms)
  alarmsOfFunctions(of, watched, actions)
  alarmsOfStorage(of, watched, actions)
  alarmsOfUpkeep(of, watched, actions)
  alarmsOfGroups(of, lagAlarms, actions)
}
