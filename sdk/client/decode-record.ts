/** From a stored record to the one that an application gets. */
import type { BatchRecord } from "../record-batch/types.ts"
import { type ConsumerRecord, headersFromBytes, type TopicOptions } from "./records.ts"
import { type MaybePromise, Serde } from "./serde.ts"

export class RecordDecoder<K, V> {
  readonly key: Serde
  readonly value: Serde
  readonly #topic: string

  constructor(topic: string, options: TopicOptions) {
    this.#topic = topic
    this.key = new Serde(topic, "key", options.keyFormat ?? "utf8", options.key)
    this.value = new Serde(topic, "value", options.valueFormat ?? "json", options.value)
  }

  /** Throws or rejects with a SchemaError. */
  decode(partition: number, record: BatchRecord): MaybePromise<ConsumerRecord<K, V>> {
    const place = { partition, offset: record.offset }
    const key = this.key.decode(record.key, place)
    const value = this.value.decode(record.value, place)
    if (key instanceof Promise || value instanceof Promise) {
      return Promise.all([key, value]).then(([theKey, theValue]) => this.#record(partition, record, theKey, theValue))
    }
    return this.#record(partition, record, key, value)
  }

  #record(partition: number, record: BatchRecord, key: unknown, value: unknown): ConsumerRecord<K, V> {
    const { offset, timestamp } = record
    const headers = headersFromBytes(record.headers)
    // The schemas and formats that decoded them are those that K and V were inferred from.
    return { topic: this.#topic, partition, offset, timestamp, key: key as K, value: value as V, headers }
  }
}
