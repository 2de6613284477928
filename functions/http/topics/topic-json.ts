/** A topic as the API answers it. */
import type { TopicDescription as TopicJson } from "stratalog/protocol"
import type { TopicDescription } from "../../topics/describe/describe-topic.ts"

export function topicJson({ topic, config, overrides }: TopicDescription): TopicJson {
  const { name, id, partitions, createdAt } = topic
  return { name, id, partitions, config, overrides: [...overrides], createdAt }
}
