/** Calls a batch handler for what is left of a batch: a batch that failed in its middle goes on there. */
import type { Consumer, ConsumerBatch, RecordContext } from "../client/index.ts"
import { type FailedRecord, firstFailure } from "./failures.ts"
import type { LambdaConsumerOptions } from "./options.ts"

export interface StoppedPartition {
  readonly topic: string
  readonly partition: number
  /** The record that fails. */
  readonly offset: number
  readonly error: string
}

interface FailedPartition extends StoppedPartition {
  /** The record goes to the dead-letter topic. */
  readonly isDead: boolean
}

type Settings<K, V> = Pick<LambdaConsumerOptions<K, V>, "eachBatch" | "deadLetterTopic"> & {
  readonly attempts: number
}

export class Stepwise<K, V> {
  /** Records that were processed. */
  records = 0
  readonly #settings: Settings<K, V>
  /** The first record of a partition that failed: all before it were processed, since it was assigned. */
  readonly #failed = new Map<string, FailedPartition>()

  constructor(settings: Settings<K, V>) {
    this.#settings = settings
  }

  /** Partitions that go no further in this invocation, or had not when it ended. */
  get stopped(): readonly StoppedPartition[] {
    return [...this.#failed.values()].filter(({ isDead }) => !isDead).map(({ isDead: _, ...stopped }) => stopped)
  }

  /** Whoever had the partition in between may have committed less. */
  forget(topic: string, partitions: readonly number[]): void {
    for (const partition of partitions) this.#failed.delete(nameOf({ topic, partition }))
  }

  /** Throws what stands in the way, until the attempts are used up and no dead-letter topic takes the record. */
  async process(
    consumer: Pick<Consumer<K, V>, "seek" | "pause">,
    batch: ConsumerBatch<K, V>,
    context: RecordContext,
  ): Promise<void> {
    const { topic, partition } = batch
    const from = this.#failed.get(nameOf(batch))?.offset ?? 0
    const records = batch.records.filter(({ offset }) => offset >= from)
    if (records.length === 0) return
    const failed = await this.#attempt({ topic, partition, records }, context)
    this.records += records.filter(({ offset }) => failed === undefined || offset < failed.offset).length
    if (failed === undefined) {
      this.#failed.delete(nameOf(batch))
      return
    }
    const { attempts, deadLetterTopic } = this.#settings
    const isLast = context.attempt >= attempts
    const isDead = isLast && deadLetterTopic !== undefined
    this.#failed.set(nameOf(batch), { topic, partition, offset: failed.offset, error: String(failed.error), isDead })
    if (isDead || !isLast) throw failed.error
    consumer.seek({ topic, partition, offset: failed.offset })
    consumer.pause([{ topic, partitions: [partition] }])
  }

  async #attempt(
    batch: Pick<ConsumerBatch<K, V>, "topic" | "partition" | "records">,
    { signal, attempt }: RecordContext,
  ): Promise<FailedRecord | undefined> {
    try {
      const result = await this.#settings.eachBatch(batch, { signal, attempt })
      return firstFailure(batch.records, result)
    } catch (error) {
      return { offset: batch.records[0]?.offset ?? 0, error }
    }
  }
}

function nameOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}/${partition}`
}
