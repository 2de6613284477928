/** The segments of an index as the old part of partitions. */
import type { PartitionRef } from "../../log/ports.ts"
import type { SegmentDependencies } from "../../segments/dependencies.ts"
import type { Segment } from "../../segments/ports.ts"
import { findInSegments } from "../../segments/read/find-by-timestamp.ts"
import { findSegment } from "../../segments/read/locate-segment.ts"
import { readSegments } from "../../segments/read/read-segments.ts"
import type { SegmentReader } from "./segment-reader.ts"

export function segmentReaderOf(deps: SegmentDependencies): SegmentReader {
  return {
    read: (partition, request, tieredTo) => readSegments(deps, partition, request, tieredTo),
    findByTimestamp: (partition, from, timestamp, tieredTo) =>
      findInSegments(deps, partition, { from, timestamp, upTo: tieredTo }),
    bytesBetween: (partition, from, to) => bytesBetween(deps, partition, from, to),
  }
}

async function bytesBetween(
  deps: SegmentDependencies,
  partition: PartitionRef,
  from: number,
  to: number,
): ReturnType<SegmentReader["bytesBetween"]> {
  let bytes = 0
  for (let offset = from; offset < to; ) {
    const found = await findSegment(deps, partition, offset, offset)
    if (found.kind === "none") return { kind: "missing" }
    if (found.kind === "unavailable") return found
    const { segment } = found
    bytes += positionOf(segment, to) - positionOf(segment, offset)
    offset = segment.endOffset
  }
  return bytes
}

/** Where this offset lies in the segment, bytes; the sparse index's nearest point below it. */
function positionOf({ points, bytes, endOffset }: Segment, offset: number): number {
  if (offset >= endOffset) return bytes
  return points.findLast((point) => point.offset <= offset)?.position ?? 0
}
