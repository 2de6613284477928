/** Composes upkeep alone: it appends nothing. */
import { createIndexedControl, createIndexedReads } from "../partitions/indexed-log.ts"
import type { TopicStore } from "../topics/ports.ts"
import type { IndexedOptions } from "./indexed-service.ts"
import { type IndexedUpkeep, indexedUpkeep } from "./indexed-upkeep.ts"
import { type PartitionStorage, partitionsDeps } from "./partitions-deps.ts"

export interface UpkeepStorage extends PartitionStorage {
  readonly topics: Pick<TopicStore, "list">
}

export function upkeepService(
  storage: UpkeepStorage,
  { codecs, settings = {}, upkeep }: Pick<IndexedOptions, "codecs" | "settings" | "upkeep">,
): IndexedUpkeep {
  const partitions = partitionsDeps(storage, { codecs, settings })
  const log = { ...createIndexedReads(partitions), ...createIndexedControl(partitions) }
  const { topics, segments } = storage
  return indexedUpkeep({ partitions, log, codecs, topics, segments, ...(upkeep && { settings: upkeep }) })
}
