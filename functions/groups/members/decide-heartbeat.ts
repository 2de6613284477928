/** What a heartbeat, or a poll, changes in its group. Joining, keeping alive, giving up and getting partitions are one thing. */
import { limits } from "stratalog/protocol"
import type { MembersChange } from "../ports.ts"
import { acknowledged, claimsOfOthers } from "./acknowledge.ts"
import { memberOf } from "./assignment.ts"
import { lostMembers } from "./expire.ts"
import { type GroupNow, noMembers } from "./group-now.ts"
import { type MemberRequest, namesakeOf, newMember, rejoined, withMember, withUpdate } from "./join.ts"
import { withoutMembers } from "./partitions.ts"
import { type Draft, type Settled, settle, settleAnyway } from "./settle.ts"
import type { GroupMember, GroupState } from "./state.ts"

export type HeartbeatDecision =
  | { readonly kind: "unchanged"; readonly state: GroupState; readonly member: GroupMember }
  /** Deciding again after this was written, or after it may have been, comes to the same or to `unchanged`. */
  | {
      readonly kind: "changed"
      readonly change: MembersChange
      /** The requester as it is in `change.next`. */
      readonly member: GroupMember
      /** See `Settled`: look topics up anew and decide again before writing. */
      readonly topicsChanged: boolean
    }
  | { readonly kind: "member_not_found" }
  /**
   * The request's epoch is none that this member had since it joined, or it reads what has another owner, or it would take
   * back a static member's place. `memberEpoch`: the present one of who has it.
   */
  | { readonly kind: "fenced"; readonly memberEpoch: number }
  | { readonly kind: "group_full" }
  /** It would join and does not say to what. */
  | { readonly kind: "topics_missing" }

/**
 * `request.memberEpoch` is not -1: leaving is `decideLeave`. The request was touched and is not late; for one that is,
 * nothing is decided.
 */
export function decideHeartbeat(group: GroupNow, request: MemberRequest): HeartbeatDecision {
  const before = group.state ?? noMembers
  const lost = lostMembers(before, group.seen, group.now, request.memberId)
  const state = withoutMembers(before, lost)
  const member = memberOf(state, request.memberId)
  return member === undefined ? join(group, state, request) : goOn(group, state, member, request)
}

function join(group: GroupNow, state: GroupState, request: MemberRequest): HeartbeatDecision {
  if ((request.memberEpoch ?? 0) > 0) return { kind: "member_not_found" }
  const former = namesakeOf(state, request)
  if (former?.predecessor === request.memberId) return { kind: "fenced", memberEpoch: former.memberEpoch }
  const member = newMember(request, former, group.now)
  if (member === undefined) return { kind: "topics_missing" }
  if (former === undefined && state.members.length >= limits.maxMembers) return { kind: "group_full" }
  const draft = { state: withMember(state, member, former), isNew: new Set([member.memberId]) }
  return decided(group, request, settle(group, draft, request))
}

function goOn(group: GroupNow, state: GroupState, member: GroupMember, request: MemberRequest): HeartbeatDecision {
  const { memberEpoch = member.memberEpoch } = request
  if (memberEpoch === 0) return joinAgain(group, state, member, request)
  const isStale = memberEpoch < member.memberEpoch
  const isKnown = memberEpoch >= member.joinedEpoch && memberEpoch <= member.memberEpoch
  if (!isKnown || (isStale && claimsOfOthers(state, member, request))) {
    return { kind: "fenced", memberEpoch: member.memberEpoch }
  }
  const heard = isStale ? state : acknowledged(state, member, request)
  return changed(group, request, member, { state: withUpdate(heard, member, request) })
}

/** It starts anew under a new epoch, so that nothing it sent before is taken for it. Once for a request that is sent again. */
function joinAgain(group: GroupNow, state: GroupState, member: GroupMember, request: MemberRequest): HeartbeatDecision {
  if (member.number === request.number) return changed(group, request, member, { state })
  const heard = acknowledged(state, member, request)
  return changed(group, request, member, {
    state: rejoined(heard, member, request),
    isNew: new Set([member.memberId]),
  })
}

/** Whoever asks for no other topics than before is not refused because topics have grown. */
function changed(group: GroupNow, request: MemberRequest, before: GroupMember, draft: Draft): HeartbeatDecision {
  const asksForMore = memberOf(draft.state, before.memberId)?.topics !== before.topics
  return decided(group, request, (asksForMore ? settle : settleAnyway)(group, draft, request))
}

function decided(group: GroupNow, { memberId }: MemberRequest, settled: Settled): HeartbeatDecision {
  if (settled.kind === "too_large") return { kind: "group_full" }
  const state = settled.kind === "changed" ? settled.change.next : group.state
  const member = memberOf(state, memberId)
  if (state === undefined || member === undefined) return { kind: "member_not_found" }
  return settled.kind === "changed" ? { ...settled, member } : { kind: "unchanged", state, member }
}
