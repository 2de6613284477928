/** Which offset of the target is which of the source, where compaction left holes that the target does not have. */
import type { Position } from "./align.ts"

/** Places of the source where it begins to differ by more; the newest are kept. */
const MOST_PLACES = 100_000

export class OffsetMap {
  #places: Position[]

  constructor(start: Position) {
    this.#places = [start]
  }

  /** The record at `source` is at `target`. Later calls have greater offsets. */
  note(source: number, target: number): void {
    const last = this.#places.at(-1)
    if (last !== undefined && source - target === last.source - last.target) return
    this.#places.push({ source, target })
    if (this.#places.length > 2 * MOST_PLACES) this.#places = this.#places.slice(-MOST_PLACES)
  }

  /** The first offset of the source that is another one in the target; undefined: all are the same. */
  get changedFrom(): number | undefined {
    return this.#places.find(({ source, target }) => source !== target)?.source
  }

  /**
   * The target's offset of the first record at or behind `source`, `end` at most. Undefined: it lies before what is
   * known.
   */
  translate(source: number, end: number): number | undefined {
    const first = this.#places[0]
    const at = lastAtOrBefore(this.#places, source)
    const place = this.#places[at]
    if (place === undefined) return first?.source === first?.target ? source : undefined
    const bound = this.#places[at + 1]?.target ?? end
    return Math.min(place.target + source - place.source, bound, end)
  }
}

function lastAtOrBefore(places: readonly Position[], source: number): number {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle]?.source ?? 0) <= source) low = middle + 1
    else high = middle
  }
  return low - 1
}
