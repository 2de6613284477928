import { randomUUID } from "node:crypto"
import type { GroupStore } from "../groups/ports.ts"
import type { ApiDependencies } from "../http/dependencies.ts"
import type { PartitionLog } from "../log/ports.ts"
import type { ProducerIds } from "../producers/ports.ts"
import type { UpkeepRecords } from "../segments/upkeep/records.ts"
import type { TopicStore } from "../topics/ports.ts"
import { clock, partitionTurns, rememberedTopics } from "./process-parts.ts"
import type { ServiceOptions } from "./service-options.ts"
import { storageHealth } from "./storage-health.ts"
import { watchedLog } from "./watched-log.ts"

export interface ApiStorage {
  readonly topics: TopicStore
  readonly groups: GroupStore
  readonly producers: ProducerIds
  readonly upkeepRecords: UpkeepRecords
}

/** What all of the API works with, over any storage. */
export function apiDependencies(
  log: PartitionLog,
  { topics, groups, producers, upkeepRecords }: ApiStorage,
  { limits, codecs, version }: ServiceOptions,
): ApiDependencies {
  const health = storageHealth()
  return {
    log: watchedLog(log, health),
    topics: rememberedTopics(topics, limits),
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
    pickPartition: partitionTurns(limits),
    health: health.check,
  }
}
