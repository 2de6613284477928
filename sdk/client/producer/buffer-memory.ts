/** The bytes that a producer's records may take until they are acknowledged. */
import type { Clock } from "../clock.ts"
import { StratalogError } from "../errors.ts"

export class BufferMemory {
  readonly #total: number
  readonly #clock: Clock
  #used = 0
  #waiter: { readonly bytes: number; readonly grant: () => void } | undefined

  constructor(total: number, clock: Clock) {
    this.#total = total
    this.#clock = clock
  }

  get used(): number {
    return this.#used
  }

  tryTake(bytes: number): boolean {
    if (this.#used + bytes > this.#total) return false
    this.#used += bytes
    return true
  }

  /** Waits for room up to `deadline` (epoch milliseconds). One caller at a time: senders queue before this. */
  async take(bytes: number, deadline: number, signal?: AbortSignal): Promise<void> {
    if (this.tryTake(bytes)) return
    if (bytes > this.#total) throw exhausted(`A record takes ${bytes} bytes; bufferMemory is ${this.#total}.`, false)
    signal?.throwIfAborted()
    const over = new AbortController()
    const onAbort = () => over.abort()
    let granted = false
    this.#waiter = {
      bytes,
      grant: () => {
        granted = true
        over.abort()
      },
    }
    signal?.addEventListener("abort", onAbort, { once: true })
    await this.#clock.sleep(Math.max(0, deadline - this.#clock.now()), over.signal).catch(() => undefined)
    signal?.removeEventListener("abort", onAbort)
    if (granted) return
    this.#waiter = undefined
    signal?.throwIfAborted()
    throw exhausted(`No room in the producer's ${this.#total} bytes of bufferMemory within maxBlockMs.`, true)
  }

  release(bytes: number): void {
    this.#used -= bytes
    const waiter = this.#waiter
    if (waiter !== undefined && this.tryTake(waiter.bytes)) {
      this.#waiter = undefined
      waiter.grant()
    }
  }
}

function exhausted(detail: string, retryable: boolean): StratalogError {
  return new StratalogError({ code: "buffer_exhausted", detail, retryable, sideEffects: "none" })
}
