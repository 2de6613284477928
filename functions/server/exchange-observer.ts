import type { ExchangeObserver } from "../http/api.ts"
import { exchangeLines } from "../http/logs/exchange-lines.ts"
import type { Report } from "../http/logs/log-line.ts"
import type { ServerMetrics } from "./metrics.ts"
import type { OpenStorage } from "./open-storage.ts"

/** Counts each exchange, and tells the operator of what went wrong and of who changed what. */
export function exchangeObserver(metrics: ServerMetrics, report: Report, { around }: OpenStorage): ExchangeObserver {
  const lines = exchangeLines(report)
  return {
    ...lines,
    finished: (exchange) => {
      metrics.finished(exchange)
      lines.finished(exchange)
    },
    ...(around && { around }),
  }
}
