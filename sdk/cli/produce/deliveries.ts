import type { RecordMetadata } from "../../client/producer/producer.ts"

/** What waits for its acknowledgement stays below both: the producer's own memory is larger, so it never makes `send` wait. */
const MAX_PENDING_BYTES = 16 * 1024 * 1024
const MAX_PENDING_RECORDS = 50_000

export interface PartitionDelivery {
  readonly topic: string
  readonly partition: number
  readonly firstOffset: number | undefined
  readonly lastOffset: number | undefined
  readonly records: number
}

/** Takes the acknowledgements in the order of the input, and holds the input back while too many are missing. */
export class Deliveries {
  readonly #delivered: (metadata: RecordMetadata) => Promise<void> | undefined
  readonly #partitions = new Map<number, PartitionDelivery>()
  #last: Promise<void> = Promise.resolve()
  #pendingBytes = 0
  #pendingRecords = 0
  /** Wakes the input once there is room. */
  #wake: (() => void) | undefined
  #failure: { readonly error: unknown } | undefined
  #records = 0

  /** `delivered` gets each record that is durable. */
  constructor(delivered: (metadata: RecordMetadata) => Promise<void> | undefined) {
    this.#delivered = delivered
  }

  /** The first that could not be delivered. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure
  }

  get records(): number {
    return this.#records
  }

  /** By partition. */
  get partitions(): PartitionDelivery[] {
    return [...this.#partitions.values()].sort((a, b) => a.partition - b.partition)
  }

  /** Takes a record on its way. A promise where the one input should wait before it adds another. */
  add(delivery: Promise<RecordMetadata>, sizeInBytes: number): Promise<void> | undefined {
    this.#pendingBytes += sizeInBytes
    this.#pendingRecords++
    const settled = delivery.then(
      (metadata) => ({ metadata }),
      (error: unknown) => ({ error }),
    )
    this.#last = this.#last.then(async () => this.#settle(await settled, sizeInBytes))
    if (!this.#isFull()) return undefined
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  /** Resolves when nothing is on its way any more. */
  async settled(): Promise<void> {
    await this.#last
  }

  async #settle(
    outcome: { readonly metadata: RecordMetadata } | { readonly error: unknown },
    sizeInBytes: number,
  ): Promise<void> {
    if ("metadata" in outcome) {
      this.#count(outcome.metadata)
      await this.#delivered(outcome.metadata)
    } else this.#failure ??= { error: outcome.error }
    this.#pendingBytes -= sizeInBytes
    this.#pendingRecords--
    if (!this.#isFull()) this.#wake?.()
  }

  #isFull(): boolean {
    return this.#pendingBytes > MAX_PENDING_BYTES || this.#pendingRecords > MAX_PENDING_RECORDS
  }

  #count({ topic, partition, offset }: RecordMetadata): void {
    this.#records++
    const before = this.#partitions.get(partition)
    this.#partitions.set(partition, {
      topic,
      partition,
      firstOffset: before?.firstOffset ?? offset,
      lastOffset: offset ?? before?.lastOffset,
      records: (before?.records ?? 0) + 1,
    })
  }
}
