/** What waits for one partition, and how far its sequence is. */
import type { ProducerId } from "../../protocol/schemas/producers.ts"
import { Batch, type PendingRecord } from "./batch.ts"
import { Fifo } from "./fifo.ts"

export interface BatchBounds {
  readonly batchSize: number
  readonly maxBatchRecords: number
}

/** A producer's place in a partition: the id and epoch it writes with and the sequence of the next record. */
export interface SequencePosition {
  readonly producer: ProducerId
  readonly next: number
}

export class PartitionQueue {
  readonly topic: string
  readonly partition: number
  /** Its batches are being sent: one at a time, so that they arrive in order. */
  busy = false
  /** In the list of those that wait to be sent. */
  listed = false
  /** Undefined before the first batch. */
  sequence: SequencePosition | undefined
  /**
   * A batch of this epoch was given up while an attempt of it may still arrive: its sequences may be taken or not, so
   * that only a newer epoch can go on, which shuts the late attempt out.
   */
  lost: ProducerId | undefined
  #open: Batch | undefined
  readonly #sealed = new Fifo<Batch>()
  readonly #bounds: BatchBounds

  constructor(topic: string, partition: number, bounds: BatchBounds) {
    this.topic = topic
    this.partition = partition
    this.#bounds = bounds
  }

  /** Adds a record to the open batch, which it answers with. */
  add(record: PendingRecord): Batch {
    const { batchSize, maxBatchRecords } = this.#bounds
    if (this.#open !== undefined && this.#open.bytes + record.bytes > batchSize) this.seal()
    this.#open ??= new Batch()
    const batch = this.#open
    batch.add(record)
    if (batch.bytes >= batchSize || batch.records.length >= maxBatchRecords) this.seal()
    return batch
  }

  /** Closes the open batch: records that come later start another. */
  seal(): void {
    if (this.#open !== undefined) this.#sealed.push(this.#open)
    this.#open = undefined
  }

  get isReady(): boolean {
    return !this.busy && (this.#sealed.length > 0 || this.#open?.due === true)
  }

  /** Whether the batch takes more records. */
  isFilling(batch: Batch): boolean {
    return this.#open === batch
  }

  /** The oldest batch to be sent. */
  take(): Batch | undefined {
    if (this.#sealed.length === 0 && this.#open?.due === true) this.seal()
    return this.#sealed.shift()
  }
}
