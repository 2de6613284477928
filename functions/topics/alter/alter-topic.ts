import type { PartitionLog, PartitionsOutcome, Unavailable } from "../../log/ports.ts"
import type { Topic, TopicStore } from "../ports.ts"
import { type AlterDecision, decideAlter, type TopicChange } from "./decide.ts"

export interface AlterTopicDeps {
  readonly topics: TopicStore
  readonly log: Pick<PartitionLog, "createPartitions" | "deletePartitions">
}

export type AlterTopicResult =
  /** The topic is as asked for, whether that took a change or not. */
  | { readonly kind: "altered"; readonly topic: Topic }
  | { readonly kind: "topic_not_found"; readonly topic: string }
  | Extract<AlterDecision, { kind: "fewer_partitions" }>
  /** Others changed the topic each time; nothing of this change was made. */
  | { readonly kind: "concurrent_change" }
  | Unavailable

/** Each attempt after the first means that somebody else's change was made. */
const ATTEMPTS = 5

export async function alterTopic(deps: AlterTopicDeps, name: string, change: TopicChange): Promise<AlterTopicResult> {
  let topic = await deps.topics.get(name)
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (topic === undefined) return { kind: "topic_not_found", topic: name }
    const decision = decideAlter(topic, change)
    if (decision.kind === "unchanged") return { kind: "altered", topic }
    if (decision.kind === "fewer_partitions") return decision

    const partitions = await addPartitions(deps, topic, decision.topic)
    // Whatever became of the partitions, the topic does not lead to them yet.
    if (partitions.kind === "unavailable") return { ...partitions, sideEffects: "none" }
    const outcome = await deps.topics.replace(decision.topic)
    if (outcome.kind === "unavailable") return outcome
    if (outcome.kind === "replaced") return { kind: "altered", topic: decision.topic }
    // Deleted meanwhile: its partitions may have been deleted before ours were added.
    if (outcome.topic?.id !== topic.id) await deps.log.deletePartitions(topic.id)
    topic = outcome.topic
  }
  return { kind: "concurrent_change" }
}

/** Before the topic says so: whoever sees the new number can use them all. */
async function addPartitions(deps: AlterTopicDeps, from: Topic, to: Topic): Promise<PartitionsOutcome> {
  if (to.partitions === from.partitions) return { kind: "done" }
  return deps.log.createPartitions(to.id, to.partitions)
}
