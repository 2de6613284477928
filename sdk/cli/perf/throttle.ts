import type { Stopwatch } from "./stopwatch.ts"

/** Shorter sleeps than this are made up for later: a timer is no more exact. */
const SHORTEST_SLEEP_MS = 2

/** Holds a sender to so many records a second; what it was behind is caught up with. */
export class Throttle {
  readonly #msPerRecord: number
  readonly #watch: Stopwatch
  readonly #start: number
  #records = 0

  /** `recordsPerSecond` Infinity: as fast as it goes. */
  constructor(recordsPerSecond: number, watch: Stopwatch) {
    this.#msPerRecord = 1000 / recordsPerSecond
    this.#watch = watch
    this.#start = watch.now()
  }

  /** Counts a record that is sent. A promise where the next one has to wait. */
  sent(signal: AbortSignal): Promise<void> | undefined {
    this.#records++
    const ahead = this.#start + this.#records * this.#msPerRecord - this.#watch.now()
    return ahead < SHORTEST_SLEEP_MS ? undefined : this.#watch.sleep(ahead, signal)
  }
}
