import type { MembersChange } from "../ports.ts"
import { memberOf } from "./assignment.ts"
import type { GroupNow } from "./group-now.ts"
import { withoutMembers } from "./partitions.ts"
import { type Requester, settleAnyway } from "./settle.ts"

export type LeaveDecision =
  /** It is no member, or not any more: a request that is sent again. */
  | { readonly kind: "unchanged" }
  /** `topicsChanged`: see `Settled`. */
  | { readonly kind: "changed"; readonly change: MembersChange; readonly topicsChanged: boolean }

/** A member goes, and others get at once what it had. A static one gives up its place, too. */
export function decideLeave(group: GroupNow, by: Requester): LeaveDecision {
  if (group.state === undefined || memberOf(group.state, by.memberId) === undefined) return { kind: "unchanged" }
  const settled = settleAnyway(group, { state: withoutMembers(group.state, [by.memberId]) }, by)
  // Fewer members on no more partitions fit where more members did.
  return settled.kind === "too_large" ? { kind: "unchanged" } : settled
}
