/** Buckets grow by this factor, so a percentile is told to within one per cent. */
const GROWTH = 1.01
/** Milliseconds from which on buckets are told apart. */
const FINEST = 0.01

/** Milliseconds. */
export interface LatencySummary {
  readonly avg: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

/** Any number of latencies in little memory: average and maximum are exact. */
export class Latencies {
  readonly #buckets: number[] = []
  #count = 0
  #sum = 0
  #max = 0

  get count(): number {
    return this.#count
  }

  /** Milliseconds; clocks that disagree may make one negative, which counts as none. */
  add(latency: number): void {
    const counted = Math.max(0, latency)
    const bucket = Math.ceil(Math.log(Math.max(1, counted / FINEST)) / Math.log(GROWTH))
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1
    this.#count++
    this.#sum += counted
    this.#max = Math.max(this.#max, counted)
  }

  /** Undefined without any. */
  summary(): LatencySummary | undefined {
    if (this.#count === 0) return undefined
    const [p50 = 0, p95 = 0, p99 = 0, p999 = 0] = [0.5, 0.95, 0.99, 0.999].map((share) => this.#percentile(share))
    return { avg: this.#sum / this.#count, p50, p95, p99, p999, max: this.#max }
  }

  #percentile(share: number): number {
    let left = Math.ceil(this.#count * share)
    const bucket = this.#buckets.findIndex((count) => {
      left -= count ?? 0
      return left <= 0
    })
    return Math.min(this.#max, FINEST * GROWTH ** bucket)
  }
}
