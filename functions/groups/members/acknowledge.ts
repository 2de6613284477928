import type { MemberRequest } from "./join.ts"
import { mapPartitions, partitionOf } from "./partitions.ts"
import type { GroupMember, GroupState } from "./state.ts"

/**
 * What the member was to give up and does not name any more is free. Only a request that knows the member's present
 * assignment tells that: one of a former epoch was sent before, and what it leaves out it may read by now.
 */
export function acknowledged(state: GroupState, { memberId }: GroupMember, request: MemberRequest): GroupState {
  const owned = new Map(request.owned?.map(({ topic, partitions }) => [topic, new Set(partitions)]))
  return mapPartitions(state, (each, { topic, partition }) => {
    const isRevoked = each.holder === memberId && each.target !== memberId
    return isRevoked && owned.get(topic.topic)?.has(partition) !== true ? partitionOf(undefined, each.target) : each
  })
}

/** Whether it says that it reads what another member holds. */
export function claimsOfOthers(state: GroupState, { memberId }: GroupMember, request: MemberRequest): boolean {
  return (request.owned ?? []).some(({ topic, partitions }) => {
    const held = state.topics.find((each) => each.topic === topic)?.partitions
    const holders = partitions.map((partition) => held?.[partition]?.holder)
    return holders.some((holder) => holder !== undefined && holder !== memberId)
  })
}
