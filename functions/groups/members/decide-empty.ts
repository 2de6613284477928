import type { MembersChange } from "../ports.ts"
import { liveMembers, type Seen } from "./expire.ts"
import { noMembers } from "./group-now.ts"
import type { GroupState } from "./state.ts"

export type EmptyDecision =
  /**
   * Once this is written, nobody who was a member before can commit, and offsets can be written under `change.next.epoch`;
   * who joins after it gets a higher one.
   */
  | { readonly kind: "empty"; readonly change: MembersChange }
  /** Ids of those who are there. */
  | { readonly kind: "group_not_empty"; readonly members: readonly string[] }

/** For a reset or a deletion: takes the group to the next epoch if nobody is in it any more. */
export function decideEmpty(group: {
  readonly state: GroupState | undefined
  readonly seen: Seen
  readonly now: number
}): EmptyDecision {
  const live = liveMembers(group.state, group.seen, group.now).map(({ memberId }) => memberId)
  if (live.length > 0) return { kind: "group_not_empty", members: live }
  const { epoch, members } = group.state ?? noMembers
  const gone = members.map(({ memberId }) => memberId)
  return { kind: "empty", change: { expected: epoch, next: { epoch: epoch + 1, members: [], topics: [] }, gone } }
}
