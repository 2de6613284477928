import type { SegmentReader } from "../partitions/read/segment-reader.ts"
import type { SegmentDependencies } from "../segments/dependencies.ts"
import { bytesBetween } from "../segments/read/bytes-between.ts"
import { findInSegments } from "../segments/read/find-by-timestamp.ts"
import { readSegments } from "../segments/read/read-segments.ts"
import { SegmentMemory } from "../segments/read/segment-memory.ts"

/** Segments, as the append protocol's log reads them. */
export function segmentReader(deps: SegmentDependencies): SegmentReader {
  return {
    read: (partition, request, tieredTo) => readSegments(deps, partition, request, tieredTo),
    findByTimestamp: (partition, from, timestamp, upTo) => findInSegments(deps, partition, { from, timestamp, upTo }),
    bytesBetween: (partition, from, to) => bytesBetween(deps, partition, from, to),
  }
}

const MiB = 1024 * 1024

/** What a process remembers of segments, one for all of its partitions: entries of their index, and batches, bytes. */
export function segmentMemory(): SegmentMemory {
  return new SegmentMemory({ segments: 16 * MiB, blocks: 64 * MiB })
}
