/** A handle on one topic: its name and how its keys and values are written and read. */
import type { Produced } from "../protocol/schemas/produced.ts"
import type { TopicOffsets } from "../protocol/schemas/topic-offsets.ts"
import type { DeletedRecords, Fence } from "../protocol/schemas/topics.ts"
import { RecordDecoder } from "./decode-record.ts"
import { FenceFailedError, invalidArgument } from "./errors.ts"
import { type FetchContext, type FetchOptions, fetchRecords } from "./fetch-records.ts"
import { pathOf } from "./http-request.ts"
import { type ProduceOptions, produceRecords } from "./produce-records.ts"
import type { ProducerOptions } from "./producer/options.ts"
import { BatchingProducer, type TopicProducer } from "./producer/producer.ts"
import { type ReadOptions, readTopic } from "./read/read.ts"
import type { ConsumerRecord, ProducerRecord, TopicOptions } from "./records.ts"
import type { CallOptions } from "./topics.ts"

export type PartitionOffsets = TopicOffsets["offsets"][number]

export interface FetchedRecords<K, V> {
  readonly records: readonly ConsumerRecord<K, V>[]
  /** Where to go on. */
  readonly nextOffset: number
  /** The offset of the next record to be written. */
  readonly highWatermark: number
  /** The first offset that can be read. */
  readonly logStartOffset: number
}

/** `K` and `V` are what is read, `KIn` and `VIn` what is produced: schemas may give them different types. */
export class Topic<K = string | null, V = unknown, KIn = K, VIn = V> {
  readonly name: string
  readonly #context: FetchContext
  readonly #decoder: RecordDecoder<K, V>

  constructor(context: FetchContext, name: string, options: TopicOptions) {
    this.name = name
    this.#context = context
    this.#decoder = new RecordDecoder(name, options)
  }

  /**
   * Appends in one request. Without `partition`, records go where their keys say (murmur2, as in Kafka), those without
   * a key together to one partition. A lost answer is an OutcomeUnknownError and is not tried again, unless `producer`
   * makes it safe: for many records use `producer()`.
   */
  async produce(
    records: ProducerRecord<KIn, VIn> | readonly ProducerRecord<KIn, VIn>[],
    options: ProduceOptions = {},
  ): Promise<Produced[]> {
    const all: readonly ProducerRecord<KIn, VIn>[] = isList(records) ? records : [records]
    return produceRecords(this.#context.transport, this.#serdes(), all, options)
  }

  /** A producer of this topic: batches, retries and idempotence. */
  producer(options: ProducerOptions = {}): TopicProducer<KIn, VIn> {
    const serdes = this.#serdes()
    return new BatchingProducer(this.#context, options, ({ topic }) => {
      if (topic === undefined || topic === serdes.topic) return serdes
      throw invalidArgument(`This producer writes to topic ${serdes.topic}; for others use the producer of Stratalog.`)
    })
  }

  /** Records from anywhere in the topic, to the end as it is now or, with `follow`, for ever. */
  read(options: ReadOptions = {}): AsyncGenerator<ConsumerRecord<K, V>, void, undefined> {
    return readTopic(this, options, this.#context.transport)
  }

  /** One request for one partition. */
  async fetch(partition: number, options: FetchOptions = {}): Promise<FetchedRecords<K, V>> {
    const fetched = await fetchRecords(this.#context, this.name, partition, options)
    const records: ConsumerRecord<K, V>[] = []
    for (const record of fetched.records) {
      const decoded = this.#decoder.decode(partition, record)
      records.push(decoded instanceof Promise ? await decoded : decoded)
    }
    return { ...fetched, records }
  }

  /** Both ends of each partition and, with `timestamp`, the offset of the first record this old or younger. */
  async offsets(
    options: CallOptions & {
      readonly timestamp?: Date | number | "earliest" | "latest" | undefined
      readonly partition?: number | undefined
    } = {},
  ): Promise<PartitionOffsets[]> {
    const { timestamp, partition, signal } = options
    const answer: TopicOffsets = await this.#context.transport.json({
      method: "GET",
      path: pathOf("v1", "topics", this.name, "offsets"),
      query: { timestamp: timestamp instanceof Date ? timestamp.getTime() : timestamp, partition },
      answers: "offsets",
      signal,
    })
    return answer.offsets
  }

  /** Deletes the records below an offset; `latest`: all there are. */
  async deleteRecords(
    partition: number,
    { before, signal }: CallOptions & { readonly before: number | "latest" },
  ): Promise<DeletedRecords> {
    const path = pathOf("v1", "topics", this.name, "partitions", partition, "records")
    return this.#context.transport.json({
      method: "DELETE",
      path,
      query: { before },
      answers: "logStartOffset",
      repeatable: true,
      signal,
    })
  }

  /** Sets the fencing token if the present one is `expected` (null: none). */
  async setFence(
    partition: number,
    fence: CallOptions & { readonly token: string | null; readonly expected?: string | null | undefined },
  ): Promise<Fence> {
    const { token, expected = null, signal } = fence
    const path = pathOf("v1", "topics", this.name, "partitions", partition, "fence")
    return this.#context.transport.json<Fence>(
      { method: "PUT", path, json: { token, expected }, answers: "fencingToken", repeatable: true, signal },
      ({ error, afterUnknown }) =>
        // The attempt whose answer was lost set it.
        afterUnknown && error instanceof FenceFailedError && error.fencingToken === token
          ? { partition, fencingToken: token }
          : undefined,
    )
  }

  #serdes() {
    return { topic: this.name, key: this.#decoder.key, value: this.#decoder.value }
  }
}

function isList<T>(records: T | readonly T[]): records is readonly T[] {
  return Array.isArray(records)
}
