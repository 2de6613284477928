import { type EffectiveTopicConfig, effectiveConfig } from "stratalog/protocol"
import type { Topic, TopicStore } from "../ports.ts"

export interface TopicDescription {
  readonly topic: Topic
  /** What is in force, defaults included. */
  readonly config: EffectiveTopicConfig
  /** Names of the entries that were set on purpose, sorted. */
  readonly overrides: readonly string[]
}

export type DescribeTopicResult =
  | ({ readonly kind: "topic" } & TopicDescription)
  | { readonly kind: "topic_not_found"; readonly topic: string }

export interface DescribeTopicDeps {
  readonly topics: Pick<TopicStore, "get">
}

export async function describeTopic(deps: DescribeTopicDeps, name: string): Promise<DescribeTopicResult> {
  const topic = await deps.topics.get(name)
  return topic === undefined ? { kind: "topic_not_found", topic: name } : { kind: "topic", ...topicDescription(topic) }
}

/** For the answers that hold a whole topic: create, alter, list. */
export function topicDescription(topic: Topic): TopicDescription {
  return { topic, config: effectiveConfig(topic.config), overrides: Object.keys(topic.config).sort() }
}
