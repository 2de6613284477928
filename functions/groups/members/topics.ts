import type { GroupState, GroupTopic } from "./state.ts"
import { type LiveTopic, type MatchPattern, subscribers } from "./subscriptions.ts"

/**
 * The state with the topics as they are: subscribed ones come in, deleted ones go. One that nobody subscribes to any more
 * stays until it is given up. A topic made again under its name is another one, and nobody has any of it. Partitions never
 * get fewer, so that somebody who has not heard of new ones yet does not take them away. The same object if nothing changes.
 */
export function withTopics(state: GroupState, live: readonly LiveTopic[], match: MatchPattern): GroupState {
  const known = new Map(state.topics.map((topic) => [topic.topicId, topic]))
  const wanted = new Set(subscribers(state.members, live, match).flatMap(({ topics }) => [...topics]))
  const topics = [...new Map(live.map((topic) => [topic.topic, topic])).values()]
    .filter(({ topic, topicId }) => wanted.has(topic) || isHeld(known.get(topicId)))
    .map((topic) => grown(known.get(topic.topicId), topic))
    .sort((a, b) => (a.topic < b.topic ? -1 : 1))
  const isSame = topics.length === state.topics.length && topics.every((topic, index) => topic === state.topics[index])
  return isSame ? state : { ...state, topics }
}

/** Those that the state has, with as many partitions as it has: no new ones. */
export function knownOf(state: GroupState, live: readonly LiveTopic[]): readonly LiveTopic[] {
  const known = new Map(state.topics.map(({ topicId, partitions }) => [topicId, partitions.length]))
  return live.flatMap((topic) => {
    const partitions = known.get(topic.topicId)
    return partitions === undefined ? [] : [{ ...topic, partitions }]
  })
}

function isHeld(topic: GroupTopic | undefined): boolean {
  return topic?.partitions.some(({ holder }) => holder !== undefined) === true
}

function grown(known: GroupTopic | undefined, { topicId, topic, partitions }: LiveTopic): GroupTopic {
  const before = known?.partitions ?? []
  if (known !== undefined && before.length >= partitions) return known
  return { topicId, topic, partitions: Array.from({ length: partitions }, (_, number) => before[number] ?? {}) }
}
