/** How long a fetch may wait: until the asked time is over or the caller is gone, whichever comes first. */

export interface Patience {
  readonly signal: AbortSignal
  /** Frees the timer; call it when the answer is there. */
  end(): void
}

export function patience(milliseconds: number, caller: AbortSignal): Patience {
  const controller = new AbortController()
  const end = () => {
    clearTimeout(timer)
    caller.removeEventListener("abort", stop)
  }
  const stop = () => {
    end()
    controller.abort()
  }
  const timer = setTimeout(stop, milliseconds)
  caller.addEventListener("abort", stop, { once: true })
  if (caller.aborted) stop()
  return { signal: controller.signal, end }
}

/** Counts the readers that wait, so that there is a bound to them. */
export class WaitingReaders {
  readonly #most: number
  #count = 0

  constructor(most: number) {
    this.#most = most
  }

  get count(): number {
    return this.#count
  }

  /** Whether there was room for one more; `leave` when it stops waiting. */
  enter(): boolean {
    if (this.#count >= this.#most) return false
    this.#count += 1
    return true
  }

  leave(): void {
    this.#count -= 1
  }
}
