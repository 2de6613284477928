/** Waits at the end of many partitions with one request: a connection for each would starve a browser, which has six. */
import type { FetchedMany, FetchManyBody } from "../../protocol/schemas/fetch.ts"
import { retryPause } from "../retry-policy.ts"
import type { Transport } from "../transport.ts"

interface Waiter {
  readonly offset: number
  readonly resolve: () => void
}

/** A reader that got records is back so soon: waiting for it saves the request that would leave it out, milliseconds. */
const GATHER_MS = 5

export class TailWatch {
  readonly #transport: Transport
  readonly #topic: string
  readonly #waitMs: number
  readonly #signal: AbortSignal
  readonly #waiters = new Map<number, Waiter>()
  /** Ends the request that does not know of the newest waiter. */
  #outdated = new AbortController()
  #running = false
  #failures = 0

  constructor(transport: Transport, topic: string, waitMs: number, signal: AbortSignal) {
    this.#transport = transport
    this.#topic = topic
    this.#waitMs = waitMs
    this.#signal = signal
    signal.addEventListener("abort", () => this.#leave(), { once: true })
  }

  /** Resolves when there is something to fetch at `offset`, be it an error; also when the read is left. */
  waitFor(partition: number, offset: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#signal.aborted) return resolve()
      this.#waiters.set(partition, { offset, resolve })
      this.#outdated.abort()
      if (!this.#running) void this.#run()
    })
  }

  async #run(): Promise<void> {
    const { clock, retries } = this.#transport
    this.#running = true
    while (this.#waiters.size > 0) {
      try {
        await clock.sleep(GATHER_MS)
        this.#outdated = new AbortController()
        this.#wake(await this.#poll(this.#outdated.signal))
        this.#failures = 0
      } catch {
        if (this.#outdated.signal.aborted) continue
        // The readers' own requests tell what is wrong.
        this.#failures++
        await clock.sleep(retryPause(this.#failures, retries, clock.random()))
        this.#leave()
      }
    }
    this.#running = false
  }

  #poll(signal: AbortSignal): Promise<FetchedMany> {
    const topic = this.#topic
    const partitions = [...this.#waiters].map(([partition, { offset }]) => ({ topic, partition, offset }))
    const json: FetchManyBody = { partitions, wait: this.#waitMs, limit: 1, valueFormat: "base64" }
    return this.#transport.json<FetchedMany>({
      method: "POST",
      path: "/v1/fetch",
      json,
      answers: "partitions",
      repeatable: true,
      waitMs: this.#waitMs,
      signal,
    })
  }

  #wake({ partitions }: FetchedMany): void {
    for (const answer of partitions) {
      const waiter = this.#waiters.get(answer.partition)
      if (waiter === undefined) continue
      if ("error" in answer || answer.highWatermark !== waiter.offset || answer.logStartOffset > waiter.offset) {
        this.#waiters.delete(answer.partition)
        waiter.resolve()
      }
    }
  }

  #leave(): void {
    for (const { resolve } of this.#waiters.values()) resolve()
    this.#waiters.clear()
    this.#outdated.abort()
  }
}
