/** How many bytes of a partition's segments lie between two offsets. */
import type { PartitionRef, Unavailable } from "../../log/ports.ts"
import type { SegmentDependencies } from "../dependencies.ts"
import type { Segment } from "../ports.ts"
import { locateSegment } from "./locate-segment.ts"

/** `to` is not past the segments' end. Inside a segment it is as near as its sparse index tells. */
export async function bytesBetween(
  deps: Pick<SegmentDependencies, "index" | "memory">,
  partition: PartitionRef,
  from: number,
  to: number,
): Promise<number | { readonly kind: "missing" } | Unavailable> {
  let bytes = 0
  for (let offset = from; offset < to; ) {
    const found = await locateSegment(deps, partition, offset)
    if (found.kind === "none") return { kind: "missing" }
    if (found.kind === "unavailable") return found
    bytes += bytesBefore(found.segment, to) - bytesBefore(found.segment, offset)
    offset = found.segment.endOffset
  }
  return bytes
}

function bytesBefore({ endOffset, bytes, points }: Segment, offset: number): number {
  if (offset >= endOffset) return bytes
  return points.findLast((point) => point.offset <= offset)?.position ?? 0
}
