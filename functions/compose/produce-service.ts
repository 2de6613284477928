/** Composes what appends records: it reads none, and removes nothing. */
import type { ProduceDependencies } from "../http/dependencies.ts"
import type { AppendDeps, IndexSizes } from "../partitions/dependencies.ts"
import { createIndexedAppends } from "../partitions/indexed-log.ts"
import type { AppendIndex } from "../partitions/ports.ts"
import type { ProducerIds } from "../producers/ports.ts"
import type { ObjectStore } from "../segments/ports.ts"
import type { TopicStore } from "../topics/ports.ts"
import { partitionIds } from "./partition-ids.ts"
import { clock, meetingDeps, partitionTurns, rememberedTopics } from "./process-parts.ts"
import type { ServiceOptions } from "./service-options.ts"

export interface ProduceStorage {
  readonly index: AppendIndex
  /** What entries and heads take in that index. */
  readonly sizes: IndexSizes
  readonly objects: Pick<ObjectStore, "put">
  readonly topics: TopicStore
  readonly producers: ProducerIds
}

export function produceService(storage: ProduceStorage, options: ServiceOptions): ProduceDependencies {
  const { limits, codecs, nudges } = options
  const partitions: AppendDeps = {
    ...meetingDeps(options.settings),
    index: storage.index,
    sizes: storage.sizes,
    objects: storage.objects,
    crc32c: codecs.crc32c,
    clock,
    ids: partitionIds(),
    ...(nudges && { nudges }),
  }
  return {
    log: createIndexedAppends(partitions),
    topics: rememberedTopics(storage.topics, limits),
    producers: storage.producers,
    clock,
    codecs,
    limits,
    pickPartition: partitionTurns(limits),
  }
}
