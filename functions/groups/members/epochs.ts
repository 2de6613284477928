import { assignedTo, revokedFrom } from "./partitions.ts"
import type { GroupMember, GroupState } from "./state.ts"

/**
 * The draft as the state that follows `before`: whose assignment changed, and who `isNew`, has the new epoch. Time to give
 * up begins with the first partition to give up, and again with each that was given up: who goes on with it is not stuck.
 */
export function stamped(before: GroupState, draft: GroupState, now: number, isNew: ReadonlySet<string>): GroupState {
  const epoch = before.epoch + 1
  const changed = new Set([...isNew, ...movedMembers(owners(before, assignedTo), owners(draft, assignedTo))])
  const revoking = owners(draft, revokedFrom)
  const stuck = new Set(revoking.values())
  const released = new Set(
    [...owners(before, revokedFrom)].filter(([at, memberId]) => revoking.get(at) !== memberId).map(([, id]) => id),
  )
  const members = draft.members.map((member): GroupMember => {
    const { revokingSince, ...rest } = member
    const since = released.has(member.memberId) ? now : (revokingSince ?? now)
    return {
      ...rest,
      memberEpoch: changed.has(member.memberId) ? epoch : member.memberEpoch,
      joinedEpoch: isNew.has(member.memberId) ? epoch : member.joinedEpoch,
      ...(stuck.has(member.memberId) ? { revokingSince: since } : {}),
    }
  })
  return { epoch, members, topics: draft.topics }
}

type Owner = typeof assignedTo

/** Member ids by topic id and partition. */
function owners(state: GroupState, ownerOf: Owner): ReadonlyMap<string, string> {
  const all = new Map<string, string>()
  for (const { topicId, partitions } of state.topics) {
    for (const [number, partition] of partitions.entries()) {
      const owner = ownerOf(partition)
      if (owner !== undefined) all.set(`${topicId}/${number}`, owner)
    }
  }
  return all
}

/** Who has something only before or only after. */
function movedMembers(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  const lost = [...before].filter(([at, memberId]) => after.get(at) !== memberId)
  const gained = [...after].filter(([at, memberId]) => before.get(at) !== memberId)
  return [...lost, ...gained].map(([, memberId]) => memberId)
}
