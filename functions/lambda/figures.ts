/**
 * Figures for CloudWatch, which takes them from lines of the log: its embedded metric format.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import type { Dimension, Metric, MetricUnit } from "../http/metrics/table/metric.ts"

export interface Figure {
  readonly metric: Metric
  /** One, or each that was observed: a hundred at the most. */
  readonly value: number | readonly number[]
}

export interface FiguresOf {
  /** The name of the deployment's stack. */
  readonly deployment: string
  /** Epoch milliseconds. */
  readonly at: number
  /** What stands beside `Deployment`: all that the metrics have. */
  readonly dimensions?: Readonly<Partial<Record<Dimension, string>>>
}

/** A metric takes so many values in one line. */
export const MOST_VALUES = 100

const NAMESPACE = "Stratalog"
const UNITS: Readonly<Record<MetricUnit, string>> = {
  count: "Count",
  bytes: "Bytes",
  seconds: "Seconds",
  time: "None",
  dollars: "None",
  flag: "None",
}

/** The fields of one line. At least one figure. */
export function figuresLine({ deployment, at, dimensions = {} }: FiguresOf, figures: readonly Figure[]) {
  const byDimensions = Map.groupBy(figures, ({ metric: { cloudWatch = [] } }) => cloudWatch.join())
  const CloudWatchMetrics = [...byDimensions.values()].map((alike) => ({
    Namespace: NAMESPACE,
    Dimensions: [["Deployment", ...(alike[0]?.metric.cloudWatch ?? [])]],
    Metrics: alike.map(({ metric: { name, unit } }) => ({ Name: name, Unit: UNITS[unit] })),
  }))
  const values = Object.fromEntries(figures.map(({ metric, value }) => [metric.name, value]))
  return {
    event: "figures",
    _aws: { Timestamp: at, CloudWatchMetrics },
    Deployment: deployment,
    ...dimensions,
    ...values,
  }
}
