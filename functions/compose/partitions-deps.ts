import type { IndexSizes, PartitionsDeps } from "../partitions/dependencies.ts"
import type { PartitionIndex } from "../partitions/ports.ts"
import type { ObjectStore, SegmentIndex } from "../segments/ports.ts"
import { partitionIds } from "./partition-ids.ts"
import { clock, meetingDeps } from "./process-parts.ts"
import { segmentMemory, segmentReader } from "./segment-reader.ts"
import type { ServiceOptions } from "./service-options.ts"

export interface PartitionStorage {
  readonly index: PartitionIndex
  /** What entries and heads take in that index. */
  readonly sizes: IndexSizes
  readonly segments: SegmentIndex
  readonly objects: ObjectStore
}

/** What all parts of the append protocol work with. */
export function partitionsDeps(
  { index, sizes, objects, segments }: PartitionStorage,
  { codecs: { crc32c }, settings, nudges }: Pick<ServiceOptions, "codecs" | "settings" | "nudges">,
): PartitionsDeps {
  return {
    ...meetingDeps(settings),
    index,
    sizes,
    objects,
    segments: segmentReader({ index: segments, objects, crc32c, memory: segmentMemory() }),
    crc32c,
    clock,
    ids: partitionIds(),
    ...(nudges && { nudges }),
  }
}
