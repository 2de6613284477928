/** How long a fetch may wait: until the asked time is over, the caller is gone or the server stops, whichever comes first. */

/** Who wants to wait. */
export interface Waiter {
  /** Absent where nobody is asked who they are: then only the bound over all holds. */
  readonly name: string | undefined
  /** Aborts when they are gone. */
  signal(): AbortSignal
}

export interface WaitingBounds {
  readonly most: number
  /** Of one caller. */
  readonly mostOfOne: number
}

export interface Patience {
  readonly signal: AbortSignal
  /** Frees the timer; call it when the answer is there. */
  end(): void
}

/** The readers that wait for records now: there is a bound to them, and they can all be sent home. */
export class WaitingReaders {
  readonly #bounds: WaitingBounds
  readonly #ends = new Set<() => void>()
  readonly #ofCaller = new Map<string, number>()
  #stopped = false

  constructor(bounds: WaitingBounds) {
    this.#bounds = bounds
  }

  get count(): number {
    return this.#ends.size
  }

  /** No further reader may wait now: of anybody, or of this caller. */
  isFull({ name }: Pick<Waiter, "name">): "for all" | "for the caller" | undefined {
    if (this.#ends.size >= this.#bounds.most) return "for all"
    return name !== undefined && this.countOf(name) >= this.#bounds.mostOfOne ? "for the caller" : undefined
  }

  /** Readers of a caller that wait. */
  countOf(name: string): number {
    return this.#ofCaller.get(name) ?? 0
  }

  /** No reader waits from now on. */
  get stopped(): boolean {
    return this.#stopped
  }

  /** Undefined where no more readers may wait. */
  wait(milliseconds: number, waiter: Waiter): Patience | undefined {
    if (this.isFull(waiter) !== undefined) return undefined
    const caller = waiter.signal()
    const controller = new AbortController()
    const end = () => {
      clearTimeout(timer)
      caller.removeEventListener("abort", stop)
      if (this.#ends.delete(stop)) this.#count(waiter, -1)
    }
    const stop = () => {
      end()
      controller.abort()
    }
    const timer = setTimeout(stop, milliseconds)
    caller.addEventListener("abort", stop, { once: true })
    this.#ends.add(stop)
    this.#count(waiter, 1)
    if (caller.aborted || this.#stopped) stop()
    return { signal: controller.signal, end }
  }

  #count({ name }: Waiter, more: number): void {
    if (name === undefined) return
    const count = this.countOf(name) + more
    if (count === 0) this.#ofCaller.delete(name)
    else this.#ofCaller.set(name, count)
  }

  /** Ends every wait: the readers are answered with what there is. */
  stop(): void {
    this.#stopped = true
    for (const end of [...this.#ends]) end()
  }
}
