/** Composes what manages topics and groups: it needs the index alone, and no object. */
import { randomUUID } from "node:crypto"
import type { ContentCodecs } from "stratalog/record-batch"
import type { GroupStore } from "../groups/ports.ts"
import type { AdminDependencies } from "../http/dependencies.ts"
import type { PartitionRef } from "../log/ports.ts"
import { createIndexedControl } from "../partitions/indexed-log.ts"
import type { ControlIndex } from "../partitions/ports.ts"
import type { SegmentIndex } from "../segments/ports.ts"
import { bytesBetween } from "../segments/read/bytes-between.ts"
import type { UpkeepRecords } from "../segments/upkeep/records.ts"
import type { TopicStore } from "../topics/ports.ts"
import { clock, meetingDeps, rememberedTopics } from "./process-parts.ts"
import { segmentMemory } from "./segment-reader.ts"
import type { ServiceOptions } from "./service-options.ts"

export interface AdminStorage {
  readonly index: ControlIndex
  readonly segments: Pick<SegmentIndex, "find" | "list">
  readonly topics: TopicStore
  readonly groups: GroupStore
  readonly upkeepRecords: UpkeepRecords
}

export function adminService(
  storage: AdminStorage,
  options: Omit<ServiceOptions, "codecs"> & { readonly codecs: ContentCodecs },
): AdminDependencies {
  const { limits, codecs, version } = options
  const known = { index: storage.segments, memory: segmentMemory() }
  const segments = {
    bytesBetween: (partition: PartitionRef, from: number, to: number) => bytesBetween(known, partition, from, to),
  }
  return {
    log: createIndexedControl({ ...meetingDeps(options.settings), index: storage.index, segments }),
    topics: rememberedTopics(storage.topics, limits),
    groups: storage.groups,
    upkeepRecords: storage.upkeepRecords,
    limits,
    codecs,
    version,
    clock,
    sessionClock: clock,
    topicIds: { next: randomUUID },
    // Appends are made elsewhere; whoever makes one learns whether it can be.
    health: () => ({ kind: "ok" }),
  }
}
