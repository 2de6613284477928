/** What the log asks of DynamoDB and S3, and what that costs. Nothing of it on the embedded log. */
import type { Metric } from "./metric.ts"

export const storageRequests: Metric<"service" | "operation"> = {
  name: "stratalog_storage_requests_total",
  type: "counter",
  help: "Requests to dynamodb and s3, each attempt for itself.",
  unit: "count",
  labels: ["service", "operation"],
}

export const storageRequestSeconds: Metric<"service"> = {
  name: "stratalog_storage_request_duration_seconds",
  type: "histogram",
  help: "An attempt of a request, until its answer begins.",
  unit: "seconds",
  labels: ["service"],
}

export const storageThrottles: Metric<"service"> = {
  name: "stratalog_storage_throttles_total",
  type: "counter",
  help: "Attempts that were throttled.",
  unit: "count",
  labels: ["service"],
  cloudWatch: [],
}

export const storageFailures: Metric<"service"> = {
  name: "stratalog_storage_failures_total",
  type: "counter",
  help: "Attempts that failed in another way: refused, timed out, connection lost. A condition that failed is none.",
  unit: "count",
  labels: ["service"],
  cloudWatch: [],
}

export const conditionalFailures: Metric<"reason"> = {
  name: "stratalog_conditional_failures_total",
  type: "counter",
  help: "Conditional writes that met something else than expected, by what it was: position, generation or tail_full of a partition, fence, epoch or sequence, segment, group_epoch, group_offset, group_state and so on. Whoever made it looks again.",
  unit: "count",
  labels: ["reason"],
  cloudWatch: ["Reason"],
}

export const rolls: Metric<never> = {
  name: "stratalog_rolls_total",
  type: "counter",
  help: "Tails of partitions that were moved into a page. What falls behind shows as conditional failures for the reason tail_full.",
  unit: "count",
  labels: [],
}

export const writeUnits: Metric<never> = {
  name: "stratalog_dynamodb_write_units_total",
  type: "counter",
  help: "Write request units that DynamoDB says it consumed.",
  unit: "count",
  labels: [],
  cloudWatch: [],
}

export const readUnits: Metric<never> = {
  name: "stratalog_dynamodb_read_units_total",
  type: "counter",
  help: "Read request units that DynamoDB says it consumed.",
  unit: "count",
  labels: [],
  cloudWatch: [],
}

export const estimatedCost: Metric<"item"> = {
  name: "stratalog_estimated_cost_dollars_total",
  type: "counter",
  help: "What the requests cost by the price list of us-east-1, without free tiers: DynamoDB units, S3 requests, in functions also their time.",
  unit: "dollars",
  labels: ["item"],
  cloudWatch: [],
}
