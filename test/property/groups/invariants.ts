/** What has to hold of every state, and from each to the next. */
import { assignedTo } from "../../../functions/groups/members/partitions.ts"
import type { GroupState } from "../../../functions/groups/members/state.ts"
import { assignedOf, type Change } from "./coordinator.ts"

interface Held {
  readonly holder: string
  /** The highest that its holder had while it held it. */
  readonly epoch: number
}

/** Remembers what was; each method throws at the first thing that is wrong. */
export class Invariants {
  /** By topic id and partition: who held it last. */
  readonly #held = new Map<string, Held>()
  /** By member and epoch. */
  readonly #assignments = new Map<string, string>()

  check({ before, next }: Change): void {
    const epoch = before?.epoch ?? 0
    if (next.epoch !== epoch + 1) throw new Error(`the epoch went from ${epoch} to ${next.epoch}`)
    this.#structure(next)
    this.#owners(next)
    this.#epochs(next)
  }

  #structure({ members, topics }: GroupState): void {
    const ids = new Set<string | undefined>(members.map(({ memberId }) => memberId))
    if (ids.size < members.length) throw new Error("a member is there twice")
    const names = members.flatMap(({ instanceId }) => instanceId ?? [])
    if (new Set(names).size < names.length) throw new Error("a static member's name is there twice")
    for (const { topic, partitions } of topics) {
      for (const { holder, target } of partitions) {
        if (holder !== undefined && !ids.has(holder)) throw new Error(`${holder}, who holds ${topic}, is no member`)
        if (target !== undefined && !ids.has(target))
          throw new Error(`${target}, who shall have ${topic}, is no member`)
        if (holder === undefined && target !== undefined)
          throw new Error(`nobody holds ${topic}, though ${target} shall`)
      }
    }
    for (const { memberId, revokingSince } of members) {
      const isRevoking = topics.some(({ partitions }) =>
        partitions.some(({ holder, target }) => holder === memberId && target !== memberId),
      )
      if (isRevoking !== (revokingSince !== undefined))
        throw new Error(`${memberId}: since when it gives up is not true`)
    }
  }

  /** A new owner's epoch is higher than any that the former one had. */
  #owners({ epoch, members, topics }: GroupState): void {
    const epochs = new Map(members.map(({ memberId, memberEpoch }) => [memberId, memberEpoch]))
    for (const { topicId, topic, partitions } of topics) {
      for (const [number, partition] of partitions.entries()) {
        const { holder } = partition
        if (holder === undefined) continue
        const key = `${topicId}/${number}`
        const last = this.#held.get(key)
        const present = epochs.get(holder) ?? 0
        if (present > epoch) throw new Error(`${holder} is of an epoch to come`)
        if (last !== undefined && last.holder !== holder && assignedTo(partition) === holder && present <= last.epoch) {
          throw new Error(`${topic}/${number}: ${holder} has epoch ${present}, ${last.holder} had ${last.epoch}`)
        }
        const former = last?.holder === holder ? last.epoch : 0
        this.#held.set(key, { holder, epoch: Math.max(present, former) })
      }
    }
  }

  /** One epoch of a member, one assignment. */
  #epochs(state: GroupState): void {
    for (const { memberId, memberEpoch } of state.members) {
      const key = `${memberId} of ${memberEpoch}`
      const assignment = JSON.stringify(assignedOf(state, memberId))
      const known = this.#assignments.get(key) ?? assignment
      if (known !== assignment) throw new Error(`${key} had ${known} and has ${assignment}`)
      this.#assignments.set(key, assignment)
    }
  }
}
