import { configDifferences, type SettingDifference } from "../config.ts"
import type { Topic, TopicConfig } from "../ports.ts"

/** A topic as somebody wants it; the configuration is checked already. */
export interface TopicRequest {
  readonly name: string
  readonly partitions: number
  readonly config: TopicConfig
}

export type ExistingTopicDecision =
  /** It is as asked for. */
  | { readonly kind: "exists"; readonly topic: Topic }
  | { readonly kind: "conflict"; readonly topic: Topic; readonly differences: readonly SettingDifference[] }

/** Creation is idempotent: a topic that is there already is a success if it is the one that was asked for. */
export function decideExisting(topic: Topic, asked: TopicRequest): ExistingTopicDecision {
  const differences = configDifferences(topic.config, asked.config)
  if (topic.partitions !== asked.partitions) {
    differences.unshift({ setting: "partitions", existing: topic.partitions, asked: asked.partitions })
  }
  return differences.length === 0 ? { kind: "exists", topic } : { kind: "conflict", topic, differences }
}
