/** Lines of JSON for the function's log. */
import type { RefusedCaller } from "../http/access/key-gate.ts"
import type { ExchangeObserver } from "../http/api.ts"
import { exchangeLines } from "../http/logs/exchange-lines.ts"
import { type LogEvent, logLine } from "../http/logs/log-line.ts"
import { storageLines } from "../http/logs/storage-lines.ts"
import type { StorageObserver } from "../log/storage-observer.ts"

/** An environment answers one request at a time, so that all it does is for the last one. */
let present: string | undefined

/** `requestId`: of the request, or of the invocation where there is none. */
export function around<T>(requestId: string, work: () => T): T {
  present = requestId
  return work()
}

export function report(event: LogEvent): void {
  process.stderr.write(logLine({ requestId: present, ...event }, Date.now()))
}

export const exchangeObserver = { ...exchangeLines(report), around } satisfies ExchangeObserver

/** Of the attempts of requests to DynamoDB and S3, those that failed. */
export const storageObserver: StorageObserver = {
  attempted: storageLines({ report, clock: { now: Date.now }, requestId: () => present }),
  refused: () => undefined,
  rolled: () => undefined,
}

/** What the caller is not told: why a key was not taken. */
export function reportRefused(refused: RefusedCaller): void {
  report({ level: "warn", ...refused })
}

/** Whoever can invoke the function can do everything: that it was used should be seen. */
export function reportFirstKey(made: {
  readonly key: string
  readonly principal: string
  readonly replaced: boolean
}): void {
  report({ level: "info", event: "first_key_made", ...made })
}

/** Consumers find what was appended by their schedules. */
export function reportUntold(topic: string, error: unknown): void {
  report({ level: "warn", event: "append_news_failed", topic, error: String(error) })
}

/** The schedule of upkeep makes up for it. */
export function reportNoNudge(
  partition: { readonly topicId: string; readonly partition: number },
  error: unknown,
): void {
  report({ level: "warn", event: "nudge_failed", ...partition, error: String(error) })
}

/** `GET /v1/upkeep` tells of an earlier run. */
export function reportUnrecorded({ reason, detail }: { readonly reason: string; readonly detail: string }): void {
  report({ level: "warn", event: "upkeep_unrecorded", reason, detail })
}
