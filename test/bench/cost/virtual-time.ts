/** Time that passes when nobody has anything left to do: seconds of waiting take as long as the work between them. */

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

export class VirtualTime {
  #now = 0
  /** A binary heap, the earliest first. */
  readonly #sleepers: Sleeper[] = []

  /** Milliseconds since the start. */
  now(): number {
    return this.#now
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => this.#push({ at: this.#now + Math.max(0, milliseconds), wake }))
  }

  /** Lets time pass until `end`, or until nobody sleeps. What runs may wait for this clock and for nothing else. */
  async passTo(end: number): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve))
      const first = this.#sleepers[0]
      if (first === undefined || first.at > end) break
      this.#now = first.at
      while (this.#sleepers[0] !== undefined && this.#sleepers[0].at <= this.#now) this.#pop().wake()
    }
    this.#now = end
  }

  #push(sleeper: Sleeper): void {
    const heap = this.#sleepers
    let at = heap.push(sleeper) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (atOf(heap[parent]) <= sleeper.at) break
      this.#swap(at, parent)
      at = parent
    }
  }

  #pop(): Sleeper {
    const heap = this.#sleepers
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined) throw new Error("nobody sleeps")
    if (heap.length === 0) return first
    heap[0] = last
    for (let at = 0; ; ) {
      const left = 2 * at + 1
      const smaller = atOf(heap[left + 1]) < atOf(heap[left]) ? left + 1 : left
      if (atOf(heap[smaller]) >= last.at) return first
      this.#swap(at, smaller)
      at = smaller
    }
  }

  #swap(one: number, other: number): void {
    const [first, second] = [this.#sleepers[one], this.#sleepers[other]]
    if (first === undefined || second === undefined) throw new RangeError("outside the heap")
    this.#sleepers[one] = second
    this.#sleepers[other] = first
  }
}

function atOf(sleeper: Sleeper | undefined): number {
  return sleeper?.at ?? Number.POSITIVE_INFINITY
}
