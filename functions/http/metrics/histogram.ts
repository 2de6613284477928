/** Counts observations by size: fixed buckets and plain numbers, so that the hot path can afford it. */
export class Histogram {
  readonly bounds: readonly number[]
  /** One more than there are bounds: the last holds what is above them all. */
  readonly counts: Float64Array
  sum = 0

  /** `bounds`: upper, inclusive, ascending. */
  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.counts = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    const { bounds, counts } = this
    let bucket = 0
    // Most observations are small, so the first buckets are the likely ones.
    while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket++
    counts[bucket] = (counts[bucket] ?? 0) + 1
    this.sum += value
  }
}
