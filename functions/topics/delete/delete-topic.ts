import type { PartitionLog, Unavailable } from "../../log/ports.ts"
import type { Topic, TopicOffsets, TopicStore } from "../ports.ts"

export interface DeleteTopicDeps {
  readonly topics: TopicStore
  readonly log: Pick<PartitionLog, "deletePartitions">
  readonly groups: TopicOffsets
}

export type DeleteTopicResult =
  /**
   * Nobody finds the topic any more. Where the storage then failed to remove what belonged to it, `leftBehind` says why,
   * for the operator: `removeOrphans` removes it later.
   */
  | { readonly kind: "deleted"; readonly topic: Topic; readonly leftBehind: readonly Unavailable[] }
  | { readonly kind: "topic_not_found"; readonly topic: string }
  | Unavailable

/** The topic first, so that nobody new finds it; then its partitions, which wakes and ends their readers, and its offsets. */
export async function deleteTopic(deps: DeleteTopicDeps, name: string): Promise<DeleteTopicResult> {
  const topic = await deps.topics.get(name)
  if (topic === undefined) return { kind: "topic_not_found", topic: name }
  const outcome = await deps.topics.delete(name, topic.id)
  if (outcome.kind === "not_found") return { kind: "topic_not_found", topic: name }
  if (outcome.kind === "unavailable") return outcome

  const removals = [await deps.log.deletePartitions(topic.id), await deps.groups.forgetTopic(topic.id)]
  const leftBehind = removals.filter((removal) => removal.kind === "unavailable")
  return { kind: "deleted", topic, leftBehind }
}
