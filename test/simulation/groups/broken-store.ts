/** Storages that break one rule of groups each: the simulation has to notice every one of them. */
import type { GroupState } from "../../../functions/groups/members/state.ts"
import type { CommittedOffset, GroupStore, MembersChange } from "../../../functions/groups/ports.ts"

export type BreakStore = (store: GroupStore) => GroupStore

function withChanges(broken: (change: MembersChange, before: GroupState | undefined) => MembersChange): BreakStore {
  return (store) => ({
    ...store,
    async replaceMembers(group, change) {
      const read = await store.members(group)
      return store.replaceMembers(group, broken(change, read.kind === "members" ? read.state : undefined))
    },
  })
}

async function committedOf(store: GroupStore, group: string): Promise<readonly CommittedOffset[]> {
  const read = await store.read(group)
  return read.kind === "offsets" ? read.offsets : []
}

/** Whoever shall have a partition has it at once. */
function freedAtOnce({ next, ...change }: MembersChange): MembersChange {
  const moved = new Set<string>()
  const topics = next.topics.map((topic) => ({
    ...topic,
    partitions: topic.partitions.map((partition) => {
      const { holder, target } = partition
      if (target === undefined || holder === undefined || holder === target) return partition
      moved.add(target).add(holder)
      return { holder: target, target }
    }),
  }))
  const members = next.members.map((member) => {
    return moved.has(member.memberId) ? { ...member, memberEpoch: next.epoch } : member
  })
  return { ...change, next: { ...next, members, topics } }
}

export const brokenStores: Readonly<Record<string, BreakStore>> = {
  "a claim is not written": (store) => ({
    ...store,
    async claim(group, targets) {
      const offsets = await committedOf(store, group)
      const claims = targets.map(({ partition: { topicId, partition } }) => {
        const committed = offsets.find((each) => {
          return each.partition.topicId === topicId && each.partition.partition === partition
        })
        return { kind: "claimed" as const, ...(committed && { committed }) }
      })
      return { kind: "claims", claims }
    },
  }),
  "a commit asks for no epoch": (store) => ({
    ...store,
    commit: (group, commits, { epoch: _, ...terms } = {}) => store.commit(group, commits, terms),
  }),
  "a commit may go back": (store) => ({
    ...store,
    commit: (group, commits, terms) => store.commit(group, commits, { ...terms, mayGoBack: true }),
  }),
  "a commit is said and not made": (store) => ({ ...store, commit: () => ({ kind: "committed" }) }),
  "a partition goes to its next owner before it was given up": withChanges(freedAtOnce),
  "the number of a request is not asked": (store) => ({
    ...store,
    touch: async (group, memberId, { at, number }) => {
      const touched = await store.touch(group, memberId, { at, ...(number !== undefined && { number }) })
      return touched.kind === "late" ? { kind: "touched", number: number ?? touched.number } : touched
    },
    replaceMembers: (group, { by, ...change }) => {
      return store.replaceMembers(group, { ...change, ...(by && { by: { ...by, number: Number.MAX_SAFE_INTEGER } }) })
    },
    members: async (group) => {
      const read = await store.members(group)
      if (read.kind !== "members") return read
      return { ...read, seen: new Map([...read.seen].map(([memberId, { at }]) => [memberId, { at, number: 0 }])) }
    },
  }),
  "assignments change and no epoch does": withChanges((change, before) => {
    const epochs = new Map(before?.members.map(({ memberId, memberEpoch }) => [memberId, memberEpoch]))
    const members = change.next.members.map((member) => ({ ...member, memberEpoch: epochs.get(member.memberId) ?? 1 }))
    return { ...change, next: { ...change.next, members } }
  }),
  "a state is written over another": withChanges((change, before) => ({ ...change, expected: before?.epoch ?? 0 })),
}
