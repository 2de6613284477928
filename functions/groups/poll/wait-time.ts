/** How long a poll may wait for records. */
import type { GroupDependencies } from "../dependencies.ts"
import { heartbeatIntervalOf, revokingOf } from "../members/assignment.ts"
import { lastSeenOf, type Seen } from "../members/expire.ts"
import type { MemberIn } from "../membership/take-part.ts"

/** Never shorter than this, so that a member that others have to expel is no reason to ask again and again, milliseconds. */
const SHORTEST_MS = 50

/**
 * Milliseconds. While it waits a member is not seen, so that it waits for a third of its session at most; where changes of
 * the group may come from other processes, or it is to give something up, as long as until its next heartbeat; and no
 * longer than until somebody else's time is over, as the next request of anybody finds that out.
 */
export function waitTime(
  { state, member }: MemberIn,
  { seen, now, asked }: { readonly seen: Seen; readonly now: number; readonly asked: number },
  { hearsAll }: Pick<GroupDependencies, "hearsAll">,
): number {
  const isRevoking = revokingOf(state, member.memberId).length > 0
  const hearing = hearsAll && !isRevoking ? asked : heartbeatIntervalOf(state, member)
  const others = state.members.filter(({ memberId }) => memberId !== member.memberId)
  const deadlines = others.flatMap((other) => [
    lastSeenOf(other, seen) + other.sessionTimeoutMs,
    ...(other.revokingSince === undefined ? [] : [other.revokingSince + other.rebalanceTimeoutMs]),
  ])
  const untilLost = Math.max(SHORTEST_MS, Math.min(...deadlines) + 1 - now)
  return Math.min(asked, hearing, Math.floor(member.sessionTimeoutMs / 3), untilLost)
}
