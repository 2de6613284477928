/** What consumer groups ask of their storage. Contract suite: test/contract/group-offsets.ts. */
import type { Awaitable, PartitionRef, Unavailable } from "../log/ports.ts"

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

export type CommitOutcome =
  | { readonly kind: "committed" }
  /** Nothing was written: these would have moved back, and a commit without a number only moves forward. */
  | { readonly kind: "regressed"; readonly regressed: readonly RegressedCommit[] }
  | Unavailable

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

export type ListGroupsOutcome = ({ readonly kind: "page" } & GroupPage) | Unavailable

export type DeleteGroupOutcome = { readonly kind: "deleted" } | { readonly kind: "not_found" } | Unavailable

export interface GroupOffsets {
  /**
   * All or nothing: if each offset is at or past the committed one of its partition, all are written, else none is.
   * 1 to `limits.maxCommits` commits, each of another partition. Durable when it answers.
   */
  commit(group: string, commits: readonly CommittedOffset[]): Awaitable<CommitOutcome>
  /** What was committed before the call began, and never less. */
  read(group: string): Awaitable<ReadOffsetsOutcome>
  /** By name, ascending in code unit order. */
  list(request: { readonly after?: string; readonly limit: number }): Awaitable<ListGroupsOutcome>
  delete(group: string): Awaitable<DeleteGroupOutcome>
  /** Forgets what any group committed for this topic. Safe to repeat. */
  forgetTopic(topicId: string): Awaitable<{ readonly kind: "done" } | Unavailable>
}
