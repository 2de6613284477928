/** Composes the log over an index and objects, and the API's dependencies on top. Any storage of these ports will do. */
import { randomUUID } from "node:crypto"
import type { Limits } from "stratalog/protocol"
import type { BatchCodecs } from "stratalog/record-batch"
import type { GroupStore } from "../groups/ports.ts"
import type { ApiDependencies } from "../http/dependencies.ts"
import {
  defaultSettings,
  type IndexSizes,
  type PartitionSettings,
  type PartitionsDeps,
} from "../partitions/dependencies.ts"
import { createIndexedLog } from "../partitions/indexed-log.ts"
import type { PartitionIndex } from "../partitions/ports.ts"
import type { ProducerIds } from "../producers/ports.ts"
import type { UpkeepSettings } from "../segments/dependencies.ts"
import type { ObjectStore, SegmentIndex } from "../segments/ports.ts"
import { SegmentMemory } from "../segments/read/segment-memory.ts"
import type { UpkeepRecords } from "../segments/upkeep/records.ts"
import { cachedTopics } from "../topics/cached-topics.ts"
import type { TopicStore } from "../topics/ports.ts"
import { indexedUpkeep, type Upkeep } from "./indexed-upkeep.ts"
import { partitionIds } from "./partition-ids.ts"
import { segmentReader } from "./segment-reader.ts"
import { storageHealth } from "./storage-health.ts"
import { timer } from "./timer.ts"
import { watchedLog } from "./watched-log.ts"

export interface IndexedStorage {
  readonly index: PartitionIndex
  /** What entries and heads take in that index. */
  readonly sizes: IndexSizes
  readonly segments: SegmentIndex
  readonly objects: ObjectStore
  readonly topics: TopicStore
  readonly groups: GroupStore
  readonly producers: ProducerIds
  readonly upkeepRecords: UpkeepRecords
}

export interface ServiceOptions {
  readonly limits: Limits
  readonly codecs: BatchCodecs
  readonly version: string
  readonly settings?: Partial<PartitionSettings>
  /** What upkeep does otherwise than by default. */
  readonly upkeep?: Partial<UpkeepSettings>
}

export interface IndexedService {
  readonly deps: ApiDependencies
  readonly upkeep: Upkeep
}

/** Memory for what was read from segments: entries of their index, and batches, bytes. */
const SEGMENT_MEMORY = { segments: 16 * 1024 * 1024, blocks: 64 * 1024 * 1024 }

export function indexedService(storage: IndexedStorage, options: ServiceOptions): IndexedService {
  const { limits, codecs, version } = options
  const clock = { now: Date.now }
  const { crc32c } = codecs
  const { objects, groups, producers, upkeepRecords } = storage
  const topics = cachedTopics(storage.topics, { ttlMs: limits.configDelayMs, clock })
  const memory = new SegmentMemory(SEGMENT_MEMORY)
  const partitions: PartitionsDeps = {
    index: storage.index,
    sizes: storage.sizes,
    objects,
    segments: segmentReader({ index: storage.segments, objects, crc32c, memory }),
    crc32c,
    clock,
    timer,
    ids: partitionIds(),
    random: Math.random,
    settings: { ...defaultSettings, ...options.settings },
  }
  const health = storageHealth()
  const indexed = createIndexedLog(partitions)
  const log = watchedLog(indexed, health)
  // Functions begin often and end soon: they should not all begin with the first partition.
  let turn = Math.floor(Math.random() * limits.maxPartitions)
  const deps: ApiDependencies = {
    log,
    topics,
    groups,
    producers,
    upkeepRecords,
    codecs,
    limits,
    version,
    clock,
    // Many processes share the sessions, and the monotonic clock of a frozen one stands still.
    sessionClock: clock,
    topicIds: { next: randomUUID },
    pickPartition: (count) => turn++ % count,
    health: health.check,
  }
  return {
    deps,
    upkeep: indexedUpkeep({
      partitions,
      log: indexed,
      codecs,
      topics: storage.topics,
      segments: storage.segments,
      ...(options.upkeep && { settings: options.upkeep }),
    }),
  }
}
