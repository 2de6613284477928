import type { Progress } from "../progress.ts"
import type { Session } from "../session.ts"
import { Latencies } from "./latencies.ts"
import { latencyText, volumeText } from "./rates.ts"
import type { Stopwatch } from "./stopwatch.ts"

export interface IntervalOptions {
  readonly verb: "sent" | "read"
  readonly intervalMs: number
}

/** Counts what goes through, and says every few seconds how much it was since the last time. */
export class IntervalReport {
  readonly total = new Latencies()
  readonly #session: Session
  readonly #watch: Stopwatch
  readonly #progress: Progress
  readonly #options: IntervalOptions
  readonly #start: number
  #records = 0
  #bytes = 0
  #lastAt: number
  #since = { latencies: new Latencies(), records: 0, bytes: 0, at: 0 }

  constructor(session: Session, watch: Stopwatch, progress: Progress, options: IntervalOptions) {
    this.#session = session
    this.#watch = watch
    this.#progress = progress
    this.#options = options
    this.#start = watch.now()
    this.#lastAt = this.#start
    this.#since.at = this.#start
  }

  get volume() {
    return { records: this.#records, bytes: this.#bytes, elapsedMs: Math.round(this.#lastAt - this.#start) }
  }

  /** A record that got through; `latency` in milliseconds, where it is known. */
  count(bytes: number, latency: number | undefined): void {
    const since = this.#since
    this.#records++
    this.#bytes += bytes
    since.records++
    since.bytes += bytes
    if (latency !== undefined) {
      this.total.add(latency)
      since.latencies.add(latency)
    }
    this.#lastAt = this.#watch.now()
    this.#progress.update(this.#records)
    if (this.#lastAt - since.at >= this.#options.intervalMs) this.#report()
  }

  #report(): void {
    const { latencies, at, ...volume } = this.#since
    this.#since = { latencies: new Latencies(), records: 0, bytes: 0, at: this.#lastAt }
    if (this.#session.json) return
    const summary = latencies.summary()
    const rate = volumeText({ ...volume, elapsedMs: this.#lastAt - at }, this.#options.verb)
    this.#progress.clear()
    void this.#session.out.line(summary === undefined ? `${rate}.` : `${rate}, ${latencyText(summary)}.`)
  }
}
