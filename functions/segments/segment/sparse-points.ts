/** The sparse index of a segment: few enough points for one item, close enough for small reads. */
import type { IndexPoint } from "../ports.ts"

export const MAX_POINTS = 256

/** Between two points, bytes, as long as `MAX_POINTS` suffice: what a reader of a few records has to fetch. */
const FIRST_SPACING = 64 * 1024

/** Takes every batch of a segment in order, keeps a point about every `spacing` bytes and doubles that when they get too many. */
export class SparsePoints {
  #points: IndexPoint[] = []
  #spacing = FIRST_SPACING
  #maxTimestamp = Number.MIN_SAFE_INTEGER

  add(offset: number, position: number, maxTimestamp: number): void {
    const last = this.#points.at(-1)
    if (last === undefined || position - last.position >= this.#spacing) {
      this.#points.push({ offset, position, maxTimestampBefore: this.#maxTimestamp })
      if (this.#points.length > MAX_POINTS) this.#thin()
    }
    this.#maxTimestamp = Math.max(this.#maxTimestamp, maxTimestamp)
  }

  /** The greatest timestamp of all batches that were added. */
  get maxTimestamp(): number {
    return this.#maxTimestamp
  }

  points(): readonly IndexPoint[] {
    return this.#points
  }

  #thin(): void {
    this.#spacing *= 2
    let kept: IndexPoint | undefined
    this.#points = this.#points.filter((point) => {
      if (kept !== undefined && point.position - kept.position < this.#spacing) return false
      kept = point
      return true
    })
  }
}
