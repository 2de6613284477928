/** Lines for attempts that DynamoDB or S3 throttled or failed; who retries them may yet succeed. */
import type { Clock } from "../../log/ports.ts"
import type { StorageAttempt } from "../../log/storage-observer.ts"
import type { Report } from "./log-line.ts"

export interface StorageLinesOptions {
  readonly report: Report
  readonly clock: Clock
  /** Of the request that the attempt is for, if there is one. */
  readonly requestId: () => string | undefined
}

/** A storage that is down fails everything: so many lines in that time tell it, and the next says how many were left out. */
const MOST_LINES = 20
const WINDOW_MS = 10_000

export function storageLines({ report, clock, requestId }: StorageLinesOptions): (attempt: StorageAttempt) => void {
  let windowEnds = 0
  let written = 0
  let leftOut = 0
  return ({ service, operation, ended, seconds, detail }) => {
    if (ended === "answered") return
    const now = clock.now()
    if (now >= windowEnds) {
      windowEnds = now + WINDOW_MS
      written = 0
    }
    if (written >= MOST_LINES) {
      leftOut += 1
      return
    }
    written += 1
    const milliseconds = Math.round(seconds * 1000)
    const event = ended === "throttled" ? "storage_throttled" : "storage_failed"
    const what = { service, operation, milliseconds, detail, ...(leftOut > 0 && { leftOut }) }
    report({ level: "warn", event, requestId: requestId(), ...what })
    leftOut = 0
  }
}
