/**
 * What consumer groups ask of their storage. Contract suites: test/contract/group-offsets.ts, group-claims.ts,
 * fenced-commits.ts, group-members.ts.
 */
import type { Awaitable, PartitionRef, Unavailable } from "../log/ports.ts"
import type { GroupState } from "./members/state.ts"

/** A partition by its topic's id, so that a topic made again under an old name starts without committed offsets. */
export interface CommittedOffset {
  readonly partition: PartitionRef
  /** The topic's name; it never changes for an id. */
  readonly topic: string
  /** The next offset to read. */
  readonly offset: number
  readonly metadata: string
  /** Epoch milliseconds of the commit. */
  readonly committedAt: number
}

/** The committed offset of this partition is past the one that was to be committed. */
export interface RegressedCommit {
  readonly partition: PartitionRef
  readonly committed: number
}

/** A newer owner has claimed this partition, or a reset took it: `epoch` is theirs. */
export interface FencedCommit {
  readonly partition: PartitionRef
  readonly epoch: number
}

export interface CommitTerms {
  /**
   * The epoch of the member whose commit it is: nothing is written if a partition was claimed under a higher one, else it
   * is claimed by this one. Absent: whoever owns the partition goes on owning it.
   */
  readonly epoch?: number
  /** A reset: the offsets may go back. */
  readonly mayGoBack?: boolean
}

export type CommitOutcome =
  | { readonly kind: "committed" }
  /** Nothing was written: these would have moved back, and a commit only moves forward. */
  | { readonly kind: "regressed"; readonly regressed: readonly RegressedCommit[] }
  /** Nothing was written. Told before `regressed`, where both would do. */
  | { readonly kind: "fenced"; readonly fenced: readonly FencedCommit[] }
  | Unavailable

export interface ClaimTarget {
  readonly partition: PartitionRef
  /** The topic's name. */
  readonly topic: string
}

export type Claim =
  /** Nobody of a lower epoch can commit any more. `committed`: where to go on; absent: nothing was ever committed. */
  | { readonly kind: "claimed"; readonly committed?: CommittedOffset }
  | { readonly kind: "fenced"; readonly epoch: number }

/** One for each target, in their order; each stands for itself. */
export type ClaimOutcome = { readonly kind: "claims"; readonly claims: readonly Claim[] } | Unavailable

export type ReadOffsetsOutcome =
  /** All of the group's, by topic id and partition; at least one. */
  | { readonly kind: "offsets"; readonly offsets: readonly CommittedOffset[] }
  /** A group is there as long as it has a committed offset. */
  | { readonly kind: "not_found" }
  | Unavailable

export interface GroupPage {
  readonly groups: readonly string[]
  /** The name to pass as `after` for the next page; absent on the last. */
  readonly next?: string
}

export interface ListGroupsRequest {
  readonly after?: string
  readonly prefix?: string
  readonly limit: number
}

export type ListGroupsOutcome = ({ readonly kind: "page" } & GroupPage) | Unavailable

export type DeleteGroupOutcome = { readonly kind: "deleted" } | { readonly kind: "not_found" } | Unavailable

export interface GroupOffsets {
  /**
   * All or nothing: if each offset is at or past the committed one of its partition, and none is fenced, all are written,
   * else none is. 1 to `limits.maxCommits` commits, each of another partition. Durable when it answers.
   */
  commit(group: string, commits: readonly CommittedOffset[], terms?: CommitTerms): Awaitable<CommitOutcome>
  /** What was committed before the call began, and never less. */
  read(group: string): Awaitable<ReadOffsetsOutcome>
  /**
   * Those that have a committed offset or a member, by name, ascending in code unit order: after `after`, and starting with
   * `prefix`.
   */
  list(request: ListGroupsRequest): Awaitable<ListGroupsOutcome>
  /** Removes its offsets and claims. What is known of its members stays, so that epochs never come twice. */
  delete(group: string): Awaitable<DeleteGroupOutcome>
  /** Forgets what any group committed for this topic. Safe to repeat. */
  forgetTopic(topicId: string): Awaitable<{ readonly kind: "done" } | Unavailable>
}

/** What the committed offsets are guarded by. */
export interface GroupClaims {
  /**
   * Takes partitions over under `epoch`, each by one conditional write: only over a lower or an equal one. Durable when it
   * answers; safe to repeat. A claim alone makes no committed offset: `read` and `list` do not show it.
   */
  claim(group: string, targets: readonly ClaimTarget[], epoch: number): Awaitable<ClaimOutcome>
}

/** What is known of a member's requests. */
export interface MemberSeen {
  /** When the last one came, milliseconds of the clock that was passed to `touch`. */
  readonly at: number
  /** The highest number of one. */
  readonly number: number
}

export type TouchOutcome =
  | { readonly kind: "touched"; readonly number: number }
  /** A request with a higher number came before; nothing was noted. */
  | { readonly kind: "late"; readonly number: number }
  | Unavailable

export type MembersOutcome =
  | {
      readonly kind: "members"
      /** Absent: the group never had a member. */
      readonly state?: GroupState
      /** By member id: all that touched and were not forgotten, also those that are in no state. */
      readonly seen: ReadonlyMap<string, MemberSeen>
    }
  | Unavailable

export interface MembersChange {
  /** The epoch of the state that was read; 0: there was none. */
  readonly expected: number
  /** With the epoch after it. */
  readonly next: GroupState
  /** Whose request it is: made only if no higher number of this member came meanwhile. */
  readonly by?: { readonly memberId: string; readonly number: number }
  /** Members that left or were expelled: what is known of their requests may be forgotten. */
  readonly gone: readonly string[]
}

export type ReplaceMembersOutcome =
  | { readonly kind: "replaced" }
  /** Nothing was written: the state is another one by now, or a later request of the member came. Read again. */
  | { readonly kind: "changed" }
  | Unavailable

/**
 * Who is in a group. The state changes rarely and on condition; that a member is there is noted with every request.
 * A storage that lives in one process may keep what it saw in its memory: when it is opened, every member of every state
 * counts as seen at that moment, with the number that the last change by it had.
 */
export interface GroupMembers {
  /**
   * Notes a request of a member. Without `number` it gets the next one, so that it counts as newer than all before.
   * A number that equals the highest is the same request, sent again.
   */
  touch(
    group: string,
    memberId: string,
    request: { readonly at: number; readonly number?: number },
  ): Awaitable<TouchOutcome>
  /** What was written before the call began, and never less. State and touches may be from different moments of the call. */
  members(group: string): Awaitable<MembersOutcome>
  /** Durable when it answers. */
  replaceMembers(group: string, change: MembersChange): Awaitable<ReplaceMembersOutcome>
}

export interface GroupStore extends GroupOffsets, GroupClaims, GroupMembers {}
