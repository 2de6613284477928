/** A whole copy: topics, records, offsets of groups, and at last the topics' own configuration. */
import { StratalogError } from "../../client/errors.ts"
import type { TopicDescription } from "../../client/topics.ts"
import type { TopicConfigInput } from "../../protocol/topic-config.ts"
import type { Position } from "./align.ts"
import { ASKED_AT_ONCE, someAtOnce } from "./at-once.ts"
import { type CopiedGroup, copyGroups } from "./copied-groups.ts"
import { sourceChanged } from "./copy-failure.ts"
import { markCommit, writeMarks } from "./mark.ts"
import { type CopyEnds, PartitionCopy } from "./partition-copy.ts"
import type { TopicPattern, TopicPlan } from "./plan.ts"
import { changesTo, fillingConfig, ownConfig } from "./topic-settings.ts"
import { type Verified, verifyCopy } from "./verify-copy.ts"

export interface CopyOptions {
  readonly groups: readonly TopicPattern[]
  readonly follow: boolean
  readonly verify: boolean
  /** Partitions at a time. */
  readonly atOnce: number
}

export interface CopyEvents {
  /** So many offsets of the source were done. */
  step(offsets: number): void
  /** All that was there at the start, or, when it follows, up to now. */
  caughtUp(): void
  /** Stopped while it followed: so many offsets are still to be copied. */
  ending(left: number): void
}

export interface CopiedPartition {
  readonly topic: string
  readonly partition: number
  /** Appended by this run. */
  readonly records: number
  /** The next offset of each side. */
  readonly end: Position
  /** The first offset of the source that is another one in the target, as far as this run knows; null: none. */
  readonly changedFrom: number | null
  /** Offsets of the source that came meanwhile. */
  readonly behind: number
}

export interface CopyResult {
  readonly partitions: readonly CopiedPartition[]
  readonly groups: readonly CopiedGroup[]
  readonly verified: readonly Verified[]
}

/** Between two looks at a source that had nothing new. */
const FOLLOW_PAUSE_MS = 1_000

interface CopiedTopic {
  readonly plan: TopicPlan
  readonly partitions: readonly PartitionCopy[]
  /** It was in use at the target, where its own retention and compaction may have taken records. */
  readonly wasInUse: boolean
}

/** Rejects with the stop's reason where it comes before all that was there at the start is copied. */
export async function copyLog(
  ends: CopyEnds,
  plans: readonly TopicPlan[],
  options: CopyOptions,
  events: CopyEvents,
  stop: AbortSignal,
): Promise<CopyResult> {
  const topics = await prepareAll(ends, plans, stop)
  await copyRecords(ends, topics, options, events, stop)
  // Who ends a copy that follows wants it to be whole: from here on the stop is heard no more.
  const heard = options.follow ? undefined : stop
  const behind = await lookAtEnds(ends, topics, heard)
  const copies = topics.flatMap(({ partitions }) => partitions)
  const verified = options.verify ? await verifyAll(ends, topics, options, heard) : []
  const groups = await copyGroups(ends, copies, options.groups, heard)
  await someAtOnce(plans, ASKED_AT_ONCE, heard, (plan, either) => finish(ends, plan, either))
  return { partitions: copies.map((copy) => describe(copy, behind.get(copy) ?? 0)), groups, verified }
}

async function prepareAll(ends: CopyEnds, plans: readonly TopicPlan[], stop: AbortSignal): Promise<CopiedTopic[]> {
  const topics = await someAtOnce(plans, ASKED_AT_ONCE, stop, (plan, either) => prepare(ends, plan, either))
  const { clock, limits } = ends.target
  // Until then records may be taken by the configuration before.
  if (topics.some(({ plan }) => plan.target !== undefined)) await clock.sleep(limits.configDelayMs, stop)
  return topics
}

/** The topic, as it is to be while it is filled, and what it is a copy of. */
async function prepare(ends: CopyEnds, plan: TopicPlan, signal: AbortSignal): Promise<CopiedTopic> {
  const { source, partitions } = plan
  const { target } = ends
  const config = fillingConfig(source, target.limits)
  const { topics } = target.log
  const present = plan.target ?? (await make(ends, source, config, signal))
  const changes = changesTo(config, present)
  const isSmaller = present.partitions < source.partitions
  if (changes !== undefined || isSmaller) {
    const more = isSmaller ? { partitions: source.partitions } : {}
    await topics.alter(source.name, { ...more, ...(changes && { config: changes }) }, { signal })
  }
  const unmarked = partitions.filter(({ isMarked }) => !isMarked)
  const marks = unmarked.map(({ at, start }) => markCommit(at, { topicId: source.id, position: start }))
  await writeMarks(target, marks, signal)
  for (const { at, start } of partitions.filter(({ hasFillers }) => hasFillers)) {
    await target.log.topic(at.topic).deleteRecords(at.partition, { before: start.target, signal })
  }
  const copies = partitions.map(({ at, start }) => new PartitionCopy(ends, at, source.id, start))
  return { plan, partitions: copies, wasInUse: changes !== undefined }
}

