import { setTimeout as sleep } from "node:timers/promises"

/** Time that never goes back, finer than a millisecond. */
export interface Stopwatch {
  /** Milliseconds since some moment. */
  now(): number
  /** Rejects with the signal's reason. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export const stopwatch: Stopwatch = {
  now: () => performance.now(),
  // Node's own error would tell that, but not why.
  sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted()),
}
