/** A member commits what it processed: only of partitions that it holds, and under the epoch that it knows. */
import type { Unavailable } from "../../log/ports.ts"
import type { GroupDependencies } from "../dependencies.ts"
import { memberOf } from "../members/assignment.ts"
import type { GroupState } from "../members/state.ts"
import type { CommittedOffset } from "../ports.ts"
import {
  type CommitRefusal,
  type CommitRequest,
  type CommitTarget,
  type ResolvedCommit,
  refuseCommits,
} from "./decide.ts"
import { refusalsOf } from "./outcome.ts"
import { meansFormer } from "./topic-ids.ts"

export interface MemberCommit {
  readonly memberId: string
  /** The epoch of the last answer that the member got. Undefined: it does not say; the present one counts. */
  readonly memberEpoch: number | undefined
  readonly offsets: readonly CommitRequest[]
  /**
   * Passes over what needs no commit: an offset below the committed one, which a later commit of the member overtook, and
   * a partition whose topic was deleted.
   */
  readonly lenient?: true
}

export type MemberCommitResult =
  /** Where the group stands by now in those partitions, in the order of the call. */
  | { readonly kind: "committed"; readonly offsets: readonly CommittedOffset[] }
  /** None of them. */
  | { readonly kind: "refused"; readonly refusals: readonly CommitRefusal[] }
  | { readonly kind: "member_not_found" }
  /** The member had no such epoch since it joined. */
  | { readonly kind: "fenced"; readonly memberEpoch: number }
  | Unavailable

type Deps = Pick<GroupDependencies, "groups" | "log" | "topics" | "clock">

/**
 * `state`: the group as it was just read. Whoever holds a partition by now has claimed it under a higher epoch before it
 * read anything, so that a state that is out of date by the time of the write lets no commit through that it should not.
 */
export async function commitAsMember(
  deps: Deps,
  group: string,
  state: GroupState | undefined,
  commit: MemberCommit,
): Promise<MemberCommitResult> {
  const member = memberOf(state, commit.memberId)
  if (state === undefined || member === undefined) return { kind: "member_not_found" }
  const { memberEpoch: epoch = member.memberEpoch, lenient } = commit
  if (epoch > member.memberEpoch || epoch < member.joinedEpoch) {
    return { kind: "fenced", memberEpoch: member.memberEpoch }
  }

  const isFormer = meansFormer(state)
  const targets = await Promise.all(
    commit.offsets.map(async (each) =>
      isFormer(each) ? { kind: "not_held" as const } : findHeld(deps, state, commit.memberId, each),
    ),
  )
  const failed = targets.find((target) => target.kind === "unavailable")
  if (failed?.kind === "unavailable") return failed
  const resolved = commit.offsets.flatMap((request, index): ResolvedCommit[] => {
    const target = targets[index]
    return target === undefined || target.kind === "unavailable" ? [] : [{ request, target }]
  })
  const refusals = refuseCommits(resolved).filter(({ kind }) => lenient !== true || kind !== "topic_not_found")
  if (refusals.length > 0) return { kind: "refused", refusals }
  const committedAt = deps.clock.now()
  const offsets = resolved.flatMap(({ request, target }) => committedOffset(request, target, committedAt))
  const result = await write(deps, group, offsets, { epoch, lenient: lenient === true })
  return result.kind === "refused" ? { kind: "refused", refusals: placed(result.refusals, commit.offsets) } : result
}

async function findHeld(
  deps: Deps,
  state: GroupState,
  memberId: string,
  { topic: name, partition }: CommitRequest,
): Promise<CommitTarget | Unavailable> {
  const topic = state.topics.find((each) => each.topic === name)
  if (topic === undefined) {
    return { kind: (await deps.topics.get(name)) === undefined ? "topic_not_found" : "not_held" }
  }
  if (topic.partitions[partition]?.holder !== memberId) return { kind: "not_held" }
  const outcome = await deps.log.describe({ topicId: topic.topicId, partition })
  if (outcome.kind === "unavailable") return { ...outcome, sideEffects: "none" }
  if (outcome.kind === "unknown_partition") return { kind: "topic_not_found" }
  return { kind: "partition", topicId: topic.topicId, highWatermark: outcome.state.highWatermark }
}

function committedOffset(request: CommitRequest, target: CommitTarget, committedAt: number): CommittedOffset[] {
  if (target.kind !== "partition") return []
  const { topic, partition, offset, metadata } = request
  return [{ partition: { topicId: target.topicId, partition }, topic, offset, metadata, committedAt }]
}

async function write(
  deps: Deps,
  group: string,
  offsets: readonly CommittedOffset[],
  { epoch, lenient }: { readonly epoch: number; readonly lenient: boolean },
): Promise<MemberCommitResult> {
  let left = offsets
  let stands = offsets
  // Each time round there is at least one less.
  while (left.length > 0) {
    const outcome = await deps.groups.commit(group, left, { epoch })
    if (outcome.kind === "unavailable") return outcome
    if (outcome.kind === "committed") break
    const refusals = refusalsOf(left, outcome)
    if (!lenient || outcome.kind === "fenced") return { kind: "refused", refusals }
    const ahead = new Map(
      refusals.flatMap((each) => (each.kind === "regressed" ? [[keyOf(each), each.committed]] : [])),
    )
    left = left.filter((each) => !ahead.has(keyOf(at(each))))
    stands = stands.map((each) => ({ ...each, offset: ahead.get(keyOf(at(each))) ?? each.offset }))
  }
  return { kind: "committed", offsets: stands }
}

/** By their places in the call. */
function placed(refusals: readonly CommitRefusal[], call: readonly CommitRequest[]): CommitRefusal[] {
  const places = new Map(call.map((each, index) => [keyOf(each), index]))
  return refusals.map((refusal) => ({ ...refusal, index: places.get(keyOf(refusal)) ?? refusal.index }))
}

function at({ topic, partition }: CommittedOffset) {
  return { topic, partition: partition.partition }
}

function keyOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}/${partition}`
}
