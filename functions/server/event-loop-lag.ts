/** How late the event loop is: what a request waits before anybody looks at it. */
import { monitorEventLoopDelay } from "node:perf_hooks"
import { type Family, family } from "../http/metrics/exposition.ts"
import { eventLoopMaxSeconds, eventLoopMeanSeconds, eventLoopP99Seconds } from "../http/metrics/table/process.ts"

/** How often it is measured, milliseconds. */
const RESOLUTION_MS = 20

export class EventLoopLag {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })

  constructor() {
    this.#delay.enable()
  }

  /** Since the last call. */
  families(): readonly Family[] {
    const { mean, max } = this.#delay
    const p99 = this.#delay.percentile(99)
    this.#delay.reset()
    return [
      family(eventLoopMeanSeconds, late(mean)),
      family(eventLoopP99Seconds, late(p99)),
      family(eventLoopMaxSeconds, late(max)),
    ]
  }

  stop(): void {
    this.#delay.disable()
  }
}

/** Node reports nanoseconds from one measurement to the next, the interval included; NaN before the first. */
function late(nanoseconds: number): number {
  return Number.isNaN(nanoseconds) ? 0 : Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS) / 1000
}
