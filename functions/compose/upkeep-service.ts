/** Composes upkeep alone: it appends nothing. */
import { createIndexedControl, createIndexedReads } from "../partitions/indexed-log.ts"
import type { TopicStore } from "../topics/ports.ts"
import { indexedUpkeep, type Upkeep } from "./indexed-upkeep.ts"
import { type PartitionStorage, partitionsDeps } from "./partitions-deps.ts"
import type { ServiceOptions } from "./service-options.ts"

export interface UpkeepStorage extends PartitionStorage {
  readonly topics: Pick<TopicStore, "list">
}

export function upkeepService(
  storage: UpkeepStorage,
  { codecs, settings = {} }: Pick<ServiceOptions, "codecs" | "settings">,
): Upkeep {
  const partitions = partitionsDeps(storage, { codecs, settings })
  const log = { ...createIndexedReads(partitions), ...createIndexedControl(partitions) }
  return indexedUpkeep({ partitions, log, codecs, topics: storage.topics, segments: storage.segments })
}
