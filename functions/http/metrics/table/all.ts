/** The whole table, by what a metric is about: for whoever documents or checks it. Who tells a metric imports its row alone. */
import * as exchanges from "./exchanges.ts"
import * as journal from "./journal.ts"
import type { Metric } from "./metric.ts"
import * as process from "./process.ts"
import * as records from "./records.ts"
import * as storage from "./storage.ts"
import * as topics from "./topics.ts"
import * as upkeep from "./upkeep.ts"

const { upkeepCounts, ...otherUpkeep } = upkeep

export const metricTable: Readonly<Record<string, readonly Metric[]>> = {
  Requests: Object.values(exchanges),
  "Records in and out": Object.values(records),
  "Topics and groups": Object.values(topics),
  "DynamoDB and S3": Object.values(storage),
  Upkeep: [...Object.values(otherUpkeep), ...Object.values(upkeepCounts)],
  "The embedded log": Object.values(journal),
  "The process": Object.values(process),
}
