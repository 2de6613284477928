/** The dashboard of a deployment: from what callers see down to where the log lies. Below 50 metrics, which are free for three dashboards. */
import { Duration } from "aws-cdk-lib"
import { Dashboard, GraphWidget, type IMetric, type IWidget, TextWidget } from "aws-cdk-lib/aws-cloudwatch"
import type { Construct } from "constructs"
import type { DoorMetrics } from "../front-door/metrics.ts"
import { lagOf } from "./alarms-of-groups.ts"
import {
  bucketMetric,
  FIVE_MINUTES,
  messagesIn,
  ownMetric,
  tableErrors,
  tableMetric,
  tableThrottles,
} from "./metrics.ts"
import type { WatchSettings } from "./settings.ts"
import type { Watched } from "./watched.ts"

const WHOLE = 24

export function createDashboard(
  scope: Construct,
  watched: Watched,
  { dashboard, lagAlarms = {} }: WatchSettings,
): void {
  if (dashboard !== true) return
  const markdown =
    "## Stratalog\nWhat to do about alarms: RUNBOOK.md of Stratalog. Figures of the functions' own: namespace `Stratalog`."
  new Dashboard(scope, "Dashboard", {
    defaultInterval: Duration.hours(12),
    widgets: [
      [new TextWidget({ markdown, width: WHOLE, height: 2 })],
      ofDoors(watched),
      ofFunctions(watched),
      ofStorage(watched),
      ofUpkeep(scope, watched, Object.keys(lagAlarms)),
    ],
  })
}

function ofDoors({ doors, functions }: Watched): IWidget[] {
  const of = (name: keyof DoorMetrics, label: string) =>
    doors.map((door, at) => door[name].with({ label: at === 0 ? label : `${label}, with keys` }))
  const busy = functions.map(({ entry, lambda }) =>
    lambda.metricDuration({ label: entry, statistic: "p99", period: FIVE_MINUTES }),
  )
  return [
    graph("Requests", "count", of("requests", "requests")),
    graph("Error answers", "count", [...of("clientErrors", "4xx: callers"), ...of("serverErrors", "5xx: the service")]),
    graph("Latency, p99, waiting for records included", "ms", [...of("latency", "front door"), ...busy]),
  ]
}

function ofFunctions({ functions }: Watched): IWidget[] {
  const of = (name: "metricInvocations" | "metricErrors" | "metricThrottles") =>
    functions.map(({ entry, lambda }) => lambda[name]({ label: entry, period: FIVE_MINUTES }))
  return [
    graph("Calls of the functions", "count", of("metricInvocations")),
    graph("Functions that broke off", "count", of("metricErrors")),
    graph("Calls turned away", "count", of("metricThrottles")),
  ]
}

function ofStorage({ storage: { table, bucket } }: Watched): IWidget[] {
  const latency = (operation: string) =>
    tableMetric(table, "SuccessfulRequestLatency", operation).with({ label: operation })
  return [
    graph("Table: units", "units", [
      tableMetric(table, "ConsumedReadCapacityUnits").with({ label: "read" }),
      tableMetric(table, "ConsumedWriteCapacityUnits").with({ label: "written" }),
    ]),
    graph("Table: throttled, failed, conditions not met", "count", [
      tableThrottles(table),
      tableErrors(table),
      tableMetric(table, "ConditionalCheckFailedRequests").with({ label: "conditions not met" }),
    ]),
    graph("Table: latency, p99", "ms", ["UpdateItem", "GetItem", "Query"].map(latency)),
    graph("Bucket", "bytes", [bucketMetric(bucket, "BucketSizeBytes", "StandardStorage").with({ label: "bytes" })]),
  ]
}

function ofUpkeep(scope: Construct, { deadLetters }: Watched, groups: readonly string[]): IWidget[] {
  const own = (name: "upkeepFailures" | "backlogBytes" | "overdueSeconds" | "orphanBytes", label: string) =>
    ownMetric(scope, name, { period: FIVE_MINUTES, statistic: name === "upkeepFailures" ? "Sum" : "Maximum" }).with({
      label,
    })
  const widgets = [
    graph("Upkeep: failed steps, dead letters", "count", [
      own("upkeepFailures", "failed steps"),
      messagesIn(deadLetters).with({ label: "dead letters" }),
    ]),
    graph("Upkeep: not in segments yet, orphans removed", "bytes", [
      own("backlogBytes", "not in segments yet"),
      own("orphanBytes", "orphans removed"),
    ]),
    graph("Upkeep: age of what is overdue", "s", [own("overdueSeconds", "overdue since")]),
  ]
  const lag = groups.map((group) => lagOf(scope, group).with({ label: group }))
  return lag.length === 0 ? widgets : [...widgets, graph("Lag of groups", "records", lag)]
}

const COLUMNS = 3

function graph(title: string, unit: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({
    title,
    left,
    leftYAxis: { label: unit, min: 0, showUnits: false },
    width: WHOLE / COLUMNS,
    height: 6,
  })
}
