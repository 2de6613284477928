import type { PartitionRef } from "../../../log/ports.ts"
import type { PartitionHead } from "./heads.ts"
import { Partition, type TopicPartitions } from "./partition.ts"
import { topicIdBytes } from "./topic-id.ts"

/** All partitions, by topic id. */
export class Catalog {
  readonly #topics = new Map<string, TopicPartitions>()

  find(ref: PartitionRef): Partition | undefined {
    return this.#topics.get(ref.topicId)?.partitions[ref.partition]
  }

  topic(topicId: string): TopicPartitions | undefined {
    return this.#topics.get(topicId)
  }

  topicIds(): string[] {
    return [...this.#topics.keys()]
  }

  *partitions(): Generator<Partition> {
    for (const topic of this.#topics.values()) yield* topic.partitions
  }

  /** Makes partitions 0 to count-1 where they are missing, and answers the new ones. */
  create(topicId: string, count: number): Partition[] {
    const topic = this.#topics.get(topicId) ?? { id: topicId, idBytes: topicIdBytes(topicId), partitions: [] }
    this.#topics.set(topicId, topic)
    const created: Partition[] = []
    for (let number = topic.partitions.length; number < count; number++) {
      const partition = new Partition(topic, number)
      topic.partitions.push(partition)
      created.push(partition)
    }
    return created
  }

  /** Puts a partition back as a snapshot tells it; they come in the order of their numbers. */
  restore(head: PartitionHead): Partition {
    const topic = this.#topics.get(head.topicId) ?? {
      id: head.topicId,
      idBytes: topicIdBytes(head.topicId),
      partitions: [],
    }
    this.#topics.set(head.topicId, topic)
    const partition = new Partition(topic, head.partition, head)
    topic.partitions.push(partition)
    return partition
  }

  /** Forgets the topic and answers its partitions. */
  delete(topicId: string): readonly Partition[] {
    const topic = this.#topics.get(topicId)
    this.#topics.delete(topicId)
    return topic?.partitions ?? []
  }
}
