import type { ExchangeObserver } from "../http/api.ts"
import { administrationEvent } from "../http/logs/administration.ts"
import { type Report, saidOf } from "../http/logs/log-line.ts"
import type { ServerMetrics } from "./metrics.ts"
import type { OpenStorage } from "./open-storage.ts"

/** Counts each exchange, and tells the operator of what went wrong and of who changed what. */
export function exchangeObserver(metrics: ServerMetrics, report: Report, { around }: OpenStorage): ExchangeObserver {
  return {
    finished: (exchange) => {
      metrics.finished(exchange)
      const event = administrationEvent(exchange)
      if (event !== undefined) report(event)
    },
    defect: (route, requestId, error) => {
      report({ level: "error", event: "defect", route, requestId, error: saidOf(error) })
    },
    ...(around && { around }),
  }
}
