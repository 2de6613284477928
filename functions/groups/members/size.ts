import { cellWidth } from "./cells.ts"
import { profileOf } from "./codec.ts"
import type { GroupState } from "./state.ts"

/** The most bytes that the text of a state may take: an item of DynamoDB holds 400 KB, and each change writes all of it. */
export const MAX_STATE_BYTES = 300_000

const NUMBER = 17
const encoder = new TextEncoder()

/** Whether the state fits into an item, however its partitions are shared out and its numbers grow. */
export function fitsGroupState(state: GroupState): boolean {
  return mostBytes(state) <= MAX_STATE_BYTES
}

/** No assignment of these topics to these members takes more as text. */
export function mostBytes({ members, topics }: GroupState): number {
  const profiles = new Set(members.map(profileOf))
  const perPartition = 2 * cellWidth(members.length + 1)
  return (
    100 +
    sum(profiles, (text) => bytesOf(text) + 1) +
    sum(
      members,
      ({ memberId, instanceId = "", predecessor = "" }) =>
        bytesOf(memberId) + bytesOf(instanceId) + bytesOf(predecessor) + 12 * NUMBER,
    ) +
    sum(topics, ({ topicId, topic, partitions }) => {
      return bytesOf(topicId) + bytesOf(topic) + 2 * NUMBER + perPartition * partitions.length
    })
  )
}

function bytesOf(text: string): number {
  return encoder.encode(text).length
}

function sum<T>(all: Iterable<T>, bytes: (each: T) => number): number {
  let total = 0
  for (const each of all) total += bytes(each)
  return total
}
