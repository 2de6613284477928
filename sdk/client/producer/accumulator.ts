/** Gathers records into batches by partition and has them sent when full or when they lingered long enough. */
import type { Batch, PendingRecord } from "./batch.ts"
import { Delivery, type DeliveryContext } from "./delivery.ts"
import { PartitionQueue } from "./partition-queue.ts"
import { nextStickyPartition } from "./partitioner.ts"

interface Sticky {
  readonly partition: number
  readonly batch: Batch
}

export class Accumulator {
  readonly #context: DeliveryContext
  readonly #queues = new Map<string, PartitionQueue[]>()
  readonly #sticky = new Map<string, Sticky>()
  /** Batches that are not settled. */
  readonly #unsettled = new Set<Batch>()

  constructor(context: DeliveryContext) {
    this.#context = context
  }

  append(topic: string, partition: number, record: PendingRecord): Batch {
    const queue = this.#queue(topic, partition)
    const batch = queue.add(record)
    if (batch.records.length === 1) this.#open(queue, batch)
    this.#schedule(queue)
    return batch
  }

  /** Adds a record without a key to the batch that the ones before it went to, until that is closed. */
  appendAnywhere(topic: string, partitions: number, record: PendingRecord): void {
    const sticky = this.#sticky.get(topic)
    const stays = sticky !== undefined && this.#queue(topic, sticky.partition).isFilling(sticky.batch)
    const { random } = this.#context.transport.clock
    const partition = stays ? sticky.partition : nextStickyPartition(partitions, sticky?.partition, random())
    this.#sticky.set(topic, { partition, batch: this.append(topic, partition, record) })
  }

  /** Has all that waits sent without lingering. */
  sendAll(): void {
    for (const queues of this.#queues.values()) {
      for (const queue of queues) {
        queue?.seal()
        if (queue !== undefined) this.#schedule(queue)
      }
    }
  }

  /** Sends all that waits now; resolves when it is settled. */
  async flush(): Promise<void> {
    this.sendAll()
    await Promise.all([...this.#unsettled].map((batch) => batch.settled))
  }

  #open(queue: PartitionQueue, batch: Batch): void {
    this.#unsettled.add(batch)
    void batch.settled.then(() => this.#unsettled.delete(batch))
    const { settings, transport } = this.#context
    // Without a linger, what is sent in the same turn still goes together.
    const lingered = settings.lingerMs === 0 ? Promise.resolve() : transport.clock.sleep(settings.lingerMs)
    void lingered.then(() => {
      batch.due = true
      this.#schedule(queue)
    })
  }

  #schedule(queue: PartitionQueue): void {
    if (queue.listed || !queue.isReady) return
    queue.listed = true
    const { slots } = this.#context
    if (slots.tryTake()) void this.#drive(queue)
    else void slots.take().then(() => this.#drive(queue))
  }

  async #drive(queue: PartitionQueue): Promise<void> {
    queue.listed = false
    queue.busy = true
    const batch = queue.take()
    if (batch !== undefined) {
      await new Delivery(this.#context, queue, batch.records).run()
      batch.markSettled()
    }
    queue.busy = false
    this.#context.slots.release()
    this.#schedule(queue)
  }

  #queue(topic: string, partition: number): PartitionQueue {
    let queues = this.#queues.get(topic)
    if (queues === undefined) {
      queues = []
      this.#queues.set(topic, queues)
    }
    queues[partition] ??= new PartitionQueue(topic, partition, this.#context.settings)
    return queues[partition]
  }
}
