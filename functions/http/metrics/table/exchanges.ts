/** What happens at the front door. */
import type { Metric } from "./metric.ts"

export const httpRequests: Metric<"route" | "status"> = {
  name: "stratalog_http_requests_total",
  type: "counter",
  help: "Requests answered, by route and status.",
  unit: "count",
  labels: ["route", "status"],
  cloudWatch: ["Function"],
}

export const httpRequestSeconds: Metric<"route"> = {
  name: "stratalog_http_request_duration_seconds",
  type: "histogram",
  help: "From a request's headers to its answer, waiting for records included.",
  unit: "seconds",
  labels: ["route"],
  cloudWatch: ["Function"],
}

export const httpErrors: Metric<"code"> = {
  name: "stratalog_http_errors_total",
  type: "counter",
  help: "Error answers, by code.",
  unit: "count",
  labels: ["code"],
  cloudWatch: ["Code"],
}

export const waitingReaders: Metric<never> = {
  name: "stratalog_waiting_readers",
  type: "gauge",
  help: "Readers that wait for records.",
  unit: "count",
  labels: [],
}

export const ready: Metric<never> = {
  name: "stratalog_ready",
  type: "gauge",
  help: "1 where appends can succeed.",
  unit: "flag",
  labels: [],
}

export const buildInfo: Metric<"version"> = {
  name: "stratalog_build_info",
  type: "gauge",
  help: "The version that runs.",
  unit: "flag",
  labels: ["version"],
}
