/** Joins what the parts of a server tell into one page of metrics. */
import type { Server } from "node:net"
import type { Api, ExchangeObserver } from "../http/api.ts"
import { ExchangeMetrics } from "../http/metrics/exchange-metrics.ts"
import { type Family, gauge } from "../http/metrics/exposition.ts"
import { JournalMetrics } from "../http/metrics/journal-metrics.ts"
import { type MeteredLog, meteredLog } from "../http/metrics/metered-log.ts"
import { metricsPage } from "../http/metrics/page.ts"
import { topicFamilies } from "../http/metrics/topic-families.ts"
import type { Page } from "../http/page.ts"
import type { JournalEvent, JournalLog } from "../storage/embedded/journal/index.ts"
import { EventLoopLag } from "./event-loop-lag.ts"
import { networkTraffic } from "./network-traffic.ts"
import type { EmbeddedOptions } from "./open-embedded.ts"
import { processFamilies } from "./process-families.ts"
import { version } from "./version.ts"

export interface ServerMetrics {
  readonly finished: NonNullable<ExchangeObserver["finished"]>
  /** The options, with this looking on. */
  watch<Options extends EmbeddedOptions>(options: Options): Options
  page(api: Api, journal: JournalLog, server: Server): Page
  stop(): void
}

export function serverMetrics(): ServerMetrics {
  const exchanges = new ExchangeMetrics()
  const flushes = new JournalMetrics()
  const lag = new EventLoopLag()
  let metered: MeteredLog | undefined
  return {
    finished: (routeId, answer, seconds) => exchanges.finished(routeId, answer, seconds),
    watch: (options) => ({
      ...options,
      onJournalEvent: (event) => {
        count(flushes, event)
        options.onJournalEvent?.(event)
      },
      wrapLog: (log) => {
        metered = meteredLog(options.wrapLog?.(log) ?? log)
        return metered.log
      },
    }),
    page: (api, journal, server) => {
      const traffic = networkTraffic(server)
      return metricsPage([
        () => exchanges.families(),
        () => metered?.families() ?? [],
        () => flushes.families(),
        () => serviceFamilies(api, journal),
        () => topicFamilies(api.deps),
        () => [...processFamilies(), ...lag.families(), ...traffic()],
      ])
    },
    stop: () => lag.stop(),
  }
}

function count(flushes: JournalMetrics, event: JournalEvent): void {
  if (event.kind === "flush") flushes.flushed(event)
  if (event.kind === "failure") flushes.failed()
}

function serviceFamilies(api: Api, journal: JournalLog): readonly Family[] {
  const { files, bytes, entries, partitions, cachedBytes } = journal.status()
  return [
    gauge("stratalog_build_info", "The version that runs.", [{ labels: { version }, value: 1 }]),
    gauge("stratalog_ready", "1 where appends can succeed.", api.deps.health().kind === "ok" ? 1 : 0),
    gauge("stratalog_waiting_readers", "Readers that wait for records.", api.waitingReaders()),
    gauge("stratalog_partitions", "Partitions of all topics.", partitions),
    gauge("stratalog_journal_files", "Files of the journal.", files),
    gauge("stratalog_journal_bytes", "Bytes of these files.", bytes),
    gauge("stratalog_journal_batches", "Record batches that can be read.", entries),
    gauge("stratalog_journal_cached_bytes", "Bytes of record batches in memory.", cachedBytes),
  ]
}
