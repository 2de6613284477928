/** Upkeep of a log over an index and objects: of every partition, and of what deleted topics leave. */
import { randomUUID } from "node:crypto"
import type { BatchCodecs } from "stratalog/record-batch"
import { keyHash } from "../codecs/key-hash.ts"
import type { PartitionLog, PartitionRef, Unavailable } from "../log/ports.ts"
import type { PartitionsDeps } from "../partitions/dependencies.ts"
import { createRecentLog } from "../partitions/recent-log.ts"
import { purgeTopic as purgeRecent } from "../partitions/sweep/purge-topic.ts"
import { sweepPlaced } from "../partitions/sweep/sweep-placed.ts"
import { type UpkeepDependencies, type UpkeepSettings, upkeepDefaults } from "../segments/dependencies.ts"
import type { UpkeepFailure } from "../segments/failures.ts"
import type { SegmentIndex } from "../segments/ports.ts"
import { purgeTopic as purgeSegments } from "../segments/sweep/purge.ts"
import { emptyReport, type UpkeepReport } from "../segments/upkeep/report.ts"
import { type UpkeepCursor, type UpkeepRun, upkeepAll } from "../segments/upkeep/upkeep-all.ts"
import type { UpkeepOptions } from "../segments/upkeep/upkeep-partition.ts"
import { upkeepSome } from "../segments/upkeep/upkeep-some.ts"
import type { TopicStore } from "../topics/ports.ts"

/** As many partitions as there is time for, from the cursor on. Two at once do no harm, and half of the work twice. */
export type Upkeep = (options: UpkeepOptions, cursor?: UpkeepCursor) => Promise<UpkeepRun>

/** These partitions alone, each once; nothing is begun after `until`, epoch milliseconds. */
export type UpkeepSome = (partitions: readonly PartitionRef[], until: number) => Promise<UpkeepReport>

export interface IndexedUpkeep {
  readonly upkeep: Upkeep
  readonly upkeepSome: UpkeepSome
}

export interface IndexedUpkeepParts {
  readonly partitions: PartitionsDeps
  readonly segments: SegmentIndex
  readonly log: Pick<PartitionLog, "moveLogStart" | "describe" | "findByTimestamp">
  readonly topics: Pick<TopicStore, "list">
  readonly codecs: BatchCodecs
  readonly settings?: Partial<UpkeepSettings>
}

const MAX_REMOVALS = 1_000

export function indexedUpkeep(parts: IndexedUpkeepParts): IndexedUpkeep {
  const { partitions, segments, log, topics, codecs } = parts
  const { objects, clock } = partitions
  const settings = { ...upkeepDefaults, ...parts.settings }
  const deps: UpkeepDependencies = {
    objects,
    index: segments,
    recent: createRecentLog(partitions),
    log,
    codecs,
    keyHash,
    uniqueName: randomUUID,
    sweepRecent: (partition) => {
      const placedBefore = clock.now() - settings.graceMs
      return sweepPlaced(partitions, partition, { placedBefore, maxRemovals: MAX_REMOVALS })
    },
    clock,
    settings,
  }
  const upkeep: Upkeep = async (options, cursor) => {
    const purged = emptyReport()
    // First, and once a round: behind all partitions there may be no time left, in this round and in every other.
    if (options.sweep && cursor === undefined) await purgeDeletedTopics(deps, partitions, options.until, purged)
    const run = await upkeepAll(deps, topics, options, cursor)
    run.report.sweptObjects += purged.sweptObjects
    run.report.failures.unshift(...purged.failures)
    return run
  }
  return { upkeep, upkeepSome: (some, until) => upkeepSome(deps, topics, some, until) }
}

/** Of one sweep, if there is time. */
const TOPICS = 500

/**
 * A topic is forgotten by the first sweep that finds nothing left of it: whatever was under way when it was deleted has
 * landed by then, as sweeps are hours apart.
 */
async function purgeDeletedTopics(
  deps: UpkeepDependencies,
  partitions: PartitionsDeps,
  until: number,
  report: UpkeepReport,
): Promise<void> {
  const deleted = await partitions.index.deletedTopics(TOPICS)
  if (deleted.kind === "unavailable") return
  for (const topicId of deleted.topicIds) {
    if (deps.clock.now() >= until) return
    const failure = await purge(deps, partitions, topicId, report)
    if (failure !== undefined) report.failures.push({ partition: { topicId, partition: 0 }, step: "sweep", failure })
  }
}

async function purge(
  deps: UpkeepDependencies,
  partitions: PartitionsDeps,
  topicId: string,
  report: UpkeepReport,
): Promise<UpkeepFailure | Unavailable | undefined> {
  const topic = await partitions.index.topicPartitions(topicId)
  if (topic.kind === "unavailable") return topic
  const count = topic.kind === "partitions" ? topic.count : 0
  let found = 0
  for (let more = true; more; ) {
    const purged = await purgeSegments(deps, { topicId, partitions: count })
    if (purged.kind !== "purged") return purged
    found += purged.found
    more = purged.more
  }
  report.sweptObjects += found
  const rest = await purgeRecent(partitions, topicId, found > 0)
  return rest.kind === "unavailable" ? rest : undefined
}
