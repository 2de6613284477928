/** The consumer as an application holds it. */
import type { TopicPartitions } from "../../protocol/schemas/members.ts"
import type { BatchRecord } from "../../record-batch/types.ts"
import { RecordDecoder } from "../decode-record.ts"
import { invalidArgument, StratalogError } from "../errors.ts"
import type { FetchContext } from "../fetch-records.ts"
import type { ConsumerRecord } from "../records.ts"
import { defaultRetryPolicy } from "../retry-policy.ts"
import type { CallOptions } from "../topics.ts"
import type { Consumer, ConsumerBatch, ConsumerLag, OffsetOfPartition, RecordContext, RunOptions } from "./consumer.ts"
import { DeadLetters } from "./dead-letters.ts"
import { HandIterator } from "./iterate.ts"
import { type ConsumerOptions, type ConsumerSettings, consumerSettings } from "./options.ts"
import type { Hand, OwnedPartition } from "./partition.ts"
import { byTopic, oneByOne } from "./partitions.ts"
import { Runner } from "./run.ts"
import { GroupSession } from "./session.ts"

const CLOSE_TIMEOUT_MS = 30_000

export class GroupConsumer<K, V> implements Consumer<K, V> {
  readonly group: string
  readonly memberId: string
  readonly #context: FetchContext
  readonly #options: ConsumerOptions
  readonly #settings: ConsumerSettings
  readonly #session: GroupSession
  readonly #decoders = new Map<string, RecordDecoder<K, V>>()
  readonly #stopListening: (() => void) | undefined
  #isTaken = false
  #loop: HandIterator<unknown> | undefined

  constructor(context: FetchContext, options: ConsumerOptions, memberId: string) {
    this.#context = context
    this.#options = options
    this.#settings = consumerSettings(options)
    this.group = this.#settings.group
    this.memberId = memberId
    this.#session = new GroupSession(context, this.#settings, memberId, options)
    this.#stopListening = this.#closeOn(options.signal)
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<ConsumerRecord<K, V>> {
    return this.#iterate(1, (hand) => this.#decode(hand, firstOf(hand)))
  }

  batches(): AsyncIterableIterator<ConsumerBatch<K, V>> {
    return this.#iterate(this.#settings.maxPollRecords, async (hand) =>
      this.#batchOf(hand, await this.#decodeAll(hand)),
    )
  }

