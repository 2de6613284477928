/** GET /metrics, for Prometheus. */
import { describeCluster } from "../access/rules.ts"
import type { Page } from "../page.ts"
import { exposition, type Family, METRICS_TYPE } from "./exposition.ts"

/** Tells figures of one kind when somebody looks. */
export type MetricsSource = () => readonly Family[] | Promise<readonly Family[]>

export function metricsPage(sources: readonly MetricsSource[]): Page {
  return {
    path: "/metrics",
    access: [describeCluster],
    respond: async () => {
      const families = await Promise.all(sources.map((source) => source()))
      const headers = { "content-type": METRICS_TYPE, "cache-control": "no-store" }
      return { status: 200, headers, body: exposition(families.flat()) }
    },
  }
}
