import type { Assignor, TopicPartitions } from "stratalog/protocol"
import { assignorOf } from "../assign/assign.ts"
import { assignmentOf, revokingOf, withoutIds } from "./assignment.ts"
import { lastSeenOf, liveMembers, type Seen } from "./expire.ts"
import { noMembers } from "./group-now.ts"
import { withoutMembers } from "./partitions.ts"
import type { GroupMember, GroupState } from "./state.ts"

export interface MemberView extends GroupMember {
  /** Epoch milliseconds. */
  readonly lastSeen: number
  /** By topic name and partition. */
  readonly assignment: readonly TopicPartitions[]
  readonly revoking: readonly TopicPartitions[]
}

export interface GroupView {
  readonly state: "Empty" | "Reconciling" | "Stable"
  readonly epoch: number
  /** Null without members. */
  readonly assignor: Assignor | null
  /** Those that members read, by name. */
  readonly topics: readonly string[]
  readonly members: readonly MemberView[]
  /** The members who read them: by topic id, then by partition; undefined where nobody does. */
  readonly holders: ReadonlyMap<string, readonly (string | undefined)[]>
}

/** A group as it will be found by the next who asks as a member: without those who are silent. Changes nothing. */
export function viewGroup(group: {
  readonly state: GroupState | undefined
  readonly seen: Seen
  readonly now: number
}): GroupView {
  const before = group.state ?? noMembers
  const live = liveMembers(group.state, group.seen, group.now)
  const silent = before.members.filter((member) => !live.includes(member)).map(({ memberId }) => memberId)
  const state = withoutMembers(before, silent)
  return {
    state: stateOf(state),
    epoch: state.epoch,
    assignor: assignorOf(state.members) ?? null,
    topics: state.members.length === 0 ? [] : state.topics.map(({ topic }) => topic),
    members: state.members.map((member) => ({
      ...member,
      lastSeen: lastSeenOf(member, group.seen),
      assignment: withoutIds(assignmentOf(state, member.memberId)),
      revoking: revokingOf(state, member.memberId),
    })),
    holders: new Map(state.topics.map(({ topicId, partitions }) => [topicId, partitions.map(({ holder }) => holder)])),
  }
}

function stateOf({ members, topics }: GroupState): GroupView["state"] {
  if (members.length === 0) return "Empty"
  const isAtRest = ({ holder, target }: { holder?: string; target?: string }) =>
    holder !== undefined && holder === target
  return topics.every(({ partitions }) => partitions.every(isAtRest)) ? "Stable" : "Reconciling"
}
