/** Lines for attempts that DynamoDB or S3 throttled or failed; who retries them may yet succeed. */
import type { Clock } from "../../log/ports.ts"
import type { StorageAttempt } from "../../log/storage-observer.ts"
import { fewLines } from "./few-lines.ts"
import type { Report } from "./log-line.ts"

export interface StorageLinesOptions {
  readonly report: Report
  readonly clock: Clock
  /** Of the request that the attempt is for, if there is one. */
  readonly requestId: () => string | undefined
}

/** A storage that is down fails everything: a few lines tell it, and the next says how many were left out. */
const BOUND = { most: 20, perMs: 10_000 }

export function storageLines({ report, clock, requestId }: StorageLinesOptions): (attempt: StorageAttempt) => void {
  const told = fewLines(BOUND)
  return ({ service, operation, ended, seconds, detail }) => {
    if (ended === "answered") return
    const leftOut = told(clock.now())
    if (leftOut === undefined) return
    const milliseconds = Math.round(seconds * 1000)
    const event = ended === "throttled" ? "storage_throttled" : "storage_failed"
    const what = { service, operation, milliseconds, detail, ...(leftOut > 0 && { leftOut }) }
    report({ level: "warn", event, requestId: requestId(), ...what })
  }
}