/** Another copy of the same may have made it, and be done with it. */
async function make(
  { target }: CopyEnds,
  { name, partitions }: TopicDescription,
  config: TopicConfigInput,
  signal: AbortSignal,
): Promise<TopicDescription> {
  try {
    return await target.log.topics.create(name, { partitions, config }, { signal })
  } catch (error) {
    if (!(error instanceof StratalogError) || error.code !== "topic_conflict") throw error
    const present = await target.log.topics.get(name, { signal })
    if (present.partitions !== partitions) throw error
    return present
  }
}

async function copyRecords(
  ends: CopyEnds,
  topics: readonly CopiedTopic[],
  { follow, atOnce }: CopyOptions,
  events: CopyEvents,
  stop: AbortSignal,
): Promise<void> {
  let wanted = topics.flatMap(({ plan, partitions }) =>
    partitions.map((copy, index) => ({ copy, end: plan.partitions[index]?.source.highWatermark ?? 0 })),
  )
  let hasCaughtUp = false
  try {
    for (;;) {
      const behind = wanted.filter(({ copy, end }) => copy.position.source < end)
      await someAtOnce(behind, atOnce, stop, ({ copy, end }, either) => copy.copyUpTo(end, either, events.step))
      if (!hasCaughtUp) events.caughtUp()
      hasCaughtUp = true
      if (!follow) return
      if (behind.length === 0) await ends.source.clock.sleep(FOLLOW_PAUSE_MS, stop)
      wanted = await sourceEnds(ends, topics, stop)
    }
  } catch (error) {
    if (!(follow && hasCaughtUp && stop.aborted)) throw error
    // That is how a copy that follows ends: with what is there by now.
    const left = (await sourceEnds(ends, topics, undefined)).filter(({ copy, end }) => copy.position.source < end)
    events.ending(left.reduce((sum, { copy, end }) => sum + end - copy.position.source, 0))
    await someAtOnce(left, atOnce, undefined, ({ copy, end }, either) => copy.copyUpTo(end, either, events.step))
  }
}

async function sourceEnds(
  { source }: CopyEnds,
  topics: readonly CopiedTopic[],
  signal: AbortSignal | undefined,
): Promise<{ readonly copy: PartitionCopy; readonly end: number }[]> {
  const wanted: { copy: PartitionCopy; end: number }[] = []
  for (const { plan, partitions } of topics) {
    const offsets = await source.log.topic(plan.source.name).offsets({ signal })
    const ends = new Map(offsets.map(({ partition, highWatermark }) => [partition, highWatermark]))
    for (const copy of partitions) wanted.push({ copy, end: ends.get(copy.at.partition) ?? 0 })
  }
  return wanted
}

/** The target has to end where the copy does, and the source to be the one it was; how far that went on meanwhile. */
async function lookAtEnds(
  ends: CopyEnds,
  topics: readonly CopiedTopic[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<PartitionCopy, number>> {
  for (const { plan, partitions } of topics) {
    for (const { partition, highWatermark } of await ends.target.log.topic(plan.source.name).offsets({ signal })) {
      const copy = partitions[partition]
      if (copy !== undefined && highWatermark !== copy.position.target) await copy.catchUpTo(highWatermark, signal)
    }
    const now = await ends.source.log.topics.get(plan.source.name, { signal })
    if (now.id !== plan.source.id || now.partitions !== plan.source.partitions) throw sourceChanged(plan.source.name)
  }
  const wanted = await sourceEnds(ends, topics, signal)
  return new Map(wanted.map(({ copy, end }) => [copy, Math.max(0, end - copy.position.source)]))
}

async function verifyAll(
  ends: CopyEnds,
  topics: readonly CopiedTopic[],
  { atOnce }: CopyOptions,
  stop: AbortSignal | undefined,
): Promise<Verified[]> {
  const wanted = topics.flatMap(({ partitions, wasInUse }) => partitions.map((copy) => ({ copy, wasInUse })))
  return someAtOnce(wanted, atOnce, stop, ({ copy, wasInUse }, either) => verifyCopy(ends, copy, wasInUse, either))
}

async function finish({ target }: CopyEnds, { source }: TopicPlan, signal: AbortSignal | undefined): Promise<void> {
  const present = await target.log.topics.get(source.name, { signal })
  const config = changesTo(ownConfig(source, target.limits), present)
  if (config !== undefined) await target.log.topics.alter(source.name, { config }, { signal })
}

function describe({ at, records, position, map }: PartitionCopy, behind: number): CopiedPartition {
  return { ...at, records, end: position, changedFrom: map.changedFrom ?? null, behind }
}
