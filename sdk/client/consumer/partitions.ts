/** All partitions that this member has, and whose records come next. */
import type { AssignedTopic, TopicPartitions } from "../../protocol/schemas/members.ts"
import { type AssignedPartition, type BufferedBytes, type Hand, OwnedPartition } from "./partition.ts"
import type { FetchedPartition } from "./poll-answer.ts"

export interface PartitionName {
  readonly topic: string
  readonly partition: number
}

export class Partitions {
  readonly #owned = new Map<string, OwnedPartition>()
  /** Those with records to hand out, the next one first. */
  #turn: OwnedPartition[] = []
  readonly #listed = new Set<OwnedPartition>()
  readonly #buffer: BufferedBytes = { bytes: 0 }

  get all(): readonly OwnedPartition[] {
    return [...this.#owned.values()]
  }

  get size(): number {
    return this.#owned.size
  }

  /** Those whose records may be handed out, now or once `onAssigned` is done. */
  get readable(): readonly OwnedPartition[] {
    return this.all.filter(({ isReadable }) => isReadable)
  }

  /** Of the records that wait to be handed out. */
  get bytes(): number {
    return this.#buffer.bytes
  }

  find({ topic, partition }: PartitionName): OwnedPartition | undefined {
    return this.#owned.get(nameOf(topic, partition))
  }

  add(assigned: AssignedPartition): OwnedPartition {
    const owned = new OwnedPartition(assigned, this.#buffer)
    this.#owned.set(nameOf(assigned.topic, assigned.partition), owned)
    return owned
  }

  remove(owned: OwnedPartition): void {
    owned.lose()
    this.#owned.delete(nameOf(owned.topic, owned.partition))
  }

  accept(owned: OwnedPartition, fetched: FetchedPartition): void {
    owned.accept(fetched)
    if (!owned.hasRecords || this.#listed.has(owned)) return
    this.#listed.add(owned)
    this.#turn.push(owned)
  }

  /**
   * Up to `most` records of one partition. A partition keeps its turn until what one answer brought of it is handed out,
   * or, with `spread`, gives it to the next at once. `wanted` leaves some out.
   */
  take(most: number, spread = false, wanted: (owned: OwnedPartition) => boolean = () => true): Hand | undefined {
    for (let tries = this.#turn.length; tries > 0; tries--) {
      const owned = this.#turn.shift()
      if (owned === undefined) return undefined
      if (!owned.hasRecords) {
        this.#listed.delete(owned)
        continue
      }
      const hand = owned.isDeliverable && wanted(owned) ? owned.take(most) : undefined
      if (hand !== undefined && owned.isInChunk && !spread) this.#turn.unshift(owned)
      else this.#turn.push(owned)
      if (hand !== undefined) return hand
    }
    return undefined
  }
}

function nameOf(topic: string, partition: number): string {
  return `${topic}/${partition}`
}

/** Partitions by topic, in the order in which they come. */
export function byTopic(partitions: readonly PartitionName[]): TopicPartitions[] {
  return grouped(partitions, ({ topic }) => topic).map(({ first, numbers }) => {
    return { topic: first.topic, partitions: numbers }
  })
}

/** As `byTopic`, with the ids of the topics. */
export function byTopicId(partitions: readonly AssignedPartition[]): AssignedTopic[] {
  return grouped(partitions, ({ topicId }) => topicId).map(({ first, numbers }) => {
    return { topic: first.topic, topicId: first.topicId, partitions: numbers }
  })
}

function grouped<P extends PartitionName>(partitions: readonly P[], keyOf: (partition: P) => string) {
  const groups = new Map<string, { readonly first: P; readonly numbers: number[] }>()
  for (const each of partitions) {
    const group = groups.get(keyOf(each))
    if (group === undefined) groups.set(keyOf(each), { first: each, numbers: [each.partition] })
    else group.numbers.push(each.partition)
  }
  return [...groups.values()]
}

/** Each partition by itself, with what else is known of its topic. */
export function oneByOne<T extends TopicPartitions>(
  topics: readonly T[],
): (Omit<T, "partitions"> & { readonly partition: number })[] {
  return topics.flatMap(({ partitions, ...topic }) => partitions.map((partition) => ({ ...topic, partition })))
}
