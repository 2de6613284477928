/** Looks through the segments of a partition for a time. */
import type { PartitionRef, StoredBatch } from "../../log/ports.ts"
import type { SegmentDependencies } from "../dependencies.ts"
import type { Segment } from "../ports.ts"
import { type Block, blockAt, blockOfOffset, blockOfTimestamp } from "../segment/blocks.ts"
import { corrupt, loadBlocks } from "./load-blocks.ts"
import { findSegment } from "./locate-segment.ts"
import type { SegmentsFailure } from "./read-segments.ts"
import type { LoadedBlock } from "./segment-memory.ts"

export type FindInSegmentsOutcome =
  | { readonly kind: "batch"; readonly batch: StoredBatch }
  | { readonly kind: "none" }
  | SegmentsFailure

/** The offsets to look through, from `from` to before `upTo` (`tieredTo`), and what for. */
export interface TimestampSearch {
  readonly timestamp: number
  readonly from: number
  readonly upTo: number
}

/** Entries of the index that are read at once. */
const PAGE = 64

/** The first batch that reaches `from` whose maximum timestamp is at or after the asked one. */
export async function findInSegments(
  deps: SegmentDependencies,
  partition: PartitionRef,
  { timestamp, from, upTo }: TimestampSearch,
): Promise<FindInSegmentsOutcome> {
  let cursor = from
  let missed: Segment | undefined
  while (cursor < upTo) {
    const page = await segmentsFrom(deps, partition, cursor)
    if (page.kind !== "segments") return page
    const before: { cursor: number; missed: Segment | undefined } = { cursor, missed }
    for (const segment of page.segments) {
      if (segment.endOffset <= cursor) continue
      if (segment.baseOffset > cursor || cursor >= upTo) break
      const found = await searchSegment(deps, segment, { timestamp, from: cursor, upTo })
      if (found.kind === "object_missing") {
        if (missed?.objectKey === segment.objectKey)
          return corrupt(segment, 0, "the object is missing, though the index names it")
        missed = segment
        break
      }
      if (found.kind !== "none") return found
      cursor = segment.endOffset
    }
    if (cursor === before.cursor && missed === before.missed) return { kind: "missing", offset: cursor }
  }
  return { kind: "none" }
}

/** The one that holds the offset and those after it. */
async function segmentsFrom(
  deps: SegmentDependencies,
  partition: PartitionRef,
  offset: number,
): Promise<{ readonly kind: "segments"; readonly segments: readonly Segment[] } | SegmentsFailure> {
  const first = await findSegment(deps, partition, offset, offset)
  if (first.kind === "none") return { kind: "missing", offset }
  if (first.kind !== "segment") return first
  const following = await deps.index.list(partition, first.segment.baseOffset + 1, PAGE)
  if (following.kind !== "segments") return following
  return { kind: "segments", segments: [first.segment, ...following.segments] }
}

/** Block by block: the first that can hold the time nearly always does. */
async function searchSegment(
  deps: SegmentDependencies,
  segment: Segment,
  { timestamp, from, upTo }: TimestampSearch,
): Promise<FindInSegmentsOutcome | Extract<LoadedBlock, { kind: "object_missing" }>> {
  if (segment.maxTimestamp < timestamp) return { kind: "none" }
  let index = Math.max(blockOfTimestamp(segment, timestamp), blockOfOffset(segment, from))
  for (;;) {
    const block: Block | undefined = blockAt(segment, index)
    if (block === undefined || block.offset >= upTo) return { kind: "none" }
    const loaded = await loadBlocks(deps, segment, [block])
    if (loaded.kind !== "batches") return loaded
    const batch = loaded.batches.find(
      (candidate) =>
        candidate.maxTimestamp >= timestamp &&
        candidate.baseOffset + candidate.recordCount > from &&
        candidate.baseOffset < upTo,
    )
    if (batch !== undefined) return { kind: "batch", batch }
    index++
  }
}
