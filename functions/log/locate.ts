/** From the name of a topic and a number to a partition of the log. */
import type { Topic, TopicStore } from "../topics/ports.ts"
import type { Awaitable, PartitionRef } from "./ports.ts"

export type NotLocated =
  | { readonly kind: "topic_not_found"; readonly topic: string }
  | {
      readonly kind: "partition_not_found"
      readonly topic: string
      readonly partition: number
      readonly partitions: number
    }

export type Location =
  | { readonly kind: "located"; readonly topic: Topic; readonly partition: PartitionRef }
  | NotLocated

export function locate(topics: Pick<TopicStore, "get">, name: string, partition: number): Awaitable<Location> {
  const topic = topics.get(name)
  return topic instanceof Promise
    ? topic.then((found) => locateIn(found, name, partition))
    : locateIn(topic, name, partition)
}

/**
 * The same for every produce and fetch: by what is remembered of the topic, but never refused by it. What is located may
 * be of a topic that is gone; then the log does not know the partition, and `locate` tells what is there now.
 */
export function locateRecent(topics: TopicStore, name: string, partition: number): Awaitable<Location> {
  const topic = topics.recent(name)
  return topic instanceof Promise
    ? topic.then((found) => locatedOrNow(topics, found, name, partition))
    : locatedOrNow(topics, topic, name, partition)
}

function locatedOrNow(
  topics: TopicStore,
  topic: Topic | undefined,
  name: string,
  partition: number,
): Awaitable<Location> {
  const location = locateIn(topic, name, partition)
  return location.kind === "partition_not_found" ? locate(topics, name, partition) : location
}

function locateIn(topic: Topic | undefined, name: string, partition: number): Location {
  if (topic === undefined) return { kind: "topic_not_found", topic: name }
  if (partition >= topic.partitions) {
    return { kind: "partition_not_found", topic: name, partition, partitions: topic.partitions }
  }
  return { kind: "located", topic, partition: { topicId: topic.id, partition } }
}
