/** How long a fetch may wait: until the asked time is over, the caller is gone or the server stops, whichever comes first. */

export interface Patience {
  readonly signal: AbortSignal
  /** Frees the timer; call it when the answer is there. */
  end(): void
}

/** The readers that wait for records now: there is a bound to them, and they can all be sent home. */
export class WaitingReaders {
  readonly #most: number
  readonly #ends = new Set<() => void>()
  #stopped = false

  constructor(most: number) {
    this.#most = most
  }

  get count(): number {
    return this.#ends.size
  }

  /** No further reader may wait now. */
  get isFull(): boolean {
    return this.#ends.size >= this.#most
  }

  /** No reader waits from now on. */
  get stopped(): boolean {
    return this.#stopped
  }

  /** Undefined where no more readers may wait. */
  wait(milliseconds: number, caller: AbortSignal): Patience | undefined {
    if (this.isFull) return undefined
    const controller = new AbortController()
    const end = () => {
      clearTimeout(timer)
      caller.removeEventListener("abort", stop)
      this.#ends.delete(stop)
    }
    const stop = () => {
      end()
      controller.abort()
    }
    const timer = setTimeout(stop, milliseconds)
    caller.addEventListener("abort", stop, { once: true })
    this.#ends.add(stop)
    if (caller.aborted || this.#stopped) stop()
    return { signal: controller.signal, end }
  }

  /** Ends every wait: the readers are answered with what there is. */
  stop(): void {
    this.#stopped = true
    for (const end of [...this.#ends]) end()
  }
}
