/** What a `GroupStore` in memory holds; each method is one step that nothing comes between. */
import type { GroupState } from "../../functions/groups/members/state.ts"
import type {
  Claim,
  ClaimTarget,
  CommitOutcome,
  CommitTerms,
  CommittedOffset,
  DeleteGroupOutcome,
  ListGroupsOutcome,
  ListGroupsRequest,
  MemberSeen,
  MembersChange,
  ReadOffsetsOutcome,
  ReplaceMembersOutcome,
  TouchOutcome,
} from "../../functions/groups/ports.ts"
import type { PartitionRef } from "../../functions/log/ports.ts"

/** Of one partition in one group. */
interface Slot {
  /** 0: nobody ever claimed it. */
  readonly epoch: number
  readonly committed?: CommittedOffset
}

interface Group {
  readonly slots: Map<string, Slot>
  readonly seen: Map<string, MemberSeen>
  state?: GroupState
}

const FREE: Slot = { epoch: 0 }

export class GroupStoreState {
  readonly #groups = new Map<string, Group>()

  commit(group: string, commits: readonly CommittedOffset[], terms: CommitTerms = {}): CommitOutcome {
    const { slots } = this.#group(group)
    const { epoch = Number.MAX_SAFE_INTEGER, mayGoBack = false } = terms
    const found = commits.map((commit) => ({ commit, slot: slots.get(keyOf(commit.partition)) ?? FREE }))
    const fenced = found.flatMap(({ commit: { partition }, slot }) =>
      slot.epoch > epoch ? [{ partition, epoch: slot.epoch }] : [],
    )
    if (fenced.length > 0) return { kind: "fenced", fenced }
    const regressed = found.flatMap(({ commit: { partition, offset }, slot }) => {
      const committed = slot.committed?.offset ?? 0
      return !mayGoBack && committed > offset ? [{ partition, committed }] : []
    })
    if (regressed.length > 0) return { kind: "regressed", regressed }
    for (const { commit, slot } of found) {
      slots.set(keyOf(commit.partition), { epoch: terms.epoch ?? slot.epoch, committed: structuredClone(commit) })
    }
    return { kind: "committed" }
  }

  claim(group: string, { partition }: ClaimTarget, epoch: number): Claim {
    const { slots } = this.#group(group)
    const slot = slots.get(keyOf(partition)) ?? FREE
    if (slot.epoch > epoch) return { kind: "fenced", epoch: slot.epoch }
    slots.set(keyOf(partition), { ...slot, epoch })
    return { kind: "claimed", ...(slot.committed && { committed: structuredClone(slot.committed) }) }
  }

  read(group: string): ReadOffsetsOutcome {
    const offsets = [...(this.#groups.get(group)?.slots.values() ?? [])].flatMap(({ committed }) => committed ?? [])
    if (offsets.length === 0) return { kind: "not_found" }
    return { kind: "offsets", offsets: structuredClone(offsets.sort(byPartition)) }
  }

  list({ after = "", prefix = "", limit }: ListGroupsRequest): ListGroupsOutcome {
    const isThere = ([name, { state }]: [string, Group]) =>
      name > after &&
      name.startsWith(prefix) &&
      ((state?.members.length ?? 0) > 0 || this.read(name).kind === "offsets")
    const names = [...this.#groups].filter(isThere).map(([name]) => name)
    const groups = names.sort().slice(0, limit)
    const next = names.length > limit ? groups.at(-1) : undefined
    return { kind: "page", groups, ...(next !== undefined && { next }) }
  }

  delete(group: string): DeleteGroupOutcome {
    const { kind } = this.read(group)
    this.#groups.get(group)?.slots.clear()
    return { kind: kind === "offsets" ? "deleted" : "not_found" }
  }

  forgetTopic(topicId: string): { readonly kind: "done" } {
    for (const { slots } of this.#groups.values()) {
      for (const key of slots.keys()) if (key.startsWith(`${topicId}/`)) slots.delete(key)
    }
    return { kind: "done" }
  }

  touch(
    group: string,
    memberId: string,
    request: { readonly at: number; readonly number?: number },
  ): Exclude<TouchOutcome, { kind: "unavailable" }> {
    const { seen } = this.#group(group)
    const highest = seen.get(memberId)?.number ?? 0
    const number = request.number ?? highest + 1
    if (number < highest) return { kind: "late", number: highest }
    seen.set(memberId, { at: request.at, number })
    return { kind: "touched", number }
  }

  state(group: string): GroupState | undefined {
    return structuredClone(this.#groups.get(group)?.state)
  }

  seen(group: string): ReadonlyMap<string, MemberSeen> {
    return new Map(this.#groups.get(group)?.seen)
  }

  replaceMembers(
    group: string,
    { expected, next, by, gone }: MembersChange,
  ): Exclude<ReplaceMembersOutcome, { kind: "unavailable" }> {
    const stored = this.#group(group)
    const isOvertaken = by !== undefined && (stored.seen.get(by.memberId)?.number ?? 0) > by.number
    if ((stored.state?.epoch ?? 0) !== expected || isOvertaken) return { kind: "changed" }
    stored.state = structuredClone(next)
    for (const memberId of gone) stored.seen.delete(memberId)
    return { kind: "replaced" }
  }

  #group(name: string): Group {
    const group = this.#groups.get(name) ?? { slots: new Map(), seen: new Map() }
    this.#groups.set(name, group)
    return group
  }
}

function keyOf({ topicId, partition }: PartitionRef): string {
  return `${topicId}/${partition}`
}

function byPartition({ partition: a }: CommittedOffset, { partition: b }: CommittedOffset): number {
  if (a.topicId !== b.topicId) return a.topicId < b.topicId ? -1 : 1
  return a.partition - b.partition
}
