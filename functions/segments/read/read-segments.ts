/** Reads the part of a partition that lies in segments. */
import type { PartitionRef, ReadRequest, StoredBatch, Unavailable } from "../../log/ports.ts"
import type { SegmentDependencies } from "../dependencies.ts"
import type { FindSegmentOutcome, Segment } from "../ports.ts"
import { blocksToRead, NOTHING_SELECTED, select } from "./decide.ts"
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
 * An answer that is at least half full is given at once: the rest would cost another request.
 */
export async function readSegments(
  deps: SegmentDependencies,
  partition: PartitionRef,
  request: ReadRequest,
  upTo: number,
): Promise<ReadSegmentsOutcome> {
  let selected = NOTHING_SELECTED
  let offset = request.offset
  while (offset < upTo) {
    const left = { ...request, offset, maxBytes: request.maxBytes - selected.bytes }
    const piece = await readPiece(deps, partition, left, upTo)
    if (piece.kind !== "batches") return selected.batches.length > 0 ? given(selected.batches) : piece
    selected = select(selected, piece.batches, request, upTo)
    offset = piece.nextOffset
    const enough =
      selected.bytes * 2 >= request.maxBytes ||
      offset - request.offset >= (request.maxRecords ?? Number.POSITIVE_INFINITY)
    if (selected.full || (selected.batches.length > 0 && enough)) return given(selected.batches)
  }
  return selected.batches.length > 0 ? given(selected.batches) : { kind: "missing", offset: request.offset }
}

function given(batches: readonly StoredBatch[]): ReadSegmentsOutcome {
  return { kind: "batches", batches }
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
