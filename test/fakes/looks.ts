/** Looks as they may come, for the tests of what is made of them. */
import type { GroupLook, Look, TopicLook } from "../../sdk/cli/watch/look.ts"

const MEMBER = { memberEpoch: 1, sessionTimeout: 45_000, lastSeen: 0, topics: ["t"], assignment: [], revoking: [] }

/** `partitions`: start, end and bytes of each. */
export function topicLook(
  at: number,
  partitions: readonly (readonly [start: number, end: number, bytes?: number | undefined])[],
  { topic = "t", id = "1" } = {},
): TopicLook {
  return {
    topic,
    id,
    at,
    partitions: partitions.map(([logStartOffset, highWatermark, sizeInBytes], partition) => ({
      partition,
      logStartOffset,
      highWatermark,
      ...(sizeInBytes === undefined ? {} : { sizeInBytes }),
    })),
  }
}

/** `partitions`: what is committed, the end, and who reads it, of each. */
export function groupLook(
  at: number,
  partitions: readonly (readonly [committed: number | null, end: number, memberId?: string | null])[],
  { group = "g", topic = "t", members = ["m"] }: { group?: string; topic?: string; members?: readonly string[] } = {},
): GroupLook {
  return {
    group,
    state: members.length === 0 ? "Empty" : "Stable",
    at,
    members: members.map((memberId) => ({ memberId, ...MEMBER })),
    partitions: partitions.map(([committedOffset, highWatermark, memberId = null], partition) => ({
      topic,
      partition,
      committedOffset,
      logStartOffset: 0,
      highWatermark,
      lag: committedOffset === null ? null : Math.max(0, highWatermark - committedOffset),
      memberId,
    })),
  }
}

/** `time`: epoch milliseconds, where the clock was set meanwhile. */
export function lookAt(
  at: number,
  {
    topics = [],
    groups = [],
    time = at,
    more = false,
    denied = 0,
  }: {
    topics?: readonly TopicLook[]
    groups?: readonly GroupLook[]
    time?: number
    more?: boolean
    denied?: number
  } = {},
): Look {
  return { time, at, topics, groups, more: { topics: more, groups: more }, denied, requests: 1 }
}
