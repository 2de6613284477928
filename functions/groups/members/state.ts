/**
 * Who is in a group and who reads what.
 *
 * Each partition has at most one holder, so that no two members can be told to read it: the structure itself forbids it.
 * `target` is who shall have it. What a member holds and shall have is its assignment; what it holds and shall not have any
 * more it has to give up, and nobody else gets it before; what it shall have and does not hold it waits for.
 */
import type { Assignor } from "stratalog/protocol"

export interface GroupMember {
  readonly memberId: string
  /** A static member's name (Kafka's group.instance.id): who comes with it takes the place of who had it. */
  readonly instanceId?: string
  /** Whose place it took. That one cannot take it back: its join may be one that comes late, when its process is gone. */
  readonly predecessor?: string
  /** The group's epoch when this member joined or its assignment changed last: what its commits and claims are made under. */
  readonly memberEpoch: number
  /**
   * The epoch when it joined, or joined again. What it sends under an earlier one is of a former life: between the two others
   * may have had its partitions, or their offsets may have been reset.
   */
  readonly joinedEpoch: number
  /** Topic names, and patterns that begin with `^`. */
  readonly topics: readonly string[]
  readonly assignor: Assignor
  readonly sessionTimeoutMs: number
  /** How long it may take to give up partitions before it is expelled. */
  readonly rebalanceTimeoutMs: number
  /** Milliseconds of the clock that touches have. */
  readonly joinedAt: number
  /** The number of its last request that changed the group. */
  readonly number: number
  /** Since when it has partitions to give up; absent: it has none. */
  readonly revokingSince?: number
}

export interface GroupPartition {
  /** Member ids. */
  readonly target?: string
  readonly holder?: string
}

export interface GroupTopic {
  readonly topicId: string
  readonly topic: string
  /** By partition number. */
  readonly partitions: readonly GroupPartition[]
}

export interface GroupState {
  /** Counts the changes of this state, from 1; never goes back, also not when the group is deleted. */
  readonly epoch: number
  /** In the order in which they joined. */
  readonly members: readonly GroupMember[]
  /** Those that members subscribe to and that are there, by name. */
  readonly topics: readonly GroupTopic[]
}
