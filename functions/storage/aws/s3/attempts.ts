import { setTimeout as delay } from "node:timers/promises"
import type { Unavailable } from "../../../log/ports.ts"
import { type Failure, failureFrom, unavailable } from "./failures.ts"

export interface AttemptLimits {
  /** The first and those after it. */
  readonly attempts: number
  /** What an attempt may take, from asking for a connection to the last byte of the answer. */
  readonly attemptMs: number
  /** And for each MiB of the object in addition. */
  readonly attemptMsPerMiB: number
  /** The pause before the second attempt is up to this, then up to twice as much, and so on: full jitter. */
  readonly pauseMs: number
  readonly longestPauseMs: number
}

/**
 * S3 answers within some 100 ms, and 503 SlowDown is over when a prefix has been split, which takes longer than anybody
 * waits for. A megabyte takes a second on 8 Mbit/s.
 */
export const ATTEMPT_LIMITS: AttemptLimits = {
  attempts: 4,
  attemptMs: 5_000,
  attemptMsPerMiB: 1_000,
  pauseMs: 100,
  longestPauseMs: 2_000,
}

interface Work<Outcome> {
  /** Such as "put a/b into bucket c". */
  readonly action: string
  /** Bytes that travel. */
  readonly bytes: number
  attempt(signal: AbortSignal): Promise<Outcome>
}

/**
 * Attempts an idempotent request until it succeeds, is refused for good, or the attempts are used up. One attempt whose
 * effect is unknown makes the outcome unknown, whatever the later ones say.
 */
export async function attemptAgain<Outcome>(
  limits: AttemptLimits,
  { action, bytes, attempt }: Work<Outcome>,
): Promise<Outcome | Unavailable> {
  const timeoutMs = Math.ceil(limits.attemptMs + (limits.attemptMsPerMiB * bytes) / 2 ** 20)
  let earlier: Failure["sideEffects"] = "none"
  for (let count = 1; ; count += 1) {
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      return await attempt(signal)
    } catch (error) {
      const failure = failureFrom(signal.aborted ? new Error(`no whole answer in ${timeoutMs} ms`) : error, action)
      if (!failure.again || count >= limits.attempts) return unavailable(failure, earlier)
      if (failure.sideEffects === "unknown") earlier = "unknown"
    }
    await delay(Math.random() * Math.min(limits.longestPauseMs, limits.pauseMs * 2 ** (count - 1)))
  }
}
