import type { BodyRoom } from "../../http/web-exchange.ts"

/**
 * Bounds the memory that large bodies take while their requests run: who comes when the bound is reached waits, unread,
 * until others are answered. Small bodies never wait. Only bytes that have arrived count, so that a slow sender holds
 * back nobody by what it merely announced; how long it may take is the request timeout's business.
 */
export class BodyBudget implements BodyRoom {
  readonly #bound: number
  #held = 0
  readonly #waiting: (() => void)[] = []

  /** `bound` in bytes. It is soft: those who were let in finish. */
  constructor(bound: number) {
    this.#bound = bound
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Calls `start` as soon as there is room: at once, or when others have let go. In order of arrival. */
  enter(start: () => void): void {
    if (this.#held < this.#bound) start()
    else this.#waiting.push(start)
  }

  hold(bytes: number): void {
    this.#held += bytes
  }

  release(bytes: number): void {
    this.#held -= bytes
    while (this.#held < this.#bound) {
      const next = this.#waiting.shift()
      if (next === undefined) return
      next()
    }
  }
}
