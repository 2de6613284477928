/** Reads the part of a partition that lies in segments. */
import type { PartitionRef, ReadRequest, StoredBatch, Unavailable } from "../../log/ports.ts"
import type { SegmentDependencies } from "../dependencies.ts"
import type { FindSegmentOutcome, Segment } from "../ports.ts"
import { blocksToRead, select } from "./decide.ts"
import { corrupt, loadBlocks } from "./load-blocks.ts"
import { findSegment, locateSegment } from "./locate-segment.ts"
import type { LoadedBlock } from "./segment-memory.ts"

export type SegmentsFailure =
  /** No segment holds this offset. Only a log start that moved explains it: read the watermarks again. */
  | { readonly kind: "missing"; readonly offset: number }
  | { readonly kind: "corrupt"; readonly where: string; readonly detail: string }
  | Unavailable

export type ReadSegmentsOutcome =
  /** At least one. The first holds the offset or, where compaction removed that, is the next. */
  { readonly kind: "batches"; readonly batches: readonly StoredBatch[] } | SegmentsFailure

/** How often a read follows segments that are replaced under it. */
const MAX_LOOKS = 5

/**
 * `upTo`: where the recent part begins (`tieredTo`), greater than the offset; no batch from there on is given.
 * What one segment gives is the answer, however little: going on into the next would cost another look at the index.
 */
export async function readSegments(
  deps: SegmentDependencies,
  partition: PartitionRef,
  request: ReadRequest,
  upTo: number,
): Promise<ReadSegmentsOutcome> {
  let { offset } = request
  while (offset < upTo) {
    const piece = await readPiece(deps, partition, { ...request, offset }, upTo)
    if (piece.kind !== "batches") return piece
    const batches = select(piece.batches, request, upTo)
    if (batches.length > 0) return { kind: "batches", batches }
    offset = piece.nextOffset
  }
  return { kind: "missing", offset: request.offset }
}

type PieceOutcome =
  | { readonly kind: "batches"; readonly batches: readonly StoredBatch[]; readonly nextOffset: number }
  | SegmentsFailure

/** Of the one segment that holds the offset; nothing where the last offsets of its blocks were compacted away. */
async function readPiece(
  deps: SegmentDependencies,
  partition: PartitionRef,
  request: ReadRequest,
  upTo: number,
): Promise<PieceOutcome> {
  const { offset } = request
  let located = await locateSegment(deps, partition, offset)
  for (let look = 0; look < MAX_LOOKS; look++) {
    if (located.kind === "none") return { kind: "missing", offset }
    if (located.kind !== "segment") return located
    const { segment } = located
    const blocks = blocksToRead(segment, request, upTo)
    const loaded = await loadBlocks(deps, segment, blocks)
    if (loaded.kind !== "object_missing") return pieceOf(loaded, blocks.at(-1)?.endOffset ?? upTo)
    const again = await lookAgain(deps, partition, offset, segment)
    if (again.kind === "corrupt") return again
    located = again
  }
  return {
    kind: "unavailable",
    reason: "storage_failed",
    sideEffects: "none",
    detail: `The segment at offset ${offset} was replaced ${MAX_LOOKS} times while it was read.`,
  }
}

function pieceOf(loaded: Exclude<LoadedBlock | Unavailable, { kind: "object_missing" }>, nextOffset: number) {
  return loaded.kind === "batches" ? { ...loaded, nextOffset } : loaded
}

/** The object of `missed` is gone: a segment in its place explains that, or none; the same entry does not. */
export async function lookAgain(
  deps: SegmentDependencies,
  partition: PartitionRef,
  offset: number,
  missed: Segment,
): Promise<FindSegmentOutcome | Extract<SegmentsFailure, { kind: "corrupt" }>> {
  deps.memory.forget(partition, missed)
  const again = await findSegment(deps, partition, offset, offset)
  if (again.kind !== "segment" || again.segment.objectKey !== missed.objectKey) return again
  deps.memory.forget(partition, missed)
  // An entry that landed after a merge took its place may name an object that was swept since.
  const below = await findSegment(deps, partition, offset, missed.baseOffset - 1)
  return below.kind === "none" ? corrupt(missed, 0, "the object is missing, though the index names it") : below
}
