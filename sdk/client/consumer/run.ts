/** `consumer.run`: handlers, as many at once as asked for. */

import type { BatchRecord } from "../../record-batch/types.ts"
import { RecordFailedError } from "../errors.ts"
import type { RetryPolicy } from "../retry-policy.ts"
import { attempt } from "./attempts.ts"
import type { RecordContext } from "./consumer.ts"
import type { DeadLetters } from "./dead-letters.ts"
import { Lanes } from "./lanes.ts"
import type { Hand, OwnedPartition } from "./partition.ts"
import type { GroupSession } from "./session.ts"

/** A record as it is stored, and as the handler gets it. */
export interface Readable<T> {
  readonly record: BatchRecord
  readonly decoded: T
}

export interface RunnerOptions<T> {
  readonly mode: "record" | "batch"
  readonly concurrency: number
  readonly retry: RetryPolicy
  readonly deadLetters: DeadLetters | undefined
  /** Throws or rejects where a record cannot even be given to the handler. */
  readonly decode: (hand: Hand, record: BatchRecord) => T | Promise<T>
  /** Works on all records of a batch that decode, or on one. */
  readonly handle: (hand: Hand, records: readonly T[], context: RecordContext) => void | Promise<void>
}

interface Ahead {
  readonly hands: number
  readonly bytes: number
}

export class Runner<T> {
  readonly #session: GroupSession
  readonly #options: RunnerOptions<T>
  readonly #lanes: Lanes<Hand>
  /** What is taken of each partition and has not begun. */
  readonly #ahead = new Map<OwnedPartition, Ahead>()
  #running = 0
  #losses = 0
  #failure: { readonly error: unknown } | undefined

  constructor(session: GroupSession, options: RunnerOptions<T>) {
    this.#session = session
    this.#options = options
    this.#lanes = new Lanes(laneNames(options))
  }

  /** Resolves when the session closes and what had begun is done; rejects with what a record ended it with. */
  async run(): Promise<void> {
    const { arrival } = this.#session
    while (!this.#session.isClosing && this.#failure === undefined) {
      this.#dropUnwanted()
      do this.#fill()
      while (this.#begin())
      await arrival.wait()
    }
    for (const hand of this.#lanes.remove(() => true)) hand.owner.settle(hand, false)
    while (this.#running > 0) await arrival.wait()
    if (this.#failure !== undefined) throw this.#failure.error
  }

  #dropUnwanted(): void {
    if (this.#losses === this.#session.losses) return
    this.#losses = this.#session.losses
    for (const hand of this.#lanes.remove((waiting) => !waiting.owner.isCurrent(waiting))) {
      this.#note(hand, -1)
      hand.owner.settle(hand, false)
    }
  }

  /** Looks ahead, so that a key that waits for itself does not hold up the others. Each partition has a share of its own. */
  #fill(): void {
    const { mode, concurrency } = this.#options
    const { settings, partitions } = this.#session
    const isByRecord = mode === "record"
    const shares = Math.max(partitions.size, 1)
    const records = Math.ceil(Math.max(settings.maxPollRecords, concurrency) / shares)
    const bytes = settings.fetchMaxBytes / shares
    const hasRoom = (owned: OwnedPartition) => {
      const ahead = this.#ahead.get(owned)
      return ahead === undefined || (isByRecord && ahead.hands < records && ahead.bytes < bytes)
    }
    while (isByRecord || this.#batchesAhead() < concurrency) {
      const hand = this.#session.take(isByRecord ? 1 : settings.maxPollRecords, concurrency > 1, hasRoom)
      if (hand === undefined) return
      this.#note(hand, 1)
      this.#lanes.add(hand)
    }
  }

  /** Those that may begin: one of a partition that is paused takes no other's place. */
  #batchesAhead(): number {
    let batches = 0
    for (const { paused } of this.#ahead.keys()) if (!paused) batches++
    return batches
  }

  /** Whether anything began. */
  #begin(): boolean {
    let hasBegun = false
    while (this.#running < this.#options.concurrency) {
      const hand = this.#lanes.take(({ owner }) => !owner.paused)
      if (hand === undefined) break
      hasBegun = true
      this.#note(hand, -1)
      this.#running++
      void this.#process(hand)
    }
    return hasBegun
  }

  /** One more that was taken and has not begun, or one less. */
  #note({ owner, bytes }: Hand, more: 1 | -1): void {
    const ahead = this.#ahead.get(owner) ?? { hands: 0, bytes: 0 }
    const hands = ahead.hands + more
    if (hands === 0) this.#ahead.delete(owner)
    else this.#ahead.set(owner, { hands, bytes: ahead.bytes + more * bytes })
  }

  async #process(hand: Hand): Promise<void> {
    let processed = false
    try {
      processed = await this.#work(hand, hand.records)
    } catch (error) {
      this.#failure ??= { error }
    }
    hand.owner.settle(hand, processed)
    this.#lanes.done(hand)
    this.#running--
    this.#session.arrival.wake()
  }

  /** Whether all of them are processed, or lie in the dead-letter topic. Throws where one is neither. */
  async #work(hand: Hand, records: readonly BatchRecord[]): Promise<boolean> {
    const readable: Readable<T>[] = []
    for (const record of records) {
      try {
        const decoded = this.#options.decode(hand, record)
        readable.push({ record, decoded: decoded instanceof Promise ? await decoded : decoded })
      } catch (error) {
        await this.#bury(hand, record, error, 1)
      }
    }
    return readable.length === 0 || this.#handle(hand, readable)
  }

  async #handle(hand: Hand, readable: readonly Readable<T>[]): Promise<boolean> {
    const { retry, handle, deadLetters } = this.#options
    const items = readable.map(({ decoded }) => decoded)
    const outcome = await attempt(this.#session, retry, hand, (context) => handle(hand, items, context))
    if (outcome.kind !== "failed") return outcome.kind === "processed"
    const [first] = readable
    if (first !== undefined && (readable.length === 1 || deadLetters === undefined)) {
      await this.#bury(hand, first.record, outcome.error, outcome.attempts)
      return true
    }
    // Which of them it is shows when each is alone.
    for (const one of readable) if (!(await this.#handle(hand, [one]))) return false
    return true
  }

  async #bury({ owner }: Hand, record: BatchRecord, error: unknown, attempts: number): Promise<void> {
    const { topic, partition } = owner
    const place = { topic, partition, offset: record.offset }
    const { deadLetters } = this.#options
    // A subscription that takes in the dead-letter topic would send its records there for ever.
    if (deadLetters === undefined || topic === deadLetters.topic) throw new RecordFailedError(place, attempts, error)
    try {
      await deadLetters.send({ topic, partition, record, error, attempts })
    } catch (cause) {
      throw new RecordFailedError(place, attempts, cause)
    }
  }
}

/** More records at once keep the order of each key; one at a time, or batches, that of each partition. */
function laneNames<T>({ mode, concurrency }: RunnerOptions<T>): (hand: Hand) => string | undefined {
  if (concurrency === 1 || mode === "batch") return ({ owner }) => `${owner.topic}/${owner.partition}`
  const decoder = new TextDecoder("latin1")
  return ({ owner, records }) => {
    const key = records[0]?.key
    return key == null ? undefined : `${owner.topic}/${owner.partition}/${decoder.decode(key)}`
  }
}
