/** Notices that nothing was worked on for a while. */
import type { Clock } from "../client/index.ts"

/** How often it looks, milliseconds. */
const LOOKS_EVERY_MS = 100
/** Joining a group takes a request or a few, and partitions may have to come from another member. */
const JOIN_MS = 5_000

export class IdleWatch {
  #working = 0
  #idleMs = -JOIN_MS

  /** There is something to wait for: what was idle before does not count. */
  assigned(): void {
    this.#idleMs = 0
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#working += 1
    try {
      return await work()
    } finally {
      this.#working -= 1
      this.#idleMs = 0
    }
  }

  /** Resolves after `idleMs` without work, or when `signal` aborts. */
  async idle(idleMs: number, clock: Pick<Clock, "sleep">, signal: AbortSignal): Promise<void> {
    while (this.#idleMs < idleMs && !signal.aborted) {
      await clock.sleep(LOOKS_EVERY_MS, signal).catch(() => undefined)
      this.#idleMs = this.#working > 0 ? 0 : this.#idleMs + LOOKS_EVERY_MS
    }
  }
}
