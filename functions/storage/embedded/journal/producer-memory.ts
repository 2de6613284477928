import type { ProducerState } from "../../../log/append/decide.ts"
import type { Partition } from "./partition.ts"
import { lastOffsetOf, type ProducerSpill, type SpilledProducer } from "./producer-spill.ts"

export interface ProducerMemoryOptions {
  /** Producers that a partition keeps in memory. */
  readonly perPartition: number
  /** Producers that all partitions keep in memory together: each new journal file starts with all of them. */
  readonly total: number
  /** Opened when the first producer is spilled. */
  readonly openSpill: () => ProducerSpill
  readonly onFailure: (error: unknown) => void
}

/**
 * What the partitions know of their producers, of which the least recent are spilled. A producer is forgotten only
 * after its state is durable in the spill, and only states of committed batches go there: so whatever is looked up is
 * never older than the log holds, and never ahead of it.
 */
export class ProducerMemory {
  readonly #options: ProducerMemoryOptions
  readonly #overflowing = new Set<Partition>()
  #spill: ProducerSpill | undefined
  #count = 0

  constructor(options: ProducerMemoryOptions, spill: ProducerSpill | undefined) {
    this.#options = options
    this.#spill = spill
  }

  get count(): number {
    return this.#count
  }

  /** Throws where the spill cannot be read. */
  lookup(partition: Partition, id: number): ProducerState | undefined {
    const known = partition.producers?.get(id)
    if (known !== undefined || !partition.hasSpilled) return known
    return this.#openedSpill().load(partition.topic.id, partition.number, id)
  }

  /** Counts the producers that `partition` was restored with. */
  restored(partition: Partition): void {
    this.#count += partition.producers?.size ?? 0
    this.#checkSize(partition)
  }

  /** Takes the state of a committed batch's producer. */
  remember(partition: Partition, id: number, state: ProducerState): void {
    partition.producers ??= new Map()
    if (!partition.producers.delete(id)) this.#count++
    partition.producers.set(id, state)
    this.#checkSize(partition)
  }

  /** Forgets what is in memory of partitions that are gone. */
  forget(partitions: readonly Partition[]): void {
    for (const partition of partitions) {
      this.#count -= partition.producers?.size ?? 0
      this.#overflowing.delete(partition)
    }
  }

  /** Forgets what was spilled of a topic whose deletion is durable. */
  forgetSpilled(topicId: string): void {
    try {
      this.#openedSpill().forgetTopic(topicId)
    } catch (error) {
      // Rows of a topic id that never comes back: they only take room.
      this.#options.onFailure(error)
    }
  }

  /** Call after a commit. A failure leaves the producers in memory, to be tried again when more have come. */
  spillOverflow(all: Iterable<Partition>): void {
    if (this.#overflowing.size > 0) {
      this.#save([...this.#overflowing], (size) => size - Math.floor((this.#options.perPartition * 3) / 4))
      this.#overflowing.clear()
    }
    if (this.#count > this.#options.total) {
      const partitions = [...all].filter((partition) => (partition.producers?.size ?? 0) > 1)
      this.#save(partitions, (size) => size >>> 1)
    }
  }

  close(): void {
    this.#spill?.close()
  }

  #checkSize(partition: Partition): void {
    const size = partition.producers?.size ?? 0
    if (size > this.#options.perPartition && size >= partition.spillAt) this.#overflowing.add(partition)
  }

  #save(partitions: readonly Partition[], surplusOf: (size: number) => number): void {
    const rows: SpilledProducer[] = []
    for (const partition of partitions) rows.push(...leastRecent(partition, surplusOf(partition.producers?.size ?? 0)))
    try {
      this.#openedSpill().save(rows)
    } catch (error) {
      for (const partition of partitions) {
        partition.spillAt = (partition.producers?.size ?? 0) + (this.#options.perPartition >>> 2) + 1
      }
      this.#options.onFailure(error)
      return
    }
    for (const partition of partitions) {
      const surplus = surplusOf(partition.producers?.size ?? 0)
      for (const { id } of leastRecent(partition, surplus)) {
        if (partition.producers?.delete(id)) this.#count--
        partition.hasSpilled = true
      }
      partition.spillAt = 0
    }
  }

  #openedSpill(): ProducerSpill {
    this.#spill ??= this.#options.openSpill()
    return this.#spill
  }
}

function leastRecent(partition: Partition, count: number): SpilledProducer[] {
  const rows: SpilledProducer[] = []
  for (const [id, state] of partition.producers ?? []) {
    if (rows.length >= count) break
    rows.push({ topicId: partition.topic.id, partition: partition.number, id, state })
  }
  return rows
}

/** Whether `state` already includes the batch at `baseOffset`. */
export function includes(state: ProducerState | undefined, baseOffset: number): boolean {
  return state !== undefined && lastOffsetOf(state) >= baseOffset
}
