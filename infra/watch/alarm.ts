/** One alarm. */
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch"
import type { Construct } from "constructs"
import { type AlarmKind, descriptionOf } from "./alarm-kinds.ts"

export interface AlarmProps {
  readonly kind: AlarmKind
  /** What stands before the kind in the construct's id, where there are several of a kind. */
  readonly of?: string
  readonly metric: IMetric
  /** From which on it is too much; with `below` from which on it is enough. */
  readonly threshold: number
  readonly below?: true
  /** So many of the last so many periods. */
  readonly outOf: readonly [number, number]
  /** What silence means. Default: that all is well, as nothing is counted where nobody calls. */
  readonly missing?: TreatMissingData
  readonly actions: readonly IAlarmAction[]
}

export function createAlarm(scope: Construct, props: AlarmProps): Alarm {
  const { kind, of = "", metric, threshold, below = false, outOf, missing, actions } = props
  const { LESS_THAN_THRESHOLD, GREATER_THAN_OR_EQUAL_TO_THRESHOLD } = ComparisonOperator
  const alarm = new Alarm(scope, `${of}${kind}`, {
    alarmDescription: descriptionOf(kind),
    metric,
    threshold,
    comparisonOperator: below ? LESS_THAN_THRESHOLD : GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    datapointsToAlarm: outOf[0],
    evaluationPeriods: outOf[1],
    treatMissingData: missing ?? TreatMissingData.NOT_BREACHING,
  })
  alarm.addAlarmAction(...actions)
  alarm.addOkAction(...actions)
  return alarm
}
