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

/**
 * What the group committed for topics that are still there, by topic name; `undefined` where there is no such group.
 * A topic that was deleted, or deleted and made again, has no part in it even before its offsets are forgotten.
 */
export async function liveOffsets(deps: LiveOffsetsDeps, group: string): Promise<TopicCommits[] | undefined> {
  const offsets = await deps.groups.read(group)
  if (offsets === undefined) return undefined
  const byId = Map.groupBy(offsets, (each) => each.partition.topicId)
  const found = await Promise.all([...byId.values()].map((commits) => withTopic(deps, commits)))
  return found.flat().sort((a, b) => (a.topic.name < b.topic.name ? -1 : 1))
}

async function withTopic(deps: LiveOffsetsDeps, offsets: readonly CommittedOffset[]): Promise<TopicCommits[]> {
  const [first] = offsets
  if (first === undefined) return []
  const topic = await deps.topics.get(first.topic)
  if (topic?.id !== first.partition.topicId) return []
  return [{ topic, offsets: offsets.toSorted((a, b) => a.partition.partition - b.partition.partition) }]
}
