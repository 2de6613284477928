/** Which partitions a poll reads, and which one first. */
import type { TopicPartitions } from "stratalog/protocol"
import type { PartitionRef } from "../../log/ports.ts"
import type { GroupState } from "../members/state.ts"

export interface AssignedPartition {
  readonly topic: string
  readonly partition: PartitionRef
}

/** What the member may read and did not pause, by topic name and partition. */
export function assignedPartitions(
  state: GroupState,
  memberId: string,
  paused: readonly TopicPartitions[] = [],
): readonly AssignedPartition[] {
  const resting = new Set(paused.flatMap(({ topic, partitions }) => partitions.map((each) => placeKey(topic, each))))
  return state.topics.flatMap(({ topic, topicId, partitions }) =>
    partitions.flatMap(({ holder, target }, partition) => {
      const isRead = holder === memberId && target === memberId && !resting.has(placeKey(topic, partition))
      return isRead ? [{ topic, partition: { topicId, partition } }] : []
    }),
  )
}

const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2

/** Larger numbers would lose the digits that the turn is made of. */
const TURNS = 2 ** 26

/**
 * The same in another order for each request: an answer that one partition fills leaves the others for later ones. Steps of
 * the golden ratio come by all of them soon, also where a member's numbers go up by two or ten each time.
 */
export function inTurn<T>(all: readonly T[], number: number): readonly T[] {
  const first = Math.floor((((number % TURNS) * GOLDEN_RATIO) % 1) * all.length)
  return [...all.slice(first), ...all.slice(0, first)]
}

export function placeKey(topic: string, partition: number): string {
  return `${topic}/${partition}`
}
