/** What is to be copied, and whether it can be. Reads only. */
import { StratalogError } from "../../client/errors.ts"
import type { PartitionOffsets } from "../../client/topic.ts"
import type { TopicDescription } from "../../client/topics.ts"
import { inputFailure, usageFailure } from "../failure.ts"
import type { TopicPartitions } from "../parse/topic-partitions.ts"
import type { Position } from "./align.ts"
import { ASKED_AT_ONCE, someAtOnce } from "./at-once.ts"
import { cannotCopy, type Refusal } from "./copy-failure.ts"
import type { Ends } from "./decide-start.ts"
import { findStart } from "./find-start.ts"
import type { PartitionOf } from "./log-end.ts"
import { type Mark, readMarks } from "./mark.ts"
import type { CopyEnds } from "./partition-copy.ts"

export type TopicPattern = Pick<TopicPartitions, "matches" | "name">

export interface PartitionPlan {
  readonly at: PartitionOf
  readonly source: Ends
  readonly start: Position
  readonly hasFillers: boolean
  readonly isMarked: boolean
}

export interface TopicPlan {
  readonly source: TopicDescription
  /** Absent: it is to be made. */
  readonly target: TopicDescription | undefined
  readonly partitions: readonly PartitionPlan[]
}

/** Where reading begins: what the source has let go is passed over. */
export function firstOffset({ start, source }: PartitionPlan): number {
  return Math.max(start.source, source.logStartOffset)
}

/** Offsets; where compaction left holes, fewer records. */
export function offsetsToCopy(partition: PartitionPlan): number {
  return Math.max(0, partition.source.highWatermark - firstOffset(partition))
}

const EMPTY: Ends = { logStartOffset: 0, highWatermark: 0 }

/** Fails where one of them cannot be copied, with the reasons of all. */
export async function planTopics(
  ends: CopyEnds,
  wanted: readonly TopicPattern[],
  stop: AbortSignal,
): Promise<readonly TopicPlan[]> {
  const topics = await wantedTopics(ends, wanted, stop)
  const found = await someAtOnce(topics, ASKED_AT_ONCE, stop, (topic, either) => planTopic(ends, topic, either))
  const refusals = found.flatMap((plan) => ("refusals" in plan ? plan.refusals : []))
  if (refusals.length > 0) throw cannotCopy(refusals)
  return found.flatMap((plan) => ("refusals" in plan ? [] : [plan]))
}

async function wantedTopics(
  { source }: CopyEnds,
  wanted: readonly TopicPattern[],
  signal: AbortSignal,
): Promise<TopicDescription[]> {
  const found: TopicDescription[] = []
  for await (const topic of source.log.topics.list({ signal })) {
    if (wanted.some(({ matches }) => matches(topic.name))) found.push(topic)
  }
  const missing = wanted.find(({ name }) => name !== undefined && !found.some((topic) => topic.name === name))
  if (missing !== undefined) throw inputFailure(`The source has no topic ${missing.name}.`)
  return found
}

async function planTopic(
  ends: CopyEnds,
  source: TopicDescription,
  stop: AbortSignal,
): Promise<TopicPlan | { readonly refusals: readonly Refusal[] }> {
  const target = await describeTopic(ends, source.name, stop)
  if (target?.id === source.id) throw usageFailure("--from and --to are the same service.")
  const marks = target === undefined ? new Map<number, Mark>() : await readMarks(ends.target, source.name, stop)
  const mismatch = target === undefined ? undefined : partitionMismatch(source, target, marks)
  if (mismatch !== undefined) return { refusals: [{ topic: source.name, reason: mismatch }] }
  // The target's ends first: what it holds by then was in the source before.
  const targetEnds =
    target === undefined ? [] : await endsOf(ends.target.log.topic(source.name).offsets({ signal: stop }))
  const sourceEnds = await endsOf(ends.source.log.topic(source.name).offsets({ signal: stop }))
  const partitions: PartitionPlan[] = []
  const refusals: Refusal[] = []
  for (const [partition, atSource] of sourceEnds.entries()) {
    const at = { topic: source.name, partition }
    const mark = marks.get(partition)
    const state = { source: atSource, target: targetEnds[partition] ?? EMPTY, topicId: source.id, mark }
    const start = await findStart(ends, at, state, stop)
    if (start.kind === "refused") refusals.push({ ...at, reason: start.reason })
    else {
      const { position, hasFillers } = start
      partitions.push({ at, source: atSource, start: position, hasFillers, isMarked: mark !== undefined })
    }
  }
  return refusals.length > 0 ? { refusals } : { source, target, partitions }
}

async function describeTopic(
  { target }: CopyEnds,
  name: string,
  signal: AbortSignal,
): Promise<TopicDescription | undefined> {
  try {
    return await target.log.topics.get(name, { signal })
  } catch (error) {
    if (error instanceof StratalogError && error.code === "topic_not_found") return undefined
    throw error
  }
}

/** A copy gets the partitions that its source got since; anything else is another topic. */
function partitionMismatch(
  source: TopicDescription,
  target: TopicDescription,
  marks: ReadonlyMap<number, Mark>,
): string | undefined {
  if (target.partitions === source.partitions) return undefined
  const all = Array.from({ length: target.partitions }, (_, partition) => marks.get(partition))
  const isCopy = all.every((mark) => mark?.topicId === source.id)
  if (isCopy && target.partitions < source.partitions) return undefined
  return `it has ${source.partitions} partitions in the source and ${target.partitions} in the target`
}

async function endsOf(offsets: Promise<PartitionOffsets[]>): Promise<Ends[]> {
  return (await offsets).sort((a, b) => a.partition - b.partition)
}
