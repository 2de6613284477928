/** What may be watched in CloudWatch, and who is told. */
import { Token } from "aws-cdk-lib"
import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch"
import { SettingError } from "../setting-error.ts"

/** `on`, an e-mail address, or actions. */
export type AlarmsSetting = string | readonly IAlarmAction[]

/** By group: the lag from which on there is an alarm, records. */
export type LagThresholds = Readonly<Record<string, number>>

export interface WatchSettings {
  /**
   * Alarms of CloudWatch: functions that fail, are throttled or near their time-out, error answers, a table that throttles or
   * fails, upkeep that fails, does not run or falls behind, dead letters. `on`: they show in the console. An e-mail address: an
   * SNS topic writes there, once the address has confirmed. Or actions of your own (`IAlarmAction`). Default: none, as each
   * metric of an alarm costs $0.10 a month (docs/cost.md). RUNBOOK.md says of each what to do.
   */
  readonly alarms?: AlarmsSetting | undefined
  /**
   * Alarms of groups that fall behind, beside the others of `alarms`: by group, how many records it may have still to read.
   * Lag is looked up every five minutes then. Default: none.
   */
  readonly lagAlarms?: LagThresholds | undefined
  /** A dashboard of CloudWatch with all of it. Default false: the fourth of an account costs $3 a month. */
  readonly dashboard?: boolean | undefined
}

/** Throws with a sentence for the person who wrote them where settings do not go together. */
export function checkWatch({ alarms, lagAlarms = {} }: WatchSettings): void {
  if (typeof alarms === "string" && alarms !== "on" && !Token.isUnresolved(alarms) && !isAddress(alarms))
    throw new SettingError(`alarms: write on, or an e-mail address, not ${alarms}.`)
  if (alarms === undefined && Object.keys(lagAlarms).length > 0)
    throw new SettingError("lagAlarms goes with alarms: write alarms=on, or an e-mail address.")
  for (const [group, records] of Object.entries(lagAlarms)) {
    if (!GROUP.test(group)) throw new SettingError(`lagAlarms: ${group} is no name of a group.`)
    if (!Number.isSafeInteger(records) || records < 1)
      throw new SettingError(`lagAlarms: ${group} is to have a number of records from 1 on, not ${records}.`)
  }
  if (Object.keys(lagAlarms).length > MOST_GROUPS)
    throw new SettingError(`lagAlarms: ${MOST_GROUPS} groups at the most.`)
}

/** As the API takes them. */
const GROUP = /^[A-Za-z0-9._-]{1,249}$/
/** What the event of a schedule can name, and one run can look up. */
const MOST_GROUPS = 20

/** SNS looks closer, and asks the address itself. */
function isAddress(text: string): boolean {
  return /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text)
}
