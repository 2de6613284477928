/** What a row of the table of metrics says: docs/metrics.md is made of it, and whoever tells a metric takes its name from it. */

export type MetricType = "counter" | "gauge" | "histogram"

/** `time`: epoch seconds. `flag`: 0 or 1. */
export type MetricUnit = "count" | "bytes" | "seconds" | "time" | "dollars" | "flag"

export interface Metric<Label extends string = string> {
  readonly name: string
  readonly type: MetricType
  /** A sentence. */
  readonly help: string
  readonly unit: MetricUnit
  readonly labels: readonly Label[]
  /**
   * Told to CloudWatch, too, by the functions of a deployment: under the same name, with the dimension `Deployment` and these.
   * Each combination of values is a metric that is paid for, so there are few.
   */
  readonly cloudWatch?: readonly Dimension[]
}

export type Dimension = "Function" | "Code" | "Reason" | "Group"
