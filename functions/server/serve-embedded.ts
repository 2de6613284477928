/** Serves the embedded log: everything in this process and one data directory. */
import { limits as defaultLimits } from "stratalog/protocol"
import { type Family, family } from "../http/metrics/exposition.ts"
import { JournalMetrics } from "../http/metrics/journal-metrics.ts"
import * as table from "../http/metrics/table/journal.ts"
import type { JournalEvent, JournalLog } from "../storage/embedded/journal/index.ts"
import { journalReports } from "./journal-reports.ts"
import { type Embedded, type EmbeddedOptions, openEmbedded } from "./open-embedded.ts"
import { reportTo } from "./report.ts"
import { type Served, type ServeOptions, serve } from "./serve.ts"
import { startUpkeep, UPKEEP_INTERVAL_MS } from "./start-upkeep.ts"

export interface ServerOptions extends EmbeddedOptions, ServeOptions {
  /** Between two rounds of upkeep, milliseconds; default a minute. */
  readonly upkeepIntervalMs?: number
  /** The longest that a fetch or a poll waits, milliseconds; default a minute. */
  readonly maxWaitMs?: number
}

/** What is to leave the journal waits so long for more, so that few segments are made of much. */
const ROUNDS_BEFORE_TIERING = 5

export interface RunningServer extends Served {
  readonly embedded: Embedded
}

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const flushes = new JournalMetrics()
  const { upkeepIntervalMs = UPKEEP_INTERVAL_MS, maxWaitMs, limits = defaultLimits } = options
  const tell = journalReports(reportTo(options))
  const embedded = await openEmbedded({
    ...options,
    limits: maxWaitMs === undefined ? limits : { ...limits, maxWaitMs },
    upkeep: { maxTierAgeMs: ROUNDS_BEFORE_TIERING * upkeepIntervalMs, graceMs: upkeepIntervalMs, ...options.upkeep },
    onJournalEvent: (event) => {
      count(flushes, event)
      tell(event)
      options.onJournalEvent?.(event)
    },
  })
  const { upkeepRecords: records } = embedded.deps
  const upkeep = startUpkeep({ upkeep: embedded.upkeep, records, intervalMs: upkeepIntervalMs }, options)
  const served = await serve(
    {
      deps: embedded.deps,
      // Nobody else has the data directory open.
      access: { store: embedded.access, rememberMs: Number.POSITIVE_INFINITY },
      families: () => [...flushes.families(), ...upkeep.families(), ...journalFamilies(embedded.journal)],
      close: async () => {
        await upkeep.stop()
        await embedded.close()
      },
    },
    options,
  )
  return { ...served, embedded }
}

function count(flushes: JournalMetrics, event: JournalEvent): void {
  if (event.kind === "flush") flushes.flushed(event)
  if (event.kind === "failure" || isFailure(event)) flushes.failed()
}

/** That the disk is full is something else: it is whole. */
function isFailure(event: JournalEvent): boolean {
  return event.kind === "refused" && event.failure.reason !== "storage_full" && event.failure.reason !== "closing"
}

function journalFamilies(journal: JournalLog): readonly Family[] {
  const { files, bytes, entries, partitions, cachedBytes } = journal.status()
  return [
    family(table.partitions, partitions),
    family(table.journalFiles, files),
    family(table.journalBytes, bytes),
    family(table.journalBatches, entries),
    family(table.journalCachedBytes, cachedBytes),
  ]
}
