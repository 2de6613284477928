/** Lines for exchanges: what went wrong, and who changed what. */
import type { ExchangeObserver } from "../api.ts"
import { administrationEvent } from "./administration.ts"
import { type Report, saidOf } from "./log-line.ts"

export function exchangeLines(report: Report): Required<Pick<ExchangeObserver, "defect" | "finished">> {
  return {
    defect: (route, requestId, error) => {
      report({ level: "error", event: "defect", route, requestId, error: saidOf(error) })
    },
    finished: (exchange) => {
      const event = administrationEvent(exchange)
      if (event !== undefined) report(event)
    },
  }
}
