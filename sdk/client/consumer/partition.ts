/** A partition that this member has: what is fetched of it, handed out, processed and committed. */
import type { BatchRecord } from "../../record-batch/types.ts"
import type { FetchedPartition } from "./poll-answer.ts"
import { Progress, type Ticket } from "./progress.ts"

/**
 * `assigned`: until `onAssigned` is done, nothing is handed out. `active`. `revoking`: nothing more is handed out; it goes
 * once what is in hand is finished. `released`: the next request gives it up. `gone`: whatever comes of it is forgotten.
 */
export type Phase = "assigned" | "active" | "revoking" | "released" | "gone"

interface Chunk {
  readonly offset: number
  readonly records: readonly BatchRecord[]
  /** The next offset after them. */
  readonly nextOffset: number
  readonly bytesOfRecord: number
  /** How many were handed out. */
  at: number
}

/** Bytes of the records that wait in all partitions. */
export interface BufferedBytes {
  bytes: number
}

/** Records on their way through a handler. Each is settled once. */
export interface Hand {
  readonly owner: OwnedPartition
  readonly records: readonly BatchRecord[]
  readonly nextOffset: number
  /** What the records take in memory, about. */
  readonly bytes: number
  readonly ticket: Ticket
  readonly progress: Progress
}

export interface AssignedPartition {
  readonly topic: string
  /** Another one where the topic was deleted and made again. */
  readonly topicId: string
  readonly partition: number
}

export class OwnedPartition {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  phase: Phase = "assigned"
  paused = false
  /** `onAssigned` was called for it. */
  isAnnounced = false
  /** Where to fetch on; undefined: where the group's committed offset says. */
  position: number | undefined
  /** Counts the moments at which what is being fetched stopped being wanted. */
  fetchVersion = 0
  highWatermark: number | undefined
  /** What the service has taken, of this member's commits. */
  committed: number | undefined
  /** When that was, epoch milliseconds; 0: never. */
  committedAt = 0
  readonly #buffer: BufferedBytes
  #bytes = 0
  #chunks: Chunk[] = []
  #progress: Progress | undefined
  #inHand = 0
  #onDrained: (() => void)[] = []
  #gone: AbortController | undefined
  #ending: AbortController | undefined

  constructor({ topic, topicId, partition }: AssignedPartition, buffer: BufferedBytes) {
    this.topic = topic
    this.topicId = topicId
    this.partition = partition
    this.#buffer = buffer
  }

  /** All records below it were processed; undefined: nothing is known yet. */
  get processed(): number | undefined {
    return this.#progress?.processed
  }

  /** What to commit, if there is anything that was not. */
  get uncommitted(): number | undefined {
    const processed = this.#progress?.processed
    return processed !== undefined && processed > (this.committed ?? 0) ? processed : undefined
  }

  get inHand(): number {
    return this.#inHand
  }

  get hasRecords(): boolean {
    return this.#chunks.length > 0
  }

  /** Its records may be handed out, now or once `onAssigned` is done. */
  get isReadable(): boolean {
    return this.phase === "assigned" || this.phase === "active"
  }

  get isDeliverable(): boolean {
    return this.phase === "active" && !this.paused && this.#chunks.length > 0
  }

  /** Aborts when it is not this member's any more. */
  get signal(): AbortSignal {
    this.#gone ??= new AbortController()
    if (this.phase === "gone") this.#gone.abort(goneReason())
    return this.#gone.signal
  }

  /** Aborts when nothing more of it is to begin. */
  get ending(): AbortSignal {
    this.#ending ??= new AbortController()
    if (!this.isReadable) this.#ending.abort(goneReason())
    return this.#ending.signal
  }

  accept(fetched: FetchedPartition): void {
    const { offset, records, nextOffset, bytes } = fetched
    this.highWatermark = fetched.highWatermark
    const isReset = this.position !== undefined && offset < this.position
    if (this.#progress === undefined || isReset) {
      // Nothing that was read before stands for what the log has now.
      this.#clear()
      this.#progress = new Progress(offset)
      this.committed = offset
    }
    this.position = nextOffset
    if (nextOffset === offset && records.length === 0) return
    this.#chunks.push({ offset, records, nextOffset, bytesOfRecord: bytes / Math.max(records.length, 1), at: 0 })
    this.#holdBytes(this.#bytes + bytes)
  }

  /** Up to `most` records that follow each other. Undefined: there are none. */
  take(most: number): Hand | undefined {
    const progress = this.#progress
    for (let chunk = this.#chunks[0]; chunk !== undefined && progress !== undefined; chunk = this.#chunks[0]) {
      const from = chunk.at
      const records = chunk.records.slice(from, from + most)
      chunk.at += records.length
      const isLast = chunk.at === chunk.records.length
      if (isLast) this.#chunks.shift()
      const bytes = records.length * chunk.bytesOfRecord
      this.#holdBytes(this.#chunks.length === 0 ? 0 : this.#bytes - bytes)
      const nextOffset = isLast ? chunk.nextOffset : (records.at(-1)?.offset ?? 0) + 1
      const ticket = progress.begin(nextOffset)
      if (records.length === 0) {
        // Compaction left nothing of them.
        progress.finish(ticket)
        continue
      }
      this.#inHand++
      return { owner: this, records, nextOffset, bytes, ticket, progress }
    }
    return undefined
  }

  /** Whether the rest of what was taken from is still here, so that staying with this partition goes through it in order. */
  get isInChunk(): boolean {
    return (this.#chunks[0]?.at ?? 0) > 0
  }

  settle(hand: Hand, processed: boolean): void {
    this.#inHand--
    if (processed) hand.progress.finish(hand.ticket)
    if (this.#inHand > 0) return
    for (const drained of this.#onDrained) drained()
    this.#onDrained = []
  }

  /** Whether its records may still be handed to a handler, and will count. */
  isCurrent(hand: Hand): boolean {
    return this.#progress === hand.progress && this.isReadable
  }

  /** Resolves when nothing of it is in hand. */
  drained(): Promise<void> {
    return this.#inHand === 0 ? Promise.resolve() : new Promise((resolve) => this.#onDrained.push(resolve))
  }

  seek(offset: number): void {
    this.#clear()
    this.#progress = new Progress(offset)
    this.position = offset
  }

  /** What waits here is given up and fetched again when it resumes, so that it takes no memory meanwhile. */
  pause(): void {
    this.paused = true
    this.#rewind()
  }

  revoke(): void {
    this.phase = "revoking"
    this.#ending?.abort(goneReason())
    this.#rewind()
  }

  /** Waits no longer for what is in hand: what comes of that is not committed. */
  release(): void {
    this.phase = "released"
    if (this.#inHand > 0) this.#gone?.abort(goneReason())
  }

  /** It is not this member's any more. */
  lose(): void {
    this.phase = "gone"
    this.#ending?.abort(goneReason())
    this.#clear()
    this.#gone?.abort(goneReason())
  }

  #rewind(): void {
    const first = this.#chunks[0]
    if (first !== undefined) this.position = first.at === 0 ? first.offset : first.records[first.at]?.offset
    this.#clear()
  }

  #clear(): void {
    this.fetchVersion++
    this.#chunks = []
    this.#holdBytes(0)
  }

  #holdBytes(bytes: number): void {
    this.#buffer.bytes += bytes - this.#bytes
    this.#bytes = bytes
  }
}

function goneReason(): DOMException {
  return new DOMException("The partition is not this member's any more.", "AbortError")
}
