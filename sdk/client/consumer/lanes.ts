/**
 * Work in lanes: what shares a lane is done one after the other, in the order in which it came; different lanes are done at
 * once. Pure: it says what may begin.
 */

interface Lane<T> {
  waiting: T[]
}

export class Lanes<T> {
  readonly #laneOf: (item: T) => string | undefined
  /** Lanes with something that is ready or has begun. */
  readonly #lanes = new Map<string, Lane<T>>()
  #ready: T[] = []
  #size = 0

  /** Undefined: a lane of its own. */
  constructor(laneOf: (item: T) => string | undefined) {
    this.#laneOf = laneOf
  }

  /** How much has not begun. */
  get size(): number {
    return this.#size
  }

  add(item: T): void {
    this.#size++
    const name = this.#laneOf(item)
    const lane = name === undefined ? undefined : this.#lanes.get(name)
    if (lane !== undefined) {
      lane.waiting.push(item)
      return
    }
    if (name !== undefined) this.#lanes.set(name, { waiting: [] })
    this.#ready.push(item)
  }

  /** What may begin, the oldest first. What `mayBegin` refuses keeps its place. */
  take(mayBegin: (item: T) => boolean): T | undefined {
    const index = this.#ready.findIndex(mayBegin)
    if (index === -1) return undefined
    this.#size--
    return index === 0 ? this.#ready.shift() : this.#ready.splice(index, 1)[0]
  }

  /** What was taken is done: the next of its lane may begin. */
  done(item: T): void {
    const name = this.#laneOf(item)
    const lane = name === undefined ? undefined : this.#lanes.get(name)
    if (name === undefined || lane === undefined) return
    const next = lane.waiting.shift()
    if (next === undefined) this.#lanes.delete(name)
    else this.#ready.push(next)
  }

  /** Forgets what has not begun and is not wanted any more; answers with it. */
  remove(isUnwanted: (item: T) => boolean): T[] {
    const removed: T[] = []
    const isWanted = (item: T): boolean => {
      const wanted = !isUnwanted(item)
      if (!wanted) removed.push(item)
      return wanted
    }
    for (const lane of this.#lanes.values()) lane.waiting = lane.waiting.filter(isWanted)
    const ready = this.#ready
    this.#ready = []
    for (const item of ready) {
      if (isWanted(item)) this.#ready.push(item)
      else this.done(item)
    }
    this.#size -= removed.length
    return removed
  }
}
