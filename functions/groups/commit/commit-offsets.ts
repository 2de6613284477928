import type { Clock, PartitionLog, Unavailable } from "../../log/ports.ts"
import type { Topic, TopicStore } from "../../topics/ports.ts"
import { liveMembers } from "../members/expire.ts"
import { readGroup } from "../membership/read-group.ts"
import type { CommittedOffset, GroupStore } from "../ports.ts"
import {
  type CommitRefusal,
  type CommitRequest,
  type CommitTarget,
  type ResolvedCommit,
  refuseCommits,
} from "./decide.ts"
import { refusalsOf } from "./outcome.ts"

export interface CommitOffsetsDeps {
  readonly topics: Pick<TopicStore, "get" | "recent">
  readonly log: Pick<PartitionLog, "describe">
  readonly groups: Pick<GroupStore, "commit" | "members">
  readonly clock: Clock
  readonly sessionClock: Clock
}

export type CommitOffsetsResult =
  /** All of them, durably, in the order of the call. */
  | { readonly kind: "committed"; readonly offsets: readonly CommittedOffset[] }
  /** None of them; these are the ones that stood in the way, at least one, in the order of the call. */
  | { readonly kind: "refused"; readonly refusals: readonly CommitRefusal[] }
  /** Its members commit for it. */
  | { readonly kind: "group_not_empty"; readonly members: readonly string[] }
  | Unavailable

/**
 * Commits 1 to `limits.maxCommits` offsets of a group that nobody is in, all or none. A commit only moves forward; the same offset again
 * is none that goes back, so a lost answer is safe to retry.
 */
export async function commitOffsets(
  deps: CommitOffsetsDeps,
  group: string,
  requests: readonly CommitRequest[],
): Promise<CommitOffsetsResult> {
  const found = await readGroup(deps, group)
  if (found.kind === "unavailable") return found
  const live = liveMembers(found.state, found.seen, found.now)
  if (live.length > 0) return { kind: "group_not_empty", members: live.map(({ memberId }) => memberId) }
  const targets = await Promise.all(requests.map((request) => findTarget(deps, request)))
  const resolved: ResolvedCommit[] = []
  const offsets: CommittedOffset[] = []
  const committedAt = deps.clock.now()
  for (const [index, request] of requests.entries()) {
    const target = targets[index]
    if (target === undefined) continue
    if (target.kind === "unavailable") return target
    resolved.push({ request, target })
    if (target.kind === "partition") offsets.push(committedOffset(request, target.topicId, committedAt))
  }
  const refusals = refuseCommits(resolved)
  if (refusals.length > 0) return { kind: "refused", refusals }

  const outcome = await deps.groups.commit(group, offsets)
  if (outcome.kind === "unavailable") return outcome
  return outcome.kind === "committed"
    ? { kind: "committed", offsets }
    : { kind: "refused", refusals: refusalsOf(offsets, outcome) }
}

/** By what is remembered of the topic; what is not found so is looked for again by what it is now. */
async function findTarget(deps: CommitOffsetsDeps, request: CommitRequest): Promise<CommitTarget | Unavailable> {
  const target = await targetIn(deps, await deps.topics.recent(request.topic), request)
  if (target.kind === "partition" || target.kind === "unavailable") return target
  return targetIn(deps, await deps.topics.get(request.topic), request)
}

async function targetIn(
  deps: CommitOffsetsDeps,
  topic: Topic | undefined,
  request: CommitRequest,
): Promise<CommitTarget | Unavailable> {
  if (topic === undefined) return { kind: "topic_not_found" }
  if (request.partition >= topic.partitions) return { kind: "partition_not_found", partitions: topic.partitions }
  const outcome = await deps.log.describe({ topicId: topic.id, partition: request.partition })
  // Reading changed nothing, whatever failed.
  if (outcome.kind === "unavailable") return { ...outcome, sideEffects: "none" }
  // Deleted since the topic was looked up.
  if (outcome.kind === "unknown_partition") return { kind: "topic_not_found" }
  return { kind: "partition", topicId: topic.id, highWatermark: outcome.state.highWatermark }
}

function committedOffset(request: CommitRequest, topicId: string, committedAt: number): CommittedOffset {
  const { topic, partition, offset, metadata } = request
  return { partition: { topicId, partition }, topic, offset, metadata, committedAt }
}
