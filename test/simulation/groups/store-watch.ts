/** Looks at every change of a group's state, below all networks: what no member can see for itself. */
import type { GroupMember, GroupState } from "../../../functions/groups/members/state.ts"
import type { GroupStore, MembersChange } from "../../../functions/groups/ports.ts"

/** Complains to `violations` of changes that break the rules of ownership. */
export function watched(store: GroupStore, violations: string[]): GroupStore {
  const touched = new Map<string, number>()
  let state: GroupState | undefined
  return {
    ...store,
    async touch(group, memberId, request) {
      const outcome = await store.touch(group, memberId, request)
      const number = outcome.kind === "touched" ? outcome.number : 0
      touched.set(memberId, Math.max(touched.get(memberId) ?? 0, number))
      return outcome
    },
    async replaceMembers(group, change) {
      const outcome = await store.replaceMembers(group, change)
      if (outcome.kind !== "replaced") return outcome
      violations.push(...complaints(state, change, touched))
      state = change.next
      for (const memberId of change.gone) touched.delete(memberId)
      return outcome
    },
  }
}

function complaints(
  before: GroupState | undefined,
  { next, by }: MembersChange,
  touched: ReadonlyMap<string, number>,
): string[] {
  const found: string[] = []
  if (next.epoch !== (before?.epoch ?? 0) + 1) found.push(`epoch ${next.epoch} follows ${before?.epoch}`)
  const members = new Map(next.members.map((member) => [member.memberId, member]))
  const holders = holdersOf(next)
  for (const [partition, holder] of holdersOf(before)) {
    const now = holders.get(partition)
    if (now === holder || !members.has(holder)) continue
    if (by?.memberId !== holder) found.push(`${partition} was taken from ${holder} by a request of ${by?.memberId}`)
    else if (by.number < (touched.get(holder) ?? 0)) {
      found.push(`${partition} was given up by request ${by.number} of ${holder}, after ${touched.get(holder)}`)
    }
  }
  return [...found, ...wrongEpochs(before, next, members)]
}

/** Who gets a partition has a higher epoch than anybody had before. */
function wrongEpochs(
  before: GroupState | undefined,
  next: GroupState,
  members: ReadonlyMap<string, GroupMember>,
): string[] {
  const formerly = holdersOf(before)
  return [...holdersOf(next)].flatMap(([partition, holder]) => {
    if (formerly.get(partition) === holder) return []
    const epoch = members.get(holder)?.memberEpoch
    if (epoch === next.epoch) return []
    return [`${holder} got ${partition} under epoch ${epoch}, in the state of epoch ${next.epoch}`]
  })
}

function holdersOf(state: GroupState | undefined): ReadonlyMap<string, string> {
  const holders = new Map<string, string>()
  for (const { topicId, partitions } of state?.topics ?? []) {
    for (const [partition, { holder }] of partitions.entries()) {
      if (holder !== undefined) holders.set(`${topicId}/${partition}`, holder)
    }
  }
  return holders
}
