/** Batches, retries and idempotence for many records. */
import type { ProducerRecord, RecordHeaders } from "../records.ts"
import type { CallOptions } from "../topics.ts"

/** Where a record was appended. */
export interface RecordMetadata {
  readonly topic: string
  readonly partition: number
  /** Undefined only for a batch sent again so late that the log knows it as a duplicate but not where it lies. */
  readonly offset: number | undefined
  /** Epoch milliseconds. */
  readonly timestamp: number
}

/** A record that names its topic. */
export type RoutedRecord<K = string | null, V = unknown> = ProducerRecord<K, V> & { readonly topic: string }

interface ProducerLifecycle extends AsyncDisposable {
  /** Sends what waits, without lingering; resolves once everything sent so far is acknowledged or has failed. */
  flush(options?: CallOptions): Promise<void>
  /** Flushes; `send` rejects from then on. */
  close(options?: CallOptions): Promise<void>
}

export interface TopicProducer<K, V> extends ProducerLifecycle {
  /** Resolves when the record is durable. */
  send(record: ProducerRecord<K, V>, options?: CallOptions): Promise<RecordMetadata>
}

export interface TopicsProducer<K, V> extends ProducerLifecycle {
  /** Resolves when the record is durable. */
  send(record: RoutedRecord<K, V>, options?: CallOptions): Promise<RecordMetadata>
}

/** A record of any topic, before its key and value are written. */
export interface AnyRecord {
  readonly topic?: string
  readonly key?: unknown
  readonly value: unknown
  readonly headers?: RecordHeaders | undefined
  readonly timestamp?: number | undefined
  readonly partition?: number | undefined
}

export class BatchingProducer implements ProducerLifecycle {
  send(_record: AnyRecord, _options?: CallOptions): Promise<RecordMetadata> {
    throw new Error("not yet")
  }
  async flush(): Promise<void> {}
  async close(): Promise<void> {}
  async [Symbol.asyncDispose](): Promise<void> {}
}
