/** The append protocol over an index and objects in memory; `storage` has the rest. */
import type { IndexedStorage } from "../../functions/compose/indexed-service.ts"
import { indexSizes } from "../../functions/storage/aws/dynamodb/index-sizes.ts"
import { MemoryObjectStore } from "./memory-object-store.ts"
import { createMemoryPartitionIndex } from "./memory-partition-index.ts"
import { createMemorySegmentIndex } from "./memory-segment-index.ts"
import type { TemporaryStorage } from "./temporary-storage.ts"

export function indexedInMemory(storage: TemporaryStorage): IndexedStorage {
  const index = createMemoryPartitionIndex()
  const segments = createMemorySegmentIndex()
  return { ...storage, index, segments, sizes: indexSizes, objects: new MemoryObjectStore() }
}
