import type { ProducerState } from "../../../log/append/decide.ts"
import type { PartitionState, Watermarks } from "../../../log/ports.ts"
import { logStartOf, type Tiered } from "../tiering/tiered.ts"
import { BatchIndex } from "./batch-index.ts"
import type { PartitionHead } from "./heads.ts"
import type { WaitingReader } from "./watches.ts"

/** One topic's life in the journal. */
export interface TopicPartitions {
  readonly id: string
  readonly idBytes: Uint8Array
  readonly partitions: Partition[]
}

/** What an append may change, and what the entries after it in the same group are decided against. */
interface Mutable {
  nextOffset: number
  /** The journal's own: what lies below may be in segments. */
  logStartOffset: number
  fencingToken: string | undefined
}

/** One partition in memory: what is committed, and while a group is being written, what it will be. */
export class Partition {
  readonly topic: TopicPartitions
  readonly number: number
  readonly committed: Mutable
  /** Present while a group that changes this partition waits for its sync. Discarded if that fails. */
  pending: (Mutable & { producers: Map<number, ProducerState> | undefined }) | undefined
  /** The last producers heard of, least recent first. */
  producers: Map<number, ProducerState> | undefined
  /** Whether more producers may be known to the spill. */
  hasSpilled = false
  /** Set after a failed attempt to spill: try again only when this many are in memory. */
  spillAt = 0
  gone = false
  /** What lies in segments, kept durable by somebody else. */
  tiered: Tiered | undefined
  readonly watches = new Set<WaitingReader>()
  readonly #index = new BatchIndex()

  constructor(topic: TopicPartitions, number: number, head?: PartitionHead) {
    this.topic = topic
    this.number = number
    this.committed = {
      nextOffset: head?.nextOffset ?? 0,
      logStartOffset: head?.logStartOffset ?? 0,
      fencingToken: head?.fencingToken,
    }
    if (head !== undefined && head.producers.length > 0) this.producers = new Map(head.producers)
  }

  get index(): BatchIndex {
    return this.#index
  }

  /** As readers see them. */
  get watermarks(): Watermarks {
    return { logStartOffset: this.logStartOffset, highWatermark: this.committed.nextOffset }
  }

  get logStartOffset(): number {
    return logStartOf(this.committed.logStartOffset, this.tiered)
  }

  /** Whether a reader finds `offset` in a segment, where the journal does not hold it. */
  isInSegments(offset: number): boolean {
    return this.tiered !== undefined && offset < this.committed.logStartOffset && offset >= this.logStartOffset
  }

  get state(): PartitionState {
    return {
      ...this.watermarks,
      fencingToken: this.committed.fencingToken,
      sizeInBytes: this.#index.bytes,
    }
  }

  head(): PartitionHead & { readonly topicIdBytes: Uint8Array } {
    return {
      ...this.committed,
      topicId: this.topic.id,
      topicIdBytes: this.topic.idBytes,
      partition: this.number,
      producers: this.producers === undefined ? [] : [...this.producers],
    }
  }
}
