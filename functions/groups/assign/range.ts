import type { Assign, Subscriber } from "./assign.ts"
import { inOrder } from "./order.ts"

/**
 * Kafka's range: of each topic every subscriber gets a run of partitions, the first ones get one more where they do not
 * come out even. Topics with the same partitions and subscribers are split alike, so that they can be joined by key.
 */
export const assignRange: Assign = (members, topics) => {
  const ordered = inOrder(members)
  return topics.map(({ topic, partitions }) => {
    const subscribers = ordered.filter((member) => member.topics.has(topic))
    return runs(subscribers, partitions.length)
  })
}

function runs(subscribers: readonly Subscriber[], count: number): (string | undefined)[] {
  if (subscribers.length === 0) return Array.from({ length: count }, () => undefined)
  const each = Math.floor(count / subscribers.length)
  const more = count % subscribers.length
  return subscribers.flatMap(({ memberId }, index) =>
    Array.from({ length: index < more ? each + 1 : each }, () => memberId),
  )
}
