/** Batches, retries and idempotence for many records. */
import type { Produced } from "../../protocol/schemas/produced.ts"
import type { BatchCodecs } from "../../record-batch/types.ts"
import { invalidArgument, StratalogError } from "../errors.ts"
import type { FetchContext } from "../fetch-records.ts"
import type { TopicSerdes } from "../produce-records.ts"
import type { ProducerRecord } from "../records.ts"
import type { CallOptions } from "../topics.ts"
import { Accumulator } from "./accumulator.ts"
import { Admission, type Admitted } from "./admission.ts"
import { memoryOf, type PendingRecord } from "./batch.ts"
import { BufferMemory } from "./buffer-memory.ts"
import type { DeliveryContext } from "./delivery.ts"
import { ProducerIdentity } from "./identity.ts"
import { type ProducerOptions, type ProducerSettings, producerSettings } from "./options.ts"
import type { PartitionQueue } from "./partition-queue.ts"
import type { AnyRecord } from "./prepare-record.ts"
import { Slots } from "./slots.ts"
import { TopicLayouts } from "./topic-layouts.ts"

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
  /**
   * Resolves when the record is durable. Records of one partition are appended in the order of these calls. Where the
   * buffer is full it waits; `signal` ends that wait, and does nothing once the record is in the buffer. Do not change
   * a record before its promise is settled.
   */
  send(record: ProducerRecord<K, V>, options?: CallOptions): Promise<RecordMetadata>
}

export interface TopicsProducer<K, V> extends ProducerLifecycle {
  /** As of a producer of one topic. */
  send(record: RoutedRecord<K, V>, options?: CallOptions): Promise<RecordMetadata>
}

/** Says how a record's key and value are written. Throws where it names no topic it can go to. */
export type SerdesOf = (record: AnyRecord) => TopicSerdes

export class BatchingProducer implements ProducerLifecycle {
  readonly #context: DeliveryContext
  readonly #memory: BufferMemory
  readonly #admission: Admission
  readonly #accumulator: Accumulator
  readonly #layouts: TopicLayouts
  #closed = false

  constructor({ transport, codecs }: FetchContext, options: ProducerOptions, serdesOf: SerdesOf) {
    const settings = producerSettings(options)
    requireCompressor(settings, codecs)
    this.#memory = new BufferMemory(settings.bufferMemory, transport.clock)
    this.#layouts = new TopicLayouts(transport, settings.metadataMaxAgeMs)
    this.#context = {
      transport,
      codecs,
      settings,
      identity: settings.enableIdempotence ? new ProducerIdentity(transport, settings.requestTimeoutMs) : undefined,
      slots: new Slots(settings.maxInFlightRequestsPerConnection),
      fenced: undefined,
      acknowledge: (queue, records, produced) => this.#acknowledge(queue, records, produced),
      fail: (queue, records, error) => this.#fail(queue, records, error),
    }
    this.#accumulator = new Accumulator(this.#context)
    const place = (admitted: Admitted) => this.#place(admitted)
    const onFull = () => this.#accumulator.sendAll()
    this.#admission = new Admission(transport.clock, settings, this.#memory, this.#layouts, serdesOf, place, onFull)
  }

  send(record: AnyRecord, { signal }: CallOptions = {}): Promise<RecordMetadata> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(closedError())
      if (this.#context.fenced !== undefined) return reject(this.#context.fenced)
      this.#admission.enter({ record, signal, resolve, reject })
    })
  }

  async flush({ signal }: CallOptions = {}): Promise<void> {
    const flushed = this.#admission.reached().then(() => this.#accumulator.flush())
    await (signal === undefined ? flushed : unlessAborted(flushed, signal))
  }

  async close(options: CallOptions = {}): Promise<void> {
    this.#closed = true
    await this.flush(options)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #place({ topic, layout, partition, pending }: Admitted): void {
    if (partition === undefined) this.#accumulator.appendAnywhere(topic, layout.partitions, pending)
    else this.#accumulator.append(topic, partition, pending)
  }

  #acknowledge(queue: PartitionQueue, records: readonly PendingRecord[], produced: Produced): void {
    const { topic, partition } = queue
    const logAppendTime = this.#layouts.peek(topic)?.logAppendTime ?? false
    const { baseOffset } = produced
    for (const [index, record] of records.entries()) {
      this.#memory.release(memoryOf(record))
      const offset = baseOffset === undefined ? undefined : baseOffset + index
      record.resolve({ topic, partition, offset, timestamp: logAppendTime ? produced.timestamp : record.timestamp })
    }
  }

  #fail({ topic }: PartitionQueue, records: readonly PendingRecord[], error: StratalogError): void {
    if (error.code === "topic_not_found" || error.code === "partition_not_found") this.#layouts.forget(topic)
    for (const record of records) {
      this.#memory.release(memoryOf(record))
      record.reject(error)
    }
  }
}

function requireCompressor({ compressionType }: ProducerSettings, codecs: BatchCodecs): void {
  if (compressionType === "none" || codecs[compressionType]?.compress !== undefined) return
  throw invalidArgument(`compressionType ${compressionType} cannot be written on this platform; choose another.`)
}

function closedError(): StratalogError {
  const detail = "The producer is closed: make another one to send more."
  return new StratalogError({ code: "producer_closed", detail, retryable: false, sideEffects: "none" })
}

function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener("abort", onAbort, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort))
  })
}
