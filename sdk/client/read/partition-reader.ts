/** Reads one partition from an offset on, and does not give up where trying again may help. */
import { OffsetOutOfRangeError, StratalogError } from "../errors.ts"
import type { FetchOptions } from "../fetch-records.ts"
import type { ConsumerRecord } from "../records.ts"
import { retryPause } from "../retry-policy.ts"
import type { FetchedRecords } from "../topic.ts"
import type { Transport } from "../transport.ts"
import type { PartitionRange } from "./start-offsets.ts"
import type { TailWatch } from "./tail-watch.ts"

export interface PartitionReaderOptions {
  readonly follow: boolean
  readonly batchBytes: number
  /** How long a fetch at the end waits for more, milliseconds. */
  readonly waitMs: number
  readonly autoOffsetReset: "earliest" | "latest" | "none"
  /** Waits at the end together with the other partitions; absent: its own fetches do. */
  readonly tailWatch: TailWatch | undefined
  readonly signal: AbortSignal
}

export type FetchPartition<K, V> = (partition: number, options: FetchOptions) => Promise<FetchedRecords<K, V>>

export class PartitionReader<K, V> {
  readonly #fetch: FetchPartition<K, V>
  readonly #range: PartitionRange
  readonly #options: PartitionReaderOptions
  readonly #transport: Transport
  #position: number
  #atEnd = false
  #failures = 0

  constructor(
    fetch: FetchPartition<K, V>,
    range: PartitionRange,
    options: PartitionReaderOptions,
    transport: Transport,
  ) {
    this.#fetch = fetch
    this.#range = range
    this.#options = options
    this.#transport = transport
    this.#position = range.from
  }

  /** The next records, or undefined at the end of a read that does not follow. */
  async next(): Promise<readonly ConsumerRecord<K, V>[] | undefined> {
    const { follow, tailWatch, signal } = this.#options
    for (;;) {
      signal.throwIfAborted()
      if (!follow && this.#position >= this.#range.to) return undefined
      if (this.#atEnd) {
        await tailWatch?.waitFor(this.#range.partition, this.#position)
        this.#atEnd = false
        continue
      }
      const fetched = await this.#fetchOnce()
      if (fetched === undefined) continue
      this.#position = fetched.nextOffset
      this.#atEnd = follow && fetched.nextOffset === fetched.highWatermark
      const records = follow ? fetched.records : fetched.records.filter(({ offset }) => offset < this.#range.to)
      if (records.length > 0) return records
    }
  }

  async #fetchOnce(): Promise<FetchedRecords<K, V> | undefined> {
    const { follow, batchBytes, waitMs, tailWatch, signal } = this.#options
    const { partition } = this.#range
    try {
      const wait = follow && tailWatch === undefined ? waitMs : 0
      const fetched = await this.#fetch(partition, { offset: this.#position, maxBytes: batchBytes, wait, signal })
      this.#failures = 0
      return fetched
    } catch (error) {
      if (signal.aborted) throw signal.reason
      await this.#recover(error)
      return undefined
    }
  }

  /** A follower outlasts what is retryable; a read to the end leaves it at the transport's attempts. */
  async #recover(error: unknown): Promise<void> {
    const { autoOffsetReset, follow, signal } = this.#options
    if (error instanceof OffsetOutOfRangeError && autoOffsetReset !== "none") {
      const { logStartOffset, highWatermark } = error
      const reset = autoOffsetReset === "earliest" ? logStartOffset : highWatermark
      if (reset !== undefined && reset !== this.#position) {
        this.#position = reset
        return
      }
    }
    if (!(error instanceof StratalogError) || !error.retryable || !follow) throw error
    const { clock, retries } = this.#transport
    this.#failures++
    await clock.sleep(retryPause(this.#failures, retries, clock.random()), signal)
  }
}
