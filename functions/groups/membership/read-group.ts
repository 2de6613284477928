/** The group as it is now, for a decision. */
import type { Unavailable } from "../../log/ports.ts"
import type { GroupDependencies } from "../dependencies.ts"
import type { Seen } from "../members/expire.ts"
import type { GroupNow } from "../members/group-now.ts"
import type { GroupState } from "../members/state.ts"
import { subscriptionsOf } from "../members/subscriptions.ts"
import type { GroupMembers } from "../ports.ts"

export interface GroupFound {
  readonly kind: "found"
  /** Undefined: the group never had a member. */
  readonly state: GroupState | undefined
  readonly seen: Seen
  /** Before it was read: whoever asks in the meantime has not been silent until a later moment. */
  readonly now: number
}

export async function readGroup(
  {
    groups,
    sessionClock,
  }: { readonly groups: Pick<GroupMembers, "members"> } & Pick<GroupDependencies, "sessionClock">,
  group: string,
): Promise<GroupFound | Unavailable> {
  const now = sessionClock.now()
  const outcome = await groups.members(group)
  // Reading changed nothing, whatever failed.
  if (outcome.kind === "unavailable") return { ...outcome, sideEffects: "none" }
  return { kind: "found", state: outcome.state, seen: outcome.seen, now }
}

/** With the topics of all members, and of `requested`. Throws `StorageUnavailable`. */
export async function withTopics(
  { subscribed }: Pick<GroupDependencies, "subscribed">,
  { state, seen, now }: GroupFound,
  requested: readonly string[] | undefined,
  age: "recent" | "now",
): Promise<GroupNow> {
  const held = state?.topics.map(({ topic }) => topic) ?? []
  const found = await subscribed.look(subscriptionsOf(state, requested), held, age)
  return { state, seen, now, ...found }
}
