/** Which partitions a reset is about. */
import type { NotLocated } from "../../log/locate.ts"
import type { PartitionRef } from "../../log/ports.ts"
import type { TopicStore } from "../../topics/ports.ts"
import type { TopicCommits } from "../offsets/live-offsets.ts"

export interface WantedTopic {
  readonly topic: string
  /** Absent: all of them. */
  readonly partitions?: readonly number[] | undefined
}

export interface ResetTarget {
  readonly topic: string
  readonly partition: PartitionRef
  /** Null: the group committed none. */
  readonly committedOffset: number | null
}

/** Each once, by topic name and partition. Throws `StorageUnavailable`. */
export async function resetTargets(
  topics: Pick<TopicStore, "get">,
  committed: readonly TopicCommits[],
  wanted: readonly WantedTopic[] | undefined,
): Promise<{ readonly kind: "targets"; readonly targets: readonly ResetTarget[] } | NotLocated> {
  const known = committed.flatMap(({ offsets }) =>
    offsets.map(({ topic, partition, offset }) => ({ topic, partition, committedOffset: offset })),
  )
  if (wanted === undefined) return { kind: "targets", targets: known }
  const byKey = new Map(known.map((target) => [keyOf(target.partition), target]))
  const targets = new Map<string, ResetTarget>()
  for (const { topic: name, partitions: numbers } of wanted) {
    const topic = await topics.get(name)
    if (topic === undefined) return { kind: "topic_not_found", topic: name }
    for (const number of numbers ?? Array.from({ length: topic.partitions }, (_, index) => index)) {
      if (number >= topic.partitions) {
        return { kind: "partition_not_found", topic: name, partition: number, partitions: topic.partitions }
      }
      const partition = { topicId: topic.id, partition: number }
      const key = keyOf(partition)
      targets.set(key, byKey.get(key) ?? { topic: name, partition, committedOffset: null })
    }
  }
  return { kind: "targets", targets: [...targets.values()].sort(byName) }
}

function keyOf({ topicId, partition }: PartitionRef): string {
  return `${topicId}/${partition}`
}

function byName(a: ResetTarget, b: ResetTarget): number {
  return a.topic === b.topic ? a.partition.partition - b.partition.partition : a.topic < b.topic ? -1 : 1
}
