/** `for await` over a consumer: hands out one after another, and counts each as processed when the next is asked for. */
import type { Hand } from "./partition.ts"
import type { GroupSession } from "./session.ts"

export class HandIterator<T> implements AsyncIterableIterator<T> {
  readonly #session: GroupSession
  readonly #most: number
  readonly #give: (hand: Hand) => T | Promise<T>
  readonly #close: () => Promise<void>
  #inHand: Hand | undefined
  /** The call before, as calls take turns. */
  #last: Promise<unknown> | undefined

  constructor(session: GroupSession, most: number, give: (hand: Hand) => T | Promise<T>, close: () => Promise<void>) {
    this.#session = session
    this.#most = most
    this.#give = give
    this.#close = close
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    if (this.#last !== undefined) await this.#last.catch(() => undefined)
    const next = this.#next()
    this.#last = next
    try {
      return await next
    } finally {
      if (this.#last === next) this.#last = undefined
    }
  }

  /** The loop was left, by `break` or by an error in its body: what is in hand does not count. */
  async return(): Promise<IteratorResult<T, undefined>> {
    this.#settle(false)
    await this.#close()
    return { done: true, value: undefined }
  }

  /** Counts what is in hand as processed; it stays in hand. */
  markProcessed(): void {
    if (this.#inHand !== undefined) this.#inHand.progress.finish(this.#inHand.ticket)
  }

  async #next(): Promise<IteratorResult<T, undefined>> {
    this.#settle(true)
    const { arrival } = this.#session
    while (!this.#session.isClosing) {
      const hand = this.#session.take(this.#most)
      if (hand !== undefined) return { done: false, value: await this.#handOut(hand) }
      await arrival.wait()
    }
    await this.#close()
    if (this.#session.failure !== undefined) throw this.#session.failure.error
    return { done: true, value: undefined }
  }

  async #handOut(hand: Hand): Promise<T> {
    this.#inHand = hand
    try {
      const given = this.#give(hand)
      return given instanceof Promise ? await given : given
    } catch (error) {
      this.#settle(false)
      await this.#close()
      throw error
    }
  }

  #settle(processed: boolean): void {
    const hand = this.#inHand
    this.#inHand = undefined
    if (hand !== undefined) hand.owner.settle(hand, processed)
  }
}
