/** What consumer groups ask of their storage. Contract suite: test/contract/group-offsets.ts. */
import type { Awaitable, PartitionRef, Unavailable } from "../log/ports.ts"

/** A partition by its topic's id, so that a topic made again under an old name starts without committed offsets. */
export interface CommittedOffset {
  readonly partition: PartitionRef
  /** The next offset to read. */
  readonly offset: number
  readonly metadata: string
  /** Epoch milliseconds of the commit. */
  readonly committedAt: number
}

export type CommitOutcome =
  | { readonly kind: "committed" }
  /** The committed offset is already past this one; a commit without a number only moves forward. */
  | { readonly kind: "regressed"; readonly committed: number }

export type CommitOutcomes = { readonly kind: "done"; readonly outcomes: readonly CommitOutcome[] } | Unavailable

export interface GroupPage {
  readonly groups: readonly string[]
  /** The name to pass as `after` for the next page; absent on the last. */
  readonly next?: string
}

export type DeleteGroupOutcome = { readonly kind: "deleted" } | { readonly kind: "not_found" } | Unavailable

export interface GroupOffsets {
  /** Each commit is decided by itself: forward or the same is written, backward is refused. Durable when it answers. */
  commit(group: string, commits: readonly CommittedOffset[]): Awaitable<CommitOutcomes>
  /** All committed offsets of the group, by topic id and partition; `undefined` where the group never committed. */
  read(group: string): Awaitable<readonly CommittedOffset[] | undefined>
  /** By name, ascending in code unit order. */
  list(request: { readonly after?: string; readonly limit: number }): Awaitable<GroupPage>
  delete(group: string): Awaitable<DeleteGroupOutcome>
  /** Forgets what any group committed for this topic. Safe to repeat. */
  forgetTopic(topicId: string): Awaitable<{ readonly kind: "done" } | Unavailable>
}
