/** When a call is made again, and after how long. Pure. */
import type { StratalogError } from "./errors.ts"

export interface RetryPolicy {
  /** The most times a request is sent, the first time included. */
  readonly attempts: number
  /** The bound of the first pause, milliseconds; it doubles each time. */
  readonly baseMs: number
  /** The most that a pause's bound grows to, milliseconds. */
  readonly maxMs: number
}

export const defaultRetryPolicy: RetryPolicy = { attempts: 5, baseMs: 100, maxMs: 5_000 }

/** What may be sent again: `repeatable` requests change nothing more the second time. */
export function mayRetry(error: StratalogError, repeatable: boolean): boolean {
  return error.retryable && (repeatable || error.sideEffects === "none")
}

/**
 * The pause before attempt `attempt` + 1 (the first is 1), milliseconds: full jitter, so that clients that failed
 * together do not come back together, and never less than the server's `Retry-After`.
 */
export function retryPause(
  attempt: number,
  policy: Pick<RetryPolicy, "baseMs" | "maxMs">,
  random: number,
  retryAfterMs = 0,
): number {
  const bound = Math.min(policy.maxMs, policy.baseMs * 2 ** Math.min(attempt - 1, 30))
  return Math.max(retryAfterMs, Math.floor(random * bound))
}

/** Milliseconds of a `Retry-After` header: seconds, or a date. Undefined where there is none or it makes no sense. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,9}(\.\d{1,9})?$/.test(header)) return Math.round(Number(header) * 1000)
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