  async run(options: RunOptions<K, V>): Promise<void> {
    const { concurrency = 1, deadLetterTopic, eachRecord, eachBatch } = options
    if ((eachRecord === undefined) === (eachBatch === undefined)) {
      throw invalidArgument("run takes either eachRecord or eachBatch.")
    }
    if (!(concurrency >= 1)) throw invalidArgument(`concurrency is ${concurrency}; it must be 1 or more.`)
    this.#start()
    const stopListening = this.#closeOn(options.signal)
    const deadLetters =
      deadLetterTopic === undefined ? undefined : new DeadLetters(this.#context, deadLetterTopic, this.group)
    const handle = async (
      hand: Hand,
      records: readonly ConsumerRecord<K, V>[],
      context: RecordContext,
    ): Promise<void> => {
      if (eachBatch !== undefined) return eachBatch(this.#batchOf(hand, records), context)
      for (const record of records) await eachRecord?.(record, context)
    }
    const decode = (hand: Hand, record: BatchRecord) => this.#decode(hand, record)
    const retry = { ...defaultRetryPolicy, ...options.retry }
    const mode = eachBatch === undefined ? "record" : "batch"
    try {
      await new Runner(this.#session, { mode, concurrency, retry, deadLetters, decode, handle }).run()
    } finally {
      await this.close()
      await deadLetters?.close()
      stopListening?.()
    }
    if (this.#session.failure !== undefined) throw this.#session.failure.error
  }

  pause(partitions?: readonly TopicPartitions[]): void {
    for (const owned of this.#named(partitions)) owned.pause()
  }

  resume(partitions?: readonly TopicPartitions[]): void {
    for (const owned of this.#named(partitions)) owned.paused = false
    this.#session.arrival.wake()
    this.#session.speakUp()
  }

  paused(): TopicPartitions[] {
    return byTopic(this.#session.partitions.readable.filter((owned) => owned.paused))
  }

  seek({ topic, partition, offset }: OffsetOfPartition): void {
    if (!Number.isSafeInteger(offset) || offset < 0) throw invalidArgument(`${offset} is no offset.`)
    for (const owned of this.#named([{ topic, partitions: [partition] }])) owned.seek(offset)
    this.#session.losses++
    this.#session.arrival.wake()
    this.#session.speakUp()
  }

  assignment(): TopicPartitions[] {
    return byTopic(this.#session.partitions.readable)
  }

  lag(): ConsumerLag {
    const partitions = this.#session.partitions.readable.map((owned) => {
      const { topic, partition, processed = null, highWatermark = null } = owned
      const lag = processed === null || highWatermark === null ? null : Math.max(0, highWatermark - processed)
      return { topic, partition, processed, highWatermark, lag }
    })
    return { partitions, totalLag: partitions.reduce((sum, { lag }) => sum + (lag ?? 0), 0) }
  }

  async commit(offsets?: readonly OffsetOfPartition[], { signal }: CallOptions = {}): Promise<void> {
    if (offsets !== undefined) return this.#session.commit(offsets, signal)
    this.#loop?.markProcessed()
    await this.#session.commitProcessed(signal)
  }

  close({ timeoutMs = CLOSE_TIMEOUT_MS }: { readonly timeoutMs?: number | undefined } = {}): Promise<void> {
    // A signal may live for longer than any consumer.
    return this.#session.close(timeoutMs).finally(() => this.#stopListening?.())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #start(): void {
    if (this.#isTaken) {
      const detail = "A consumer is read once, in one way: make another one."
      throw new StratalogError({ code: "consumer_closed", detail, retryable: false, sideEffects: "none" })
    }
    this.#isTaken = true
    if (!this.#session.isClosing) this.#session.start()
  }

  #iterate<T>(most: number, give: (hand: Hand) => T | Promise<T>): HandIterator<T> {
    this.#start()
    const loop = new HandIterator(this.#session, most, give, () => this.close())
    this.#loop = loop
    return loop
  }

  #named(partitions: readonly TopicPartitions[] | undefined): readonly OwnedPartition[] {
    const { readable } = this.#session.partitions
    if (partitions === undefined) return readable
    return oneByOne(partitions).map((name) => {
      const owned = this.#session.partitions.find(name)
      if (owned !== undefined && readable.includes(owned)) return owned
      throw invalidArgument(`Partition ${name.partition} of topic ${name.topic} is not assigned to this consumer.`)
    })
  }

  #decode({ owner }: Hand, record: BatchRecord): ConsumerRecord<K, V> | Promise<ConsumerRecord<K, V>> {
    const { topic, partition } = owner
    let decoder = this.#decoders.get(topic)
    if (decoder === undefined) {
      decoder = new RecordDecoder(topic, this.#options)
      this.#decoders.set(topic, decoder)
    }
    return decoder.decode(partition, record)
  }

  async #decodeAll(hand: Hand): Promise<ConsumerRecord<K, V>[]> {
    const records: ConsumerRecord<K, V>[] = []
    for (const record of hand.records) {
      const decoded = this.#decode(hand, record)
      records.push(decoded instanceof Promise ? await decoded : decoded)
    }
    return records
  }

  #batchOf(hand: Hand, records: readonly ConsumerRecord<K, V>[]): ConsumerBatch<K, V> {
    const { topic, topicId, partition, highWatermark } = hand.owner
    const isWhole = records.length === hand.records.length
    const nextOffset = isWhole ? hand.nextOffset : (records.at(-1)?.offset ?? 0) + 1
    const place = { topic, topicId, partition, offset: nextOffset }
    return {
      topic,
      partition,
      records,
      nextOffset,
      highWatermark: highWatermark ?? nextOffset,
      commit: (options) => this.commit([place], options),
    }
  }

  #closeOn(signal: AbortSignal | undefined): (() => void) | undefined {
    if (signal === undefined) return undefined
    const onAbort = () => void this.close()
    if (signal.aborted) onAbort()
    signal.addEventListener("abort", onAbort, { once: true })
    return () => signal.removeEventListener("abort", onAbort)
  }
}

function firstOf({ records }: Hand): BatchRecord {
  const [record] = records
  if (record === undefined) throw new RangeError("a hand without records")
  return record
}
