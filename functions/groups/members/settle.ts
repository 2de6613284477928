import { assign } from "../assign/assign.ts"
import type { MembersChange } from "../ports.ts"
import { stamped } from "./epochs.ts"
import { type GroupNow, noMembers } from "./group-now.ts"
import { granted, mapPartitions, partitionOf } from "./partitions.ts"
import { fitsGroupState } from "./size.ts"
import type { GroupState } from "./state.ts"
import { subscribers } from "./subscriptions.ts"
import { knownOf, withTopics } from "./topics.ts"

/** The state as the request and the time make it, before partitions are shared out again. */
export interface Draft {
  readonly state: GroupState
  /** Ids of those that get the new epoch whatever they are assigned. */
  readonly isNew?: ReadonlySet<string>
}

export interface Requester {
  readonly memberId: string
  /** As `touch` noted it. */
  readonly number: number
}

export type Settled =
  | { readonly kind: "unchanged" }
  | {
      readonly kind: "changed"
      readonly change: MembersChange
      /**
       * Topics came, went, or grew. Whoever knows topics from memory looks them up as they are now and decides again
       * before this is written: otherwise two processes that remember differently undo each other's changes.
       */
      readonly topicsChanged: boolean
    }
  /** It would not fit into a storage. */
  | { readonly kind: "too_large" }

/** From members, and what was given up, to the next state: topics, targets, grants, epochs. */
export function settle(group: GroupNow, draft: Draft, by: Requester): Settled {
  const before = group.state ?? noMembers
  const named = withTopics(draft.state, group.topics, group.match)
  const isSame = draft.state.members === before.members && named === draft.state
  if (!isSame && !fitsGroupState(named)) return { kind: "too_large" }
  const after = granted(isSame ? named : retargeted(named, group))
  if (after === before) return { kind: "unchanged" }
  const next = numbered(stamped(before, after, group.now, draft.isNew ?? new Set()), by)
  const here = new Set(next.members.map(({ memberId }) => memberId))
  const gone = before.members.map(({ memberId }) => memberId).filter((memberId) => !here.has(memberId))
  const change = { expected: before.epoch, next, by, gone }
  return { kind: "changed", change, topicsChanged: named !== draft.state }
}

/** As `settle`, for who asks for nothing more: where topics have grown too large, it goes on with what it has of them. */
export function settleAnyway(group: GroupNow, draft: Draft, by: Requester): Settled {
  const settled = settle(group, draft, by)
  if (settled.kind !== "too_large") return settled
  return settle({ ...group, topics: knownOf(draft.state, group.topics) }, draft, by)
}

function retargeted(state: GroupState, { match }: GroupNow): GroupState {
  const targets = assign(subscribers(state.members, state.topics, match), state.topics)
  return mapPartitions(state, ({ holder }, { place, partition }) => partitionOf(holder, targets[place]?.[partition]))
}

function numbered(state: GroupState, { memberId, number }: Requester): GroupState {
  const members = state.members.map((member) => (member.memberId === memberId ? { ...member, number } : member))
  return { ...state, members }
}
