/** Of the embedded log. */
import type { Metric } from "./metric.ts"

export const journalFlushSeconds: Metric<never> = {
  name: "stratalog_journal_flush_duration_seconds",
  type: "histogram",
  help: "Writing a group and syncing it to the disk.",
  unit: "seconds",
  labels: [],
}

export const journalFlushEntries: Metric<never> = {
  name: "stratalog_journal_flush_entries",
  type: "histogram",
  help: "Entries that became durable with one flush.",
  unit: "count",
  labels: [],
}

export const journalWrittenBytes: Metric<never> = {
  name: "stratalog_journal_written_bytes_total",
  type: "counter",
  help: "Bytes written to the journal.",
  unit: "bytes",
  labels: [],
}

export const journalFailures: Metric<never> = {
  name: "stratalog_journal_failures_total",
  type: "counter",
  help: "Failures that the journal reported: a disk that fails, a folder that is gone. That the disk is full is none.",
  unit: "count",
  labels: [],
}

export const partitions: Metric<never> = {
  name: "stratalog_partitions",
  type: "gauge",
  help: "Partitions of all topics.",
  unit: "count",
  labels: [],
}

export const journalFiles: Metric<never> = {
  name: "stratalog_journal_files",
  type: "gauge",
  help: "Files of the journal.",
  unit: "count",
  labels: [],
}

export const journalBytes: Metric<never> = {
  name: "stratalog_journal_bytes",
  type: "gauge",
  help: "Bytes of the journal's files.",
  unit: "bytes",
  labels: [],
}

export const journalBatches: Metric<never> = {
  name: "stratalog_journal_batches",
  type: "gauge",
  help: "Record batches that can be read.",
  unit: "count",
  labels: [],
}

export const journalCachedBytes: Metric<never> = {
  name: "stratalog_journal_cached_bytes",
  type: "gauge",
  help: "Bytes of record batches in memory.",
  unit: "bytes",
  labels: [],
}
