/** Runs upkeep from time to time, one round after another, and tells what came of it. */
import type { Upkeep } from "../compose/indexed-upkeep.ts"
import type { LogEvent } from "../http/logs/log-line.ts"
import { failureCode } from "../segments/upkeep/failure-codes.ts"
import type { UpkeepFailed, UpkeepReport } from "../segments/upkeep/report.ts"
import type { UpkeepCursor } from "../segments/upkeep/upkeep-all.ts"

export interface UpkeepTimerOptions {
  readonly upkeep: Upkeep
  /** Between the end of a round and the beginning of the next, milliseconds. */
  readonly intervalMs: number
  /** Hears of each piece of a round. */
  readonly finished: (report: UpkeepReport, seconds: number) => void
  /** Hears of what upkeep cannot say itself: a mistake of this program. */
  readonly defect: (error: unknown) => void
}

export interface UpkeepTimer {
  /** Begins nothing more; resolves when what was begun has come to a place where it can be left. */
  stop(): Promise<void>
}

/** A round goes in pieces of so long, milliseconds: who stops waits for one at most. */
const PIECE_MS = 2_000

export function startUpkeepTimer({ upkeep, intervalMs, finished, defect }: UpkeepTimerOptions): UpkeepTimer {
  const stopping = new AbortController()
  /** What earlier rounds may have left to sweep, those before the start among it. */
  let isUnswept = true

  async function round(): Promise<void> {
    const sweep = isUnswept
    isUnswept = false
    let cursor: UpkeepCursor | undefined
    do {
      const began = performance.now()
      const deadline = Date.now() + PIECE_MS
      const options = {
        sweep,
        get until() {
          return stopping.signal.aborted ? 0 : deadline
        },
      }
      const { report, next } = await upkeep(options, cursor)
      isUnswept ||= leavesObjects(report)
      finished(report, (performance.now() - began) / 1000)
      cursor = next
    } while (cursor !== undefined && !stopping.signal.aborted)
  }

  async function rounds(): Promise<void> {
    while (await passed(intervalMs, stopping.signal)) await round().catch(defect)
  }

  const running = rounds()
  return {
    stop: () => {
      stopping.abort()
      return running
    },
  }
}

/** Whether the time has passed without a stop. */
function passed(milliseconds: number, stop: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve(false)
    const end = () => {
      clearTimeout(timeout)
      stop.removeEventListener("abort", end)
      resolve(!stop.aborted)
    }
    const timeout = setTimeout(end, milliseconds)
    timeout.unref()
    stop.addEventListener("abort", end)
  })
}

function leavesObjects(report: UpkeepReport): boolean {
  const { reclaimedSegments, mergedSegments, compactedSegments, sweptObjects, sweptItems, failures, unfinished } =
    report
  return (
    reclaimedSegments + mergedSegments + compactedSegments + sweptObjects + sweptItems + failures.length > 0 ||
    unfinished
  )
}

/** What an operator should know of a failure. That somebody else was faster is none: the next round goes on from there. */
export function describeFailure(failed: UpkeepFailed): LogEvent | undefined {
  if (failureCode(failed) === undefined) return undefined
  const { partition, step, failure } = failed
  const { topicId, partition: number } = partition
  return { level: "error", event: "upkeep_failed", step, topicId, partition: number, ...failure }
}
