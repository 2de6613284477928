import type { MemberSeen } from "../../../../groups/ports.ts"
import type { SeenMember } from "../codec/group-members.ts"

/** Longer than any session, and than any request is on its way. */
const STRANGE_AFTER_MS = 60 * 60_000
const AT_MOST = 25

/**
 * Ids without a place in the group that were silent for so long that nothing of theirs is on its way any more: they never
 * became members, or nobody forgot them when they left. By the clock of the touches, of which the latest says how late it is.
 */
export function strangers(
  seen: ReadonlyMap<string, MemberSeen>,
  memberIds: ReadonlySet<string>,
): readonly SeenMember[] {
  const latest = Math.max(...[...seen.values()].map(({ at }) => at))
  return [...seen]
    .filter(([memberId, { at }]) => !memberIds.has(memberId) && latest - at > STRANGE_AFTER_MS)
    .slice(0, AT_MOST)
    .map(([memberId, last]) => ({ memberId, ...last }))
}
