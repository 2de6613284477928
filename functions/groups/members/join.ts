import type { HeartbeatBody } from "stratalog/protocol"
import { mapPartitions, partitionOf, withoutMembers } from "./partitions.ts"
import type { GroupMember, GroupState } from "./state.ts"

/** A heartbeat's body, or a poll's, with who sent it and the number as `touch` noted it. */
export interface MemberRequest extends Omit<HeartbeatBody, "number"> {
  readonly memberId: string
  readonly number: number
}

const SESSION_TIMEOUT_MS = 45_000
const REBALANCE_TIMEOUT_MS = 300_000

/** Who has the static member's name that is asked for, other than who asks. */
export function namesakeOf(state: GroupState, { memberId, instanceId }: MemberRequest): GroupMember | undefined {
  if (instanceId === undefined) return undefined
  return state.members.find((member) => member.instanceId === instanceId && member.memberId !== memberId)
}

/** A member that was none. `former`: who had its name; without a subscription of its own it has that one's. */
export function newMember(
  request: MemberRequest,
  former: GroupMember | undefined,
  now: number,
): GroupMember | undefined {
  const topics = request.topics === undefined ? former?.topics : subscriptionOf(request.topics)
  if (topics === undefined) return undefined
  const { memberId, number, instanceId } = request
  return {
    memberId,
    ...(instanceId === undefined ? {} : { instanceId }),
    ...(former === undefined ? {} : { predecessor: former.memberId }),
    memberEpoch: 0,
    joinedEpoch: 0,
    topics,
    assignor: request.assignor ?? "uniform",
    sessionTimeoutMs: request.sessionTimeout ?? SESSION_TIMEOUT_MS,
    rebalanceTimeoutMs: request.rebalanceTimeout ?? REBALANCE_TIMEOUT_MS,
    joinedAt: now,
    number,
  }
}

/** At the end of the line, or in the place of `former`: what that one was to read it reads, the rest is given up. */
export function withMember(state: GroupState, member: GroupMember, former: GroupMember | undefined): GroupState {
  if (former === undefined) return { ...state, members: [...state.members, member] }
  const heir = (memberId: string | undefined) => (memberId === former.memberId ? member.memberId : memberId)
  const handed = mapPartitions(state, ({ holder, target }) =>
    partitionOf(holder === former.memberId && target !== holder ? undefined : heir(holder), heir(target)),
  )
  return { ...handed, members: state.members.map((each) => (each === former ? member : each)) }
}

/** A member that joins again; who had its name goes. */
export function rejoined(state: GroupState, member: GroupMember, request: MemberRequest): GroupState {
  const former = namesakeOf(state, request)
  const others = former === undefined ? state : withoutMembers(state, [former.memberId])
  const { instanceId } = request
  return replaced(others, member, {
    ...updated(member, request),
    ...(instanceId === undefined ? {} : { instanceId }),
    ...(former === undefined ? {} : { predecessor: former.memberId }),
  })
}

/** With what the request says anew; the same state if that is nothing. */
export function withUpdate(state: GroupState, member: GroupMember, request: MemberRequest): GroupState {
  const next = updated(member, request)
  return next === member ? state : replaced(state, member, next)
}

function updated(member: GroupMember, request: MemberRequest): GroupMember {
  const topics = request.topics === undefined ? member.topics : subscriptionOf(request.topics)
  const next = {
    ...member,
    topics: JSON.stringify(topics) === JSON.stringify(member.topics) ? member.topics : topics,
    assignor: request.assignor ?? member.assignor,
    sessionTimeoutMs: request.sessionTimeout ?? member.sessionTimeoutMs,
    rebalanceTimeoutMs: request.rebalanceTimeout ?? member.rebalanceTimeoutMs,
  }
  const isSame = (name: "topics" | "assignor" | "sessionTimeoutMs" | "rebalanceTimeoutMs") =>
    next[name] === member[name]
  const isUnchanged =
    isSame("topics") && isSame("assignor") && isSame("sessionTimeoutMs") && isSame("rebalanceTimeoutMs")
  return isUnchanged ? member : next
}

function replaced(state: GroupState, member: GroupMember, next: GroupMember): GroupState {
  return { ...state, members: state.members.map((each) => (each === member ? next : each)) }
}

/** Sorted, each once, so that members that subscribe to the same say so alike. */
function subscriptionOf(topics: readonly string[]): readonly string[] {
  return [...new Set(topics)].sort()
}
