import type { Clock, PartitionLog, Unavailable } from "../../log/ports.ts"
import type { Topic, TopicStore } from "../../topics/ports.ts"
import type { GroupDependencies } from "../dependencies.ts"
import type { GroupChanges } from "../group-changes.ts"
import { type EmptyGroupResult, emptyGroup } from "../membership/empty-group.ts"
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
  readonly groups: GroupStore
  readonly clock: Clock
  readonly sessionClock: Clock
  readonly changes: GroupChanges
  readonly pause: GroupDependencies["pause"]
}

export type CommitOffsetsResult =
  /** All of them, durably, in the order of the call. */
  | { readonly kind: "committed"; readonly offsets: readonly CommittedOffset[] }
  /** None of them; these are the ones that stood in the way, at least one, in the order of the call. */
  | { readonly kind: "refused"; readonly refusals: readonly CommitRefusal[] }
  /** Its members commit for it. */
  | { readonly kind: "group_not_empty"; readonly members: readonly string[] }
  /** Others changed the group each time that its silent members were to be expelled. */
  | { readonly kind: "contended" }
  | Unavailable

/**
 * Commits 1 to `limits.maxCommits` offsets of a group that nobody is in, all or none. A commit only moves forward; the
 * same offset again is none that goes back, so a lost answer is safe to retry.
 */
export async function commitOffsets(
  deps: CommitOffsetsDeps,
  group: string,
  requests: readonly CommitRequest[],
): Promise<CommitOffsetsResult> {
  const empty = await epochOfEmpty(deps, group)
  if (empty.kind !== "empty") return empty
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

  // Who joined since has a higher epoch, and its claim refuses this: it must not be moved past what it is reading.
  const outcome = await deps.groups.commit(group, offsets, { epoch: empty.epoch })
  if (outcome.kind === "unavailable") return outcome
  return outcome.kind === "committed"
    ? { kind: "committed", offsets }
    : { kind: "refused", refusals: refusalsOf(offsets, outcome) }
}

/** Who is silent in it, but not expelled yet, is expelled: it may wake up, and goes on where it was. */
async function epochOfEmpty(deps: CommitOffsetsDeps, group: string): Promise<EmptyGroupResult> {
  const found = await readGroup(deps, group)
  if (found.kind === "unavailable") return found
  if ((found.state?.members.length ?? 0) > 0) return emptyGroup(deps, group)
  return { kind: "empty", epoch: found.state?.epoch ?? 0 }
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
  if (request.topicId !== undefined && request.topicId !== topic.id) return { kind: "topic_not_found" }
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
