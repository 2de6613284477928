import type { Clock, PartitionLog, Unavailable } from "../../log/ports.ts"
import type { Topic, TopicIds, TopicStore } from "../ports.ts"
import { decideExisting, type ExistingTopicDecision, type TopicRequest } from "./decide.ts"

export interface CreateTopicDeps {
  readonly topics: TopicStore
  readonly log: Pick<PartitionLog, "createPartitions" | "deletePartitions">
  readonly ids: TopicIds
  readonly clock: Clock
}

export type CreateTopicResult =
  | { readonly kind: "created"; readonly topic: Topic }
  | ExistingTopicDecision
  | Unavailable

/**
 * Partitions first, the topic second: whoever finds the topic can use it at once. A crash in between leaves partitions
 * that nobody can find, for `removeOrphans`.
 */
export async function createTopic(deps: CreateTopicDeps, asked: TopicRequest): Promise<CreateTopicResult> {
  const existing = await deps.topics.get(asked.name)
  if (existing !== undefined) return decideExisting(existing, asked)

  const topic: Topic = { ...asked, id: deps.ids.next(), createdAt: deps.clock.now(), version: 1 }
  const partitions = await deps.log.createPartitions(topic.id, topic.partitions)
  // Whatever became of the partitions, no topic leads to them.
  if (partitions.kind === "unavailable") return { ...partitions, sideEffects: "none" }

  const outcome = await deps.topics.create(topic)
  if (outcome.kind === "created") return { kind: "created", topic }
  // The topic may be there after all where the outcome is unknown, and would have lost its partitions.
  const unused = outcome.kind === "exists" || outcome.sideEffects === "none"
  if (unused) await deps.log.deletePartitions(topic.id)
  return outcome.kind === "exists" ? decideExisting(outcome.topic, asked) : outcome
}
