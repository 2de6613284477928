/** What upkeep did, and what it left to do. */
import type { Metric } from "./metric.ts"

export const upkeepSeconds: Metric<never> = {
  name: "stratalog_upkeep_duration_seconds",
  type: "histogram",
  help: "Pieces of a round of upkeep.",
  unit: "seconds",
  labels: [],
}

export const upkeepFailures: Metric<never> = {
  name: "stratalog_upkeep_failures_total",
  type: "counter",
  help: "Steps of upkeep that failed.",
  unit: "count",
  labels: [],
  cloudWatch: [],
}

/** By the field of a report. */
export const upkeepCounts = {
  expiredRecords: counted("expired_records", "count", "Records that retention took from logs."),
  tieredSegments: counted("tiered_segments", "count", "Segments made of the recent part of logs."),
  tieredBytes: counted(
    "tiered_bytes",
    "bytes",
    "Bytes of record batches in the segments made of the recent part of logs.",
  ),
  mergedSegments: counted("merged_segments", "count", "Segments that became part of a larger one."),
  mergedBytes: counted("merged_bytes", "bytes", "Bytes written for merged segments."),
  compactedSegments: counted("compacted_segments", "count", "Segments that compaction went through."),
  compactedRecords: counted("compacted_records", "count", "Records that compaction removed."),
  reclaimedSegments: counted("reclaimed_segments", "count", "Segments that left the index."),
  reclaimedBytes: counted("reclaimed_bytes", "bytes", "Bytes of the segments that left the index."),
  sweptObjects: counted("swept_objects", "count", "Objects removed that nothing named any more."),
  sweptBytes: counted("swept_bytes", "bytes", "Bytes of the objects removed that nothing named any more."),
  sweptItems: counted("swept_items", "count", "Items removed that nothing named any more."),
} as const

function counted(name: string, unit: Metric["unit"], help: string): Metric<never> {
  return { name: `stratalog_upkeep_${name}_total`, type: "counter", help, unit, labels: [] }
}

export const backlogBytes: Metric<never> = {
  name: "stratalog_upkeep_backlog_bytes",
  type: "gauge",
  help: "Bytes, about, that lie in no segment yet, as the last whole round saw it.",
  unit: "bytes",
  labels: [],
  cloudWatch: [],
}

export const overduePartitions: Metric<never> = {
  name: "stratalog_upkeep_overdue_partitions",
  type: "gauge",
  help: "Partitions with records that are to lie in a segment by now, as the last whole round saw it.",
  unit: "count",
  labels: [],
  cloudWatch: [],
}

export const overdueSeconds: Metric<never> = {
  name: "stratalog_upkeep_overdue_seconds",
  type: "gauge",
  help: "Age of the oldest record that is to lie in a segment by now and does not; 0 where there is none.",
  unit: "seconds",
  labels: [],
  cloudWatch: [],
}

export const orphanBytes: Metric<never> = {
  name: "stratalog_upkeep_orphan_bytes",
  type: "gauge",
  help: "Bytes of the objects that the last sweep removed because nothing named them.",
  unit: "bytes",
  labels: [],
  cloudWatch: [],
}

export const orphans: Metric<"kind"> = {
  name: "stratalog_upkeep_orphans",
  type: "gauge",
  help: "Objects and items that the last sweep removed because nothing named them.",
  unit: "count",
  labels: ["kind"],
}

export const lastUpkeep: Metric<"kind"> = {
  name: "stratalog_upkeep_last_timestamp_seconds",
  type: "gauge",
  help: "When upkeep last ended a run, a round, a sweep or a nudge.",
  unit: "time",
  labels: ["kind"],
}
