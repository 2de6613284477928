import { pause } from "./pause.ts"

/** Gives the items at `perSecond` (Infinity: as fast as they are taken) until `signal` aborts. */
export async function* paced<T>(items: Iterable<T>, perSecond: number, signal: AbortSignal): AsyncGenerator<T> {
  const start = performance.now()
  let given = 0
  for (const item of items) {
    const early = start + (given / perSecond) * 1000 - performance.now()
    // Timers are not exact to the millisecond, so several items share a pause.
    if (early > 5) await pause(early, signal)
    if (signal.aborted) return
    yield item
    given++
  }
}
