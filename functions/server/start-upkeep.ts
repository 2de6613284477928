/** Upkeep of a server: from time to time, counted, its failures reported. */
import type { Upkeep } from "../compose/indexed-upkeep.ts"
import type { Family } from "../http/metrics/exposition.ts"
import { UpkeepMetrics } from "../http/metrics/upkeep-metrics.ts"
import { reportTo } from "./report.ts"
import type { ServeOptions } from "./serve.ts"
import { describeFailure, startUpkeepTimer } from "./upkeep-timer.ts"

/** Between two rounds, where nobody says otherwise, milliseconds. */
export const UPKEEP_INTERVAL_MS = 60_000

export interface RunningUpkeep {
  families(): readonly Family[]
  stop(): Promise<void>
}

export function startUpkeep(upkeep: Upkeep, intervalMs: number, options: ServeOptions): RunningUpkeep {
  const report = reportTo(options)
  const metrics = new UpkeepMetrics()
  const timer = startUpkeepTimer({
    upkeep,
    intervalMs,
    finished: (done, seconds) => {
      metrics.finished(done, seconds)
      for (const failure of done.failures) {
        const event = describeFailure(failure)
        if (event !== undefined) report(event)
      }
    },
    defect: (error) => {
      const said = error instanceof Error ? error.stack : String(error)
      report({ level: "error", event: "defect", during: "upkeep", error: said })
    },
  })
  return { families: () => metrics.families(), stop: () => timer.stop() }
}
