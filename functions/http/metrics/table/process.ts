/** Of the process that serves; by the names of Prometheus' client libraries where these have one. */
import type { Metric } from "./metric.ts"

export const connections: Metric<never> = {
  name: "stratalog_connections",
  type: "gauge",
  help: "Open connections.",
  unit: "count",
  labels: [],
}

export const receivedBytes: Metric<never> = {
  name: "stratalog_network_receive_bytes_total",
  type: "counter",
  help: "Bytes received, headers included.",
  unit: "bytes",
  labels: [],
}

export const sentBytes: Metric<never> = {
  name: "stratalog_network_transmit_bytes_total",
  type: "counter",
  help: "Bytes sent, headers included.",
  unit: "bytes",
  labels: [],
}

export const cpuSeconds: Metric<never> = {
  name: "process_cpu_seconds_total",
  type: "counter",
  help: "CPU time, user and system.",
  unit: "seconds",
  labels: [],
}

export const residentBytes: Metric<never> = {
  name: "process_resident_memory_bytes",
  type: "gauge",
  help: "Resident memory.",
  unit: "bytes",
  labels: [],
}

export const startTime: Metric<never> = {
  name: "process_start_time_seconds",
  type: "gauge",
  help: "When the process began, in epoch seconds.",
  unit: "time",
  labels: [],
}

export const heapUsedBytes: Metric<never> = {
  name: "nodejs_heap_size_used_bytes",
  type: "gauge",
  help: "Heap in use.",
  unit: "bytes",
  labels: [],
}

export const heapTotalBytes: Metric<never> = {
  name: "nodejs_heap_size_total_bytes",
  type: "gauge",
  help: "Heap reserved.",
  unit: "bytes",
  labels: [],
}

export const externalBytes: Metric<never> = {
  name: "nodejs_external_memory_bytes",
  type: "gauge",
  help: "Memory of buffers and the like.",
  unit: "bytes",
  labels: [],
}

export const eventLoopMeanSeconds: Metric<never> = {
  name: "nodejs_eventloop_lag_mean_seconds",
  type: "gauge",
  help: "Mean delay of the event loop since the last look.",
  unit: "seconds",
  labels: [],
}

export const eventLoopP99Seconds: Metric<never> = {
  name: "nodejs_eventloop_lag_p99_seconds",
  type: "gauge",
  help: "99th percentile of the event loop's delay since the last look.",
  unit: "seconds",
  labels: [],
}

export const eventLoopMaxSeconds: Metric<never> = {
  name: "nodejs_eventloop_lag_max_seconds",
  type: "gauge",
  help: "Longest delay of the event loop since the last look.",
  unit: "seconds",
  labels: [],
}
