/** Joins what the parts of a server tell into one page of metrics. */
import type { Server } from "node:net"
import type { Api } from "../http/api.ts"
import { ExchangeMetrics } from "../http/metrics/exchange-metrics.ts"
import { type Family, family } from "../http/metrics/exposition.ts"
import { logFamilies } from "../http/metrics/log-families.ts"
import { meteredLog } from "../http/metrics/metered-log.ts"
import { type MetricsSource, metricsPage, rarely } from "../http/metrics/page.ts"
import { buildInfo, ready, waitingReaders } from "../http/metrics/table/exchanges.ts"
import type { Page } from "../http/page.ts"
import type { PartitionLog } from "../log/ports.ts"
import { EventLoopLag } from "./event-loop-lag.ts"
import { networkTraffic } from "./network-traffic.ts"
import type { OpenStorage } from "./open-storage.ts"
import { processFamilies } from "./process-families.ts"
import { version } from "./version.ts"

export interface ServerMetrics {
  readonly finished: ExchangeMetrics["finished"]
  /** The log, with this looking on. */
  readonly log: PartitionLog
  /** `connectionEvent`: as networkTraffic takes it. */
  page(api: Api, server: Server, connectionEvent: string): Page
  stop(): void
}

export function serverMetrics(storage: OpenStorage): ServerMetrics {
  const exchanges = new ExchangeMetrics()
  const lag = new EventLoopLag()
  const metered = meteredLog(storage.deps.log)
  const figures = figuresOf(storage)
  return {
    log: metered.log,
    finished: (exchange) => exchanges.finished(exchange),
    page: (api, server, connectionEvent) => {
      const traffic = networkTraffic(server, connectionEvent)
      return metricsPage([
        () => exchanges.families(),
        () => metered.families(),
        () => serviceFamilies(storage, api),
        () => storage.families(),
        figures,
        () => [...processFamilies(), ...lag.families(), ...traffic()],
      ])
    },
    stop: () => lag.stop(),
  }
}

/** Whoever scrapes waits so long for figures that cost requests, and is told the last ones then, milliseconds. */
const PATIENCE_MS = 2_000

function figuresOf({ deps, figuresEveryMs }: OpenStorage): MetricsSource {
  const source = () => logFamilies(deps)
  return figuresEveryMs === undefined ? source : rarely(source, figuresEveryMs, PATIENCE_MS)
}

function serviceFamilies({ deps }: OpenStorage, api: Api): readonly Family[] {
  return [
    family(buildInfo, [{ labels: { version }, value: 1 }]),
    family(ready, deps.health().kind === "ok" ? 1 : 0),
    family(waitingReaders, api.waitingReaders()),
  ]
}
