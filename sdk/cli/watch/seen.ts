/** What the looks so far saw of each partition. Pure. */
import { extended, type Sample } from "./history.ts"
import type { GroupLook, Look, TopicLook } from "./look.ts"

/** The ends of a partition. */
export interface EndsSample extends Sample {
  readonly start: number
  readonly end: number
  /** Null where the storage does not tell. */
  readonly bytes: number | null
}

/** How far a group is in a partition. */
export interface ProgressSample extends Sample {
  /** Null: nothing is committed. */
  readonly committed: number | null
  readonly end: number
  readonly lag: number | null
}

export interface Seen {
  readonly look: Look
  readonly ends: ReadonlyMap<string, readonly EndsSample[]>
  readonly progress: ReadonlyMap<string, readonly ProgressSample[]>
}

/** By more than this the two clocks part only where one was set, or the machine slept. */
const CLOCKS_PART_MS = 2_000

export const endsKey = ({ id }: Pick<TopicLook, "id">, partition: number): string => `${id}:${partition}`
export const progressKey = ({ group }: Pick<GroupLook, "group">, topic: string, partition: number): string =>
  `${group} ${topic}:${partition}`

/** What is not in the newest look any more is forgotten. */
export function seeing(before: Seen | undefined, look: Look): Seen {
  const known = before !== undefined && clocksAgree(before.look, look) ? before : undefined
  const ends = look.topics.flatMap((topic) =>
    topic.partitions.map((partition) => {
      const { logStartOffset: start, highWatermark: end, sizeInBytes: bytes = null } = partition
      const key = endsKey(topic, partition.partition)
      const sample = { at: topic.at, start, end, bytes }
      return [key, extended(known?.ends.get(key) ?? [], sample, endsGoOn)] as const
    }),
  )
  const progress = look.groups.flatMap((group) =>
    group.partitions.map(({ topic, partition, committedOffset: committed, highWatermark: end, lag }) => {
      const key = progressKey(group, topic, partition)
      const sample = { at: group.at, committed, end, lag }
      return [key, extended(known?.progress.get(key) ?? [], sample, progressGoesOn)] as const
    }),
  )
  return { look, ends: new Map(ends), progress: new Map(progress) }
}

function clocksAgree(before: Look, after: Look): boolean {
  return Math.abs(after.time - before.time - (after.at - before.at)) < CLOCKS_PART_MS
}

function endsGoOn(before: EndsSample, after: EndsSample): boolean {
  return after.end >= before.end
}

/** Offsets go back where a topic was made again, and committed ones where they were reset. */
function progressGoesOn(before: ProgressSample, after: ProgressSample): boolean {
  if (after.end < before.end) return false
  if (before.committed === null || after.committed === null) return before.committed === after.committed
  return after.committed >= before.committed
}
