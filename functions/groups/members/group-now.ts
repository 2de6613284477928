import type { Seen } from "./expire.ts"
import type { GroupState } from "./state.ts"
import type { LiveTopic, MatchPattern } from "./subscriptions.ts"

/** What is decided by, beside the request. */
export interface GroupNow {
  /** Undefined: the group never had a member. */
  readonly state: GroupState | undefined
  readonly seen: Seen
  /** Milliseconds of the clock that touches have, from before `seen` was read: who asked since then is not silent. */
  readonly now: number
  /** All that `subscriptionsOf` names or matches and that are there, at least: whatever is not among them counts as deleted. */
  readonly topics: readonly LiveTopic[]
  readonly match: MatchPattern
}

/** Before the first member came. */
export const noMembers: GroupState = { epoch: 0, members: [], topics: [] }
