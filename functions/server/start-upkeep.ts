/** Upkeep of a server: from time to time, counted, its failures reported. */
import type { Upkeep } from "../compose/indexed-upkeep.ts"
import { recordedUpkeep } from "../compose/recorded-upkeep.ts"
import { saidOf } from "../http/logs/log-line.ts"
import type { Family } from "../http/metrics/exposition.ts"
import { UpkeepMetrics } from "../http/metrics/upkeep-metrics.ts"
import type { UpkeepRecords } from "../segments/upkeep/records.ts"
import { reportTo } from "./report.ts"
import type { ServeOptions } from "./serve.ts"
import { describeFailure, startUpkeepTimer } from "./upkeep-timer.ts"

/** Between two rounds, where nobody says otherwise, milliseconds. */
export const UPKEEP_INTERVAL_MS = 60_000

export interface RunningUpkeep {
  families(): readonly Family[]
  stop(): Promise<void>
}

export interface UpkeepToStart {
  readonly upkeep: Upkeep
  readonly records: UpkeepRecords
  readonly intervalMs: number
}

export function startUpkeep({ upkeep, records, intervalMs }: UpkeepToStart, options: ServeOptions): RunningUpkeep {
  const report = reportTo(options)
  const recorded = recordedUpkeep(upkeep, {
    records,
    clock: { now: Date.now },
    unrecorded: ({ reason, detail }) => {
      if (reason !== "closing") report({ level: "error", event: "upkeep_unrecorded", reason, detail })
    },
  })
  const metrics = new UpkeepMetrics()
  const timer = startUpkeepTimer({
    upkeep: recorded,
    intervalMs,
    finished: (done, seconds) => {
      metrics.finished(done, seconds)
      for (const failure of done.failures) {
        const event = describeFailure(failure)
        if (event !== undefined) report(event)
      }
    },
    defect: (error) => {
      report({ level: "error", event: "defect", during: "upkeep", error: saidOf(error) })
    },
  })
  return { families: () => metrics.families(), stop: () => timer.stop() }
}
