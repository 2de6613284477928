/** A segment from the batches that it shall hold: a Kafka `.log` file and the entry that finds them in it. */
import type { Crc32c } from "stratalog/record-batch"
import type { StoredBatch } from "../../log/ports.ts"
import type { Segment } from "../ports.ts"
import { SparsePoints } from "./sparse-points.ts"

export interface SegmentPlace
  extends Pick<Segment, "baseOffset" | "endOffset" | "objectKey" | "createdAt" | "compactedTo" | "version"> {}

export interface BuiltSegment {
  readonly segment: Segment
  /** The object, in pieces: the batches' own bytes, not copied. */
  readonly parts: readonly Uint8Array[]
}

/** `batches` ascend and lie within the place; the last one ends where it ends. */
export function buildSegment(batches: readonly StoredBatch[], place: SegmentPlace, crc32c: Crc32c): BuiltSegment {
  const points = new SparsePoints()
  const parts: Uint8Array[] = []
  let bytes = 0
  let crc = 0
  for (const batch of batches) {
    points.add(batch.baseOffset, bytes, batch.maxTimestamp)
    parts.push(batch.bytes)
    bytes += batch.bytes.length
    crc = crc32c(batch.bytes, crc)
  }
  return {
    segment: { ...place, bytes, crc32c: crc, maxTimestamp: points.maxTimestamp, points: points.points() },
    parts,
  }
}
