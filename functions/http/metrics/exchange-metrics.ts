/** Counts the exchanges of the API: a few array writes for each. */
import type { Exchange } from "../api.ts"
import { type Family, family, histogramFamily, type Sample } from "./exposition.ts"
import { Histogram } from "./histogram.ts"
import { httpErrors, httpRequestSeconds, httpRequests } from "./table/exchanges.ts"

/** Seconds. A fetch that waits for records takes as long as it waits. */
const LATENCY_BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const

const STATUSES = 600

interface RouteCounts {
  readonly byStatus: Float64Array
  readonly latency: Histogram
}

export class ExchangeMetrics {
  readonly #routes = new Map<string, RouteCounts>()
  readonly #errors = new Map<string, number>()

  /** Route ids come from the table of routes and pages, so there are few of them. */
  finished({ routeId, answer: { status, code }, seconds }: Pick<Exchange, "routeId" | "answer" | "seconds">): void {
    let counts = this.#routes.get(routeId)
    if (counts === undefined) {
      counts = { byStatus: new Float64Array(STATUSES), latency: new Histogram(LATENCY_BOUNDS) }
      this.#routes.set(routeId, counts)
    }
    counts.byStatus[status] = (counts.byStatus[status] ?? 0) + 1
    counts.latency.observe(seconds)
    if (code !== undefined) this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1)
  }

  families(): readonly Family[] {
    const routes = [...this.#routes]
    const requests = routes.flatMap(([route, { byStatus }]) => nonZero(byStatus, route))
    const latencies = routes.map(([route, { latency }]) => ({ labels: { route }, histogram: latency }))
    const errors = [...this.#errors].map(([code, value]) => ({ labels: { code }, value }))
    return [family(httpRequests, requests), histogramFamily(httpRequestSeconds, latencies), family(httpErrors, errors)]
  }
}

function nonZero(byStatus: Float64Array, route: string): readonly Sample<"route" | "status">[] {
  return [...byStatus].flatMap((value, status) => (value === 0 ? [] : [{ labels: { route, status }, value }]))
}
