/** A poll's wait: for records, for a change of its group, or for the end of its patience. */
import type { PartitionLog, Watch } from "../../log/ports.ts"

/** How long a poll may wait, as whoever serves it allows. */
export interface Waiting {
  /** Aborts when the time is over, the caller is gone or the service stops. */
  readonly signal: AbortSignal
  end(): void
}

export type StartWaiting = (milliseconds: number) => Waiting

/** Resolves with the first of them; never rejects. */
export function waitForNews(
  log: Pick<PartitionLog, "waitForChange">,
  watches: readonly Watch[],
  signals: readonly AbortSignal[],
): Promise<void> {
  const signal = AbortSignal.any([...signals])
  return watches.length > 0 ? log.waitForChange(watches, signal) : aborted(signal)
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }))
}
