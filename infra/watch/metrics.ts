/** The metrics that alarms and the dashboard look at: AWS's own where it has them, as these cost nothing. */
import { Duration, Stack } from "aws-cdk-lib"
import { MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch"
import type { IQueue } from "aws-cdk-lib/aws-sqs"
import type { Construct } from "constructs"
import type { LogStorage } from "../storage.ts"

export const FIVE_MINUTES = Duration.minutes(5)

type Table = LogStorage["table"]
type Statistic = "Sum" | "Average" | "Maximum" | "p99"

export function tableMetric({ tableName }: Table, metricName: string, operation?: string): Metric {
  const dimensionsMap = { TableName: tableName, ...(operation !== undefined && { Operation: operation }) }
  const statistic: Statistic = metricName === "SuccessfulRequestLatency" ? "p99" : "Sum"
  return new Metric({ namespace: "AWS/DynamoDB", metricName, dimensionsMap, statistic, period: FIVE_MINUTES })
}

/**
 * Where nothing was throttled there is no metric, and alarms of DynamoDB's metrics keep their state where data is missing,
 * whatever they are told: so the gaps are filled.
 */
export function tableThrottles(table: Table): MathExpression {
  const usingMetrics = {
    reads: tableMetric(table, "ReadThrottleEvents"),
    writes: tableMetric(table, "WriteThrottleEvents"),
  }
  return new MathExpression({
    expression: "FILL(reads, 0) + FILL(writes, 0)",
    usingMetrics,
    label: "throttled",
    period: FIVE_MINUTES,
  })
}

/** DynamoDB counts them by operation alone. These three are in the way of every append, fetch and poll. */
export function tableErrors(table: Table): MathExpression {
  const of = (operation: string) => tableMetric(table, "SystemErrors", operation)
  const usingMetrics = { get: of("GetItem"), query: of("Query"), update: of("UpdateItem") }
  return new MathExpression({
    expression: "FILL(get, 0) + FILL(query, 0) + FILL(update, 0)",
    usingMetrics,
    label: "system errors",
    period: FIVE_MINUTES,
  })
}

export function bucketMetric({ bucketName }: LogStorage["bucket"], metricName: string, storageType: string): Metric {
  return new Metric({
    namespace: "AWS/S3",
    metricName,
    dimensionsMap: { BucketName: bucketName, StorageType: storageType },
    statistic: "Average",
    period: Duration.days(1),
  })
}

/** How many messages wait in a queue. */
export function messagesIn(queue: IQueue): Metric {
  return queue.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES, statistic: "Maximum" })
}

/** How often a schedule called its target. */
export function ruleCalls(ruleName: string, period: Duration): Metric {
  return new Metric({
    namespace: "AWS/Events",
    metricName: "Invocations",
    dimensionsMap: { RuleName: ruleName },
    statistic: "Sum",
    period,
  })
}

/** What the functions tell of themselves where AWS tells nothing: names as in /metrics. */
export const OWN = {
  upkeepFailures: "stratalog_upkeep_failures_total",
  backlogBytes: "stratalog_upkeep_backlog_bytes",
  overdueSeconds: "stratalog_upkeep_overdue_seconds",
  orphanBytes: "stratalog_upkeep_orphan_bytes",
  groupLag: "stratalog_group_lag",
} as const

export function ownMetric(
  scope: Construct,
  name: keyof typeof OWN,
  { period, statistic, dimensions = {} }: OwnMetricOptions,
): Metric {
  return new Metric({
    namespace: "Stratalog",
    metricName: OWN[name],
    dimensionsMap: { Deployment: Stack.of(scope).stackName, ...dimensions },
    statistic,
    period,
  })
}

interface OwnMetricOptions {
  readonly period: Duration
  readonly statistic: Statistic
  readonly dimensions?: Readonly<Record<string, string>>
}
