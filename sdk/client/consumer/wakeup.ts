/** Lets one waiter sleep until something happens. What happens while nobody waits is not forgotten. */
import type { Clock } from "../clock.ts"

export class Wakeup {
  #isSet = false
  #ring: (() => void) | undefined

  wake(): void {
    this.#isSet = true
    this.#ring?.()
  }

  async wait(): Promise<void> {
    if (!this.#isSet) {
      await new Promise<void>((resolve) => {
        this.#ring = resolve
      })
    }
    this.#isSet = false
    this.#ring = undefined
  }

  /** No longer than `ms`. */
  async waitFor(ms: number, clock: Clock): Promise<void> {
    if (!this.#isSet) {
      const over = new AbortController()
      this.#ring = () => over.abort()
      await clock.sleep(ms, over.signal).catch(() => undefined)
    }
    this.#isSet = false
    this.#ring = undefined
  }
}
