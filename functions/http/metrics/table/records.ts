/** What goes into the log and comes out of it. */
import type { Metric } from "./metric.ts"

export const recordsAppended: Metric<never> = {
  name: "stratalog_records_appended_total",
  type: "counter",
  help: "Records appended.",
  unit: "count",
  labels: [],
  cloudWatch: [],
}

export const appendedBytes: Metric<never> = {
  name: "stratalog_appended_bytes_total",
  type: "counter",
  help: "Bytes of the record batches appended.",
  unit: "bytes",
  labels: [],
  cloudWatch: [],
}

export const recordsDuplicate: Metric<never> = {
  name: "stratalog_records_duplicate_total",
  type: "counter",
  help: "Records that had been appended before.",
  unit: "count",
  labels: [],
}

export const appendSeconds: Metric<never> = {
  name: "stratalog_append_duration_seconds",
  type: "histogram",
  help: "Appends, from the log's taking them to their being durable.",
  unit: "seconds",
  labels: [],
}

export const appendsRefused: Metric<"reason"> = {
  name: "stratalog_appends_refused_total",
  type: "counter",
  help: "Batches that were not appended, by what their condition met: match_failed, fence_failed, sequence_gap, stale_epoch; or unavailable, unknown_partition.",
  unit: "count",
  labels: ["reason"],
}

export const recordsRead: Metric<never> = {
  name: "stratalog_records_read_total",
  type: "counter",
  help: "Records read for fetches.",
  unit: "count",
  labels: [],
  cloudWatch: [],
}

export const readBytes: Metric<never> = {
  name: "stratalog_read_bytes_total",
  type: "counter",
  help: "Bytes of the record batches read for fetches.",
  unit: "bytes",
  labels: [],
  cloudWatch: [],
}

export const readSeconds: Metric<never> = {
  name: "stratalog_read_duration_seconds",
  type: "histogram",
  help: "Reads of batches, without the time that their readers waited for new ones.",
  unit: "seconds",
  labels: [],
}
