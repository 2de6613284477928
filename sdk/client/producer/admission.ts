/**
 * The way into the buffer, in the order of the calls: a record waits for those before it, for its topic's partitions,
 * for its schema and for room.
 */
import type { Clock } from "../clock.ts"
import { TimeoutError } from "../errors.ts"
import type { TopicSerdes } from "../produce-records.ts"
import { memoryOf, type PendingRecord } from "./batch.ts"
import type { BufferMemory } from "./buffer-memory.ts"
import { Fifo } from "./fifo.ts"
import type { ProducerSettings } from "./options.ts"
import { partitioners, requirePartition } from "./partitioner.ts"
import { type AnyRecord, type PreparedRecord, prepareRecord } from "./prepare-record.ts"
import type { RecordMetadata } from "./producer.ts"
import type { TopicLayout, TopicLayouts } from "./topic-layouts.ts"

/** A record on its way into the buffer. */
export interface Entrant {
  readonly record: AnyRecord
  readonly signal: AbortSignal | undefined
  readonly resolve: (metadata: RecordMetadata) => void
  readonly reject: (error: unknown) => void
}

/** A record that got in; its memory is taken. */
export interface Admitted {
  readonly topic: string
  readonly layout: TopicLayout
  /** Undefined: any. */
  readonly partition: number | undefined
  readonly pending: PendingRecord
}

type Waiting =
  | {
      readonly kind: "entrant"
      readonly entrant: Entrant
      /** Epoch milliseconds. */
      readonly enteredAt: number
      readonly stopListening: (() => void) | undefined
    }
  | { readonly kind: "barrier"; readonly reach: () => void }

export class Admission {
  readonly #clock: Clock
  readonly #settings: ProducerSettings
  readonly #memory: BufferMemory
  readonly #layouts: TopicLayouts
  readonly #serdesOf: (record: AnyRecord) => TopicSerdes
  readonly #place: (admitted: Admitted) => void
  readonly #onFull: () => void
  readonly #waiting = new Fifo<Waiting>()
  #pumping = false

  constructor(
    clock: Clock,
    settings: ProducerSettings,
    memory: BufferMemory,
    layouts: TopicLayouts,
    serdesOf: (record: AnyRecord) => TopicSerdes,
    place: (admitted: Admitted) => void,
    onFull: () => void,
  ) {
    this.#clock = clock
    this.#settings = settings
    this.#memory = memory
    this.#layouts = layouts
    this.#serdesOf = serdesOf
    this.#place = place
    this.#onFull = onFull
  }

  enter(entrant: Entrant): void {
    const stopListening = this.#pumping ? leaveOnAbort(entrant) : undefined
    this.#waiting.push({ kind: "entrant", entrant, enteredAt: this.#clock.now(), stopListening })
    if (!this.#pumping) void this.#pump()
  }

  /** Resolves when all that entered before is in the buffer, or failed. */
  reached(): Promise<void> {
    return new Promise((reach) => {
      this.#waiting.push({ kind: "barrier", reach })
      if (!this.#pumping) void this.#pump()
    })
  }

  /** Synchronous as far as nobody has to wait for anything. */
  async #pump(): Promise<void> {
    this.#pumping = true
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (next.kind === "barrier") {
        next.reach()
        continue
      }
      next.stopListening?.()
      try {
        const admission = this.#admit(next.entrant, next.enteredAt)
        if (admission instanceof Promise) await admission
      } catch (error) {
        next.entrant.reject(error)
      }
    }
    this.#pumping = false
  }

  #admit(entrant: Entrant, enteredAt: number): void | Promise<void> {
    const { record, signal } = entrant
    signal?.throwIfAborted()
    const serdes = this.#serdesOf(record)
    const prepared = prepareRecord(record, serdes, enteredAt)
    const layout = this.#layouts.get(serdes.topic, enteredAt + this.#settings.maxBlockMs, signal)
    if (layout instanceof Promise || prepared instanceof Promise || !this.#memory.tryTake(memoryOf(prepared))) {
      return this.#admitLater(entrant, enteredAt, serdes.topic, layout, prepared)
    }
    this.#admitted(entrant, serdes.topic, layout, prepared)
  }

  async #admitLater(
    entrant: Entrant,
    enteredAt: number,
    topic: string,
    laterLayout: TopicLayout | Promise<TopicLayout>,
    laterPrepared: PreparedRecord | Promise<PreparedRecord>,
  ): Promise<void> {
    const { signal } = entrant
    const deadline = enteredAt + this.#settings.maxBlockMs
    const both = Promise.all([laterLayout, laterPrepared])
    const [layout, prepared] = await this.#within(both, topic, deadline, signal)
    if (!this.#memory.tryTake(memoryOf(prepared))) {
      this.#onFull()
      await this.#memory.take(memoryOf(prepared), deadline, signal)
    }
    this.#admitted(entrant, topic, layout, prepared)
  }

  #admitted(entrant: Entrant, topic: string, layout: TopicLayout, prepared: PreparedRecord): void {
    const { record, resolve, reject } = entrant
    let partition: number | undefined
    try {
      partition = this.#choosePartition(record, prepared, topic, layout)
    } catch (error) {
      this.#memory.release(memoryOf(prepared))
      throw error
    }
    const deadline = this.#clock.now() + this.#settings.deliveryTimeoutMs
    this.#place({ topic, layout, partition, pending: { ...prepared, deadline, resolve, reject } })
  }

  #choosePartition({ partition }: AnyRecord, { key }: PreparedRecord, topic: string, { partitions }: TopicLayout) {
    if (partition !== undefined) return requirePartition(partition, partitions, topic)
    if (key === null) return undefined
    const { partitioner } = this.#settings
    const choose = typeof partitioner === "function" ? partitioner : partitioners[partitioner]
    return requirePartition(choose(key, partitions, topic), partitions, topic)
  }

  async #within<T>(work: Promise<T>, topic: string, deadline: number, signal: AbortSignal | undefined): Promise<T> {
    const over = new AbortController()
    const onAbort = () => over.abort(signal?.reason)
    signal?.addEventListener("abort", onAbort, { once: true })
    const expired = this.#clock.sleep(Math.max(0, deadline - this.#clock.now()), over.signal).then(() => {
      const detail = `A record of topic ${topic} had to wait for longer than maxBlockMs for the topic's description or its schema.`
      throw new TimeoutError({ code: "timeout", detail, retryable: true, sideEffects: "none" })
    })
    try {
      return await Promise.race([work, expired])
    } finally {
      signal?.removeEventListener("abort", onAbort)
      expired.catch(() => undefined)
      work.catch(() => undefined)
      over.abort()
    }
  }
}

/** While others are before it in the queue, nothing else looks at its signal. */
function leaveOnAbort({ signal, reject }: Entrant): (() => void) | undefined {
  if (signal === undefined) return undefined
  const onAbort = () => reject(signal.reason)
  signal.addEventListener("abort", onAbort, { once: true })
  return () => signal.removeEventListener("abort", onAbort)
}
