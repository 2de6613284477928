/** Changes of partitions. What does not change stays the same object, so that a state without change is told by `===`. */
import type { GroupPartition, GroupState, GroupTopic } from "./state.ts"

export function partitionOf(holder: string | undefined, target: string | undefined): GroupPartition {
  return { ...(target === undefined ? {} : { target }), ...(holder === undefined ? {} : { holder }) }
}

/** Where a partition is: topic and number by their places in the state. */
export interface PartitionPlace {
  readonly topic: GroupTopic
  readonly place: number
  readonly partition: number
}

type Change = (partition: GroupPartition, at: PartitionPlace) => GroupPartition

export function mapPartitions(state: GroupState, change: Change): GroupState {
  const topics = mapSame(state.topics, (topic, place) => {
    const partitions = mapSame(topic.partitions, (each, partition) => {
      const { holder, target } = change(each, { topic, place, partition })
      return holder === each.holder && target === each.target ? each : partitionOf(holder, target)
    })
    return partitions === topic.partitions ? topic : { ...topic, partitions }
  })
  return topics === state.topics ? state : { ...state, topics }
}

/** The same array if each stays the same. */
export function mapSame<T>(all: readonly T[], change: (each: T, index: number) => T): readonly T[] {
  const changed = all.map(change)
  return changed.every((each, index) => each === all[index]) ? all : changed
}

/** What they had and should have had is nobody's. */
export function withoutMembers(state: GroupState, memberIds: readonly string[]): GroupState {
  if (memberIds.length === 0) return state
  const gone = new Set<string | undefined>(memberIds)
  const left = (memberId: string | undefined) => (gone.has(memberId) ? undefined : memberId)
  const freed = mapPartitions(state, ({ holder, target }) => partitionOf(left(holder), left(target)))
  return { ...freed, members: state.members.filter(({ memberId }) => !gone.has(memberId)) }
}

/** Whoever shall have what nobody has gets it. */
export function granted(state: GroupState): GroupState {
  return mapPartitions(state, (each) => (each.holder === undefined ? partitionOf(each.target, each.target) : each))
}

/** Who may read it. */
export function assignedTo({ holder, target }: GroupPartition): string | undefined {
  return holder === target ? holder : undefined
}

/** Who has to give it up. */
export function revokedFrom({ holder, target }: GroupPartition): string | undefined {
  return holder === target ? undefined : holder
}
