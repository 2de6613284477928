import { type AppendDecision, decideAppend, type ProducerState } from "../../../log/append/decide.ts"
import type { AppendEntry, AppendOutcome, PartitionRef } from "../../../log/ports.ts"
import type { Catalog } from "./catalog.ts"
import { FRAME_TYPES, type FrameContent } from "./frame.ts"
import { frameBytes } from "./layout.ts"
import type { Partition } from "./partition.ts"
import type { ProducerMemory } from "./producer-memory.ts"

/** Which partition a frame changes, if one. */
interface PlannedFrame {
  readonly frame: FrameContent
  readonly partition: Partition | undefined
}

/** One answer, and whether it falls with the group if that fails. */
export interface Planned<T> {
  readonly outcome: T
  readonly tentative: boolean
}

/**
 * What one write and one sync make durable together. Entries are decided in order, each against what the ones before it
 * will have made of their partition. Only one group is on its way at a time and later entries are decided when it has
 * ended: so where it fails, discarding what was pending undoes everything that depended on it.
 */
export class Group {
  readonly planned: PlannedFrame[] = []
  readonly changed = new Set<Partition>()
  /** Run at the commit, after the partitions' own changes. */
  readonly effects: (() => void)[] = []
  readonly #catalog: Catalog
  readonly #producers: ProducerMemory
  #bytes = 0

  constructor(catalog: Catalog, producers: ProducerMemory) {
    this.#catalog = catalog
    this.#producers = producers
  }

  /** Bytes of the frames. */
  get bytes(): number {
    return this.#bytes
  }

  add(frame: FrameContent, partition?: Partition): void {
    this.planned.push({ frame, partition })
    this.#bytes += frameBytes(frame)
  }

  append(ref: PartitionRef, entry: AppendEntry): Planned<AppendOutcome> {
    const partition = this.#catalog.find(ref)
    if (partition === undefined) return { outcome: { kind: "unknown_partition" }, tentative: false }
    const state = partition.pending ?? partition.committed
    let producer: ProducerState | undefined
    try {
      producer = entry.producer === undefined ? undefined : this.#producerState(partition, entry.producer.id)
    } catch (error) {
      const detail = `The state of producer ${entry.producer?.id} cannot be read: ${String(error)}`
      return {
        outcome: { kind: "unavailable", reason: "storage_failed", sideEffects: "none", detail },
        tentative: false,
      }
    }
    const { nextOffset, fencingToken } = state
    const decision = decideAppend({ nextOffset, fencingToken, producer }, entry)
    if (decision.kind === "refuse") return { outcome: decision.outcome, tentative: partition.pending !== undefined }
    this.#accept(partition, entry, decision)
    return { outcome: { kind: "appended", baseOffset: nextOffset }, tentative: true }
  }

  /** What the partition will be after this group; changes go in here. */
  change(partition: Partition): NonNullable<Partition["pending"]> {
    partition.pending ??= { ...partition.committed, producers: undefined }
    this.changed.add(partition)
    return partition.pending
  }

  /** Forgets what was pending: the group did not happen. */
  discard(): void {
    for (const partition of this.changed) partition.pending = undefined
  }

  #producerState(partition: Partition, id: number): ProducerState | undefined {
    return partition.pending?.producers?.get(id) ?? this.#producers.lookup(partition, id)
  }

  #accept(partition: Partition, entry: AppendEntry, decision: Extract<AppendDecision, { kind: "accept" }>): void {
    const pending = this.change(partition)
    const { producer } = entry
    const frame: FrameContent = {
      type: FRAME_TYPES.batch,
      topicId: partition.topic.idBytes,
      partition: partition.number,
      recordCount: entry.recordCount,
      baseOffset: pending.nextOffset,
      maxTimestamp: entry.maxTimestamp,
      producerId: producer?.id ?? -1,
      producerEpoch: producer?.epoch ?? -1,
      baseSequence: producer?.sequence ?? -1,
      payload: entry.batch,
    }
    this.add(frame, partition)
    pending.nextOffset += entry.recordCount
    if (producer !== undefined && decision.producer !== undefined) {
      pending.producers ??= new Map()
      pending.producers.set(producer.id, decision.producer)
    }
  }
}
