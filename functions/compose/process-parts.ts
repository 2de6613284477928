/** What every process has: a clock, a timer, chance. */
import type { Limits } from "stratalog/protocol"
import type { Clock } from "../log/ports.ts"
import { defaultSettings, type MeetingDeps, type PartitionSettings } from "../partitions/dependencies.ts"
import { cachedTopics } from "../topics/cached-topics.ts"
import type { TopicStore } from "../topics/ports.ts"
import { timer } from "./timer.ts"

export const clock: Clock = { now: Date.now }

export function meetingDeps(settings: Partial<PartitionSettings> = {}): MeetingDeps {
  return { timer, random: Math.random, settings: { ...defaultSettings, ...settings } }
}

/** Topics, remembered for as long as the limits say that a change may take. */
export function rememberedTopics(topics: TopicStore, { configDelayMs }: Limits): TopicStore {
  return cachedTopics(topics, { ttlMs: configDelayMs, clock })
}

/** Functions begin often and end soon: they should not all begin with the first partition. */
export function partitionTurns({ maxPartitions }: Limits): (count: number) => number {
  let turn = Math.floor(Math.random() * maxPartitions)
  return (count) => turn++ % count
}
