/** Composes the log over an index and objects, and the API's dependencies on top. Any storage of these ports will do. */
import type { ApiDependencies } from "../http/dependencies.ts"
import { createIndexedLog } from "../partitions/indexed-log.ts"
import type { UpkeepSettings } from "../segments/dependencies.ts"
import { type ApiStorage, apiDependencies } from "./api-dependencies.ts"
import { type IndexedUpkeep, indexedUpkeep } from "./indexed-upkeep.ts"
import { type PartitionStorage, partitionsDeps } from "./partitions-deps.ts"
import type { ServiceOptions } from "./service-options.ts"

export interface IndexedStorage extends PartitionStorage, ApiStorage {}

export interface IndexedOptions extends ServiceOptions {
  /** What upkeep does otherwise than by default. */
  readonly upkeep?: Partial<UpkeepSettings>
}

export interface IndexedService extends IndexedUpkeep {
  readonly deps: ApiDependencies
}

export function indexedService(storage: IndexedStorage, options: IndexedOptions): IndexedService {
  const partitions = partitionsDeps(storage, options)
  const log = createIndexedLog(partitions)
  const { topics, segments } = storage
  const settings = options.upkeep && { settings: options.upkeep }
  return {
    deps: apiDependencies(log, storage, options),
    ...indexedUpkeep({ partitions, log, codecs: options.codecs, topics, segments, ...settings }),
  }
}
