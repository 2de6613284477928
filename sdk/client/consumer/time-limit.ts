/** Work that must not take longer than it may. */
import type { Clock } from "../clock.ts"

/** Aborts the work's signal after `ms`: what it throws from then on is passed over. */
export async function withinTime(
  clock: Clock,
  ms: number,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const late = new AbortController()
  const done = new AbortController()
  clock.sleep(ms, done.signal).then(
    () => late.abort(),
    () => undefined,
  )
  try {
    await work(late.signal)
  } catch (error) {
    if (!late.signal.aborted) throw error
  } finally {
    done.abort()
  }
}

/** Resolves when the work is done, or is not waited for any longer. */
export function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true })
    void work.then(resolve)
  })
}
