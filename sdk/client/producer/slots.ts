/** How many requests may be in flight. */
import { Fifo } from "./fifo.ts"

export class Slots {
  readonly #waiting = new Fifo<() => void>()
  #free: number

  constructor(count: number) {
    this.#free = count
  }

  tryTake(): boolean {
    if (this.#free === 0) return false
    this.#free--
    return true
  }

  /** Resolves with the next slot that is free. */
  take(): Promise<void> {
    return this.tryTake() ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve))
  }

  release(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free++
    else next()
  }
}
