/** Composes what reads records: it writes nothing. */
import type { FetchDependencies } from "../log/dependencies.ts"
import { createIndexedReads } from "../partitions/indexed-log.ts"
import type { ReadIndex } from "../partitions/ports.ts"
import type { ObjectStore, SegmentIndex } from "../segments/ports.ts"
import type { TopicStore } from "../topics/ports.ts"
import { meetingDeps, rememberedTopics } from "./process-parts.ts"
import { segmentMemory, segmentReader } from "./segment-reader.ts"
import type { ServiceOptions } from "./service-options.ts"

export interface FetchStorage {
  readonly index: ReadIndex
  readonly segments: Pick<SegmentIndex, "find" | "list">
  readonly objects: Pick<ObjectStore, "get">
  readonly topics: TopicStore
}

export function fetchService(storage: FetchStorage, options: ServiceOptions): FetchDependencies {
  const { limits, codecs } = options
  const { crc32c } = codecs
  const { index, objects } = storage
  const segments = segmentReader({ index: storage.segments, objects, crc32c, memory: segmentMemory() })
  return {
    log: createIndexedReads({ ...meetingDeps(options.settings), index, objects, segments, crc32c }),
    topics: rememberedTopics(storage.topics, limits),
    codecs,
    limits,
  }
}
