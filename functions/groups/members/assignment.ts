/** What a state says of a member's partitions. */
import type { AssignedTopic, TopicPartitions } from "stratalog/protocol"
import type { GroupMember, GroupPartition, GroupState } from "./state.ts"

export function memberOf(state: GroupState | undefined, memberId: string): GroupMember | undefined {
  return state?.members.find((member) => member.memberId === memberId)
}

/** What it may read: by topic name and partition, topics without one left out. */
export function assignmentOf(state: GroupState, memberId: string): AssignedTopic[] {
  return partitionsThat(state, ({ holder, target }) => holder === memberId && target === memberId)
}

/** What it still has to give up. */
export function revokingOf(state: GroupState, memberId: string): TopicPartitions[] {
  return withoutIds(partitionsThat(state, ({ holder, target }) => holder === memberId && target !== memberId))
}

export function withoutIds(topics: readonly AssignedTopic[]): TopicPartitions[] {
  return topics.map(({ topic, partitions }) => ({ topic, partitions }))
}

/** Whether partitions are on their way to it or from it. */
export function isMoving(state: GroupState, memberId: string): boolean {
  return state.topics.some(({ partitions }) =>
    partitions.some(({ holder, target }) => holder !== target && (holder === memberId || target === memberId)),
  )
}

/** Who reads a partition; undefined: nobody. Of a topic made again, the one of this id counts. */
export function holderOf(state: GroupState | undefined, topicId: string, partition: number): string | undefined {
  return state?.topics.find((topic) => topic.topicId === topicId)?.partitions[partition]?.holder
}

/**
 * Within how many milliseconds the member shall ask again: thrice a session, so that two requests may fail; soon where
 * partitions move, as each waits for somebody's next request.
 */
export function heartbeatIntervalOf(state: GroupState, member: GroupMember): number {
  const longest = isMoving(state, member.memberId) ? MOVING_MS : RESTING_MS
  return Math.min(Math.floor(member.sessionTimeoutMs / 3), longest)
}

const MOVING_MS = 500
const RESTING_MS = 5_000

function partitionsThat(state: GroupState, is: (partition: GroupPartition) => boolean): AssignedTopic[] {
  return state.topics.flatMap(({ topic, topicId, partitions }) => {
    const numbers = partitions.flatMap((partition, number) => (is(partition) ? [number] : []))
    return numbers.length === 0 ? [] : [{ topic, topicId, partitions: numbers }]
  })
}
