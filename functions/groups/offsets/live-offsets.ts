import type { Unavailable } from "../../log/ports.ts"
import type { Topic, TopicStore } from "../../topics/ports.ts"
import type { CommittedOffset, GroupOffsets } from "../ports.ts"

export interface LiveOffsetsDeps {
  readonly topics: Pick<TopicStore, "get">
  readonly groups: Pick<GroupOffsets, "read">
}

/** A topic and what a group committed for it, by partition. */
export interface TopicCommits {
  readonly topic: Topic
  readonly offsets: readonly CommittedOffset[]
}

export type LiveOffsetsResult =
  /** By topic name; none where all the topics were deleted since. */
  | { readonly kind: "topics"; readonly topics: readonly TopicCommits[] }
  | { readonly kind: "group_not_found"; readonly group: string }
  | Unavailable

/**
 * What the group committed for topics that are still there.
 * A topic that was deleted, or deleted and made again, has no part in it even before its offsets are forgotten.
 */
export async function liveOffsets(deps: LiveOffsetsDeps, group: string): Promise<LiveOffsetsResult> {
  const outcome = await deps.groups.read(group)
  if (outcome.kind === "not_found") return { kind: "group_not_found", group }
  if (outcome.kind === "unavailable") return outcome
  const byId = Map.groupBy(outcome.offsets, (each) => each.partition.topicId)
  const found = await Promise.all([...byId.values()].map((commits) => withTopic(deps, commits)))
  return { kind: "topics", topics: found.flat().sort((a, b) => (a.topic.name < b.topic.name ? -1 : 1)) }
}

async function withTopic(deps: LiveOffsetsDeps, offsets: readonly CommittedOffset[]): Promise<TopicCommits[]> {
  const [first] = offsets
  if (first === undefined) return []
  const topic = await deps.topics.get(first.topic)
  if (topic?.id !== first.partition.topicId) return []
  return [{ topic, offsets: offsets.toSorted((a, b) => a.partition.partition - b.partition.partition) }]
}
