/** A log in the pieces in which it expires, oldest first. */
import type { PartitionRef } from "../../log/ports.ts"
import type { UpkeepDependencies } from "../dependencies.ts"
import type { UpkeepFailure } from "../failures.ts"
import { type Piece, pieceOf } from "./decide.ts"

/** Nearly always the first piece says that nothing expired, so that the first page holds one alone; each next one is larger. */
const FIRST_PAGE = 1
const PAGE_GROWTH = 8
const SEGMENTS_PAGE = 64
const STRETCHES_PAGE = 512

type Dependencies = Pick<UpkeepDependencies, "index" | "recent">

/** Those that end after `from`; the last of them may be followed by what is in no stretch yet. A failure ends them. */
export async function* piecesOf(
  deps: Dependencies,
  partition: PartitionRef,
  from: number,
): AsyncGenerator<Piece | UpkeepFailure> {
  const found = await deps.recent.state(partition)
  if (found.kind !== "state") {
    yield found
    return
  }
  const { tieredTo } = found.state
  for await (const piece of segmentPieces(deps, partition, from, tieredTo)) {
    yield piece
    if ("kind" in piece) return
  }
  yield* recentPieces(deps, partition, Math.max(from, tieredTo))
}

async function* segmentPieces(
  { index }: Dependencies,
  partition: PartitionRef,
  from: number,
  tieredTo: number,
): AsyncGenerator<Piece | UpkeepFailure> {
  let reached = from
  let next = 0
  let limit = FIRST_PAGE
  for (let more = true; more; limit = Math.min(limit * PAGE_GROWTH, SEGMENTS_PAGE)) {
    const page = await index.list(partition, next, limit)
    if (page.kind !== "segments") {
      yield page
      return
    }
    for (const segment of page.segments) {
      next = segment.baseOffset + 1
      if (segment.endOffset <= reached) continue
      if (segment.baseOffset >= tieredTo) return
      reached = segment.endOffset
      yield pieceOf(segment, segment.createdAt)
    }
    more = page.more
  }
}

async function* recentPieces(
  { recent }: Dependencies,
  partition: PartitionRef,
  from: number,
): AsyncGenerator<Piece | UpkeepFailure> {
  let next = from
  let limit = FIRST_PAGE
  for (let more = true; more; limit = Math.min(limit * PAGE_GROWTH, STRETCHES_PAGE)) {
    const page = await recent.stretches(partition, next, limit)
    if (page.kind !== "stretches") {
      yield page
      return
    }
    for (const stretch of page.stretches) {
      next = stretch.endOffset
      yield pieceOf(stretch, stretch.storedAt)
    }
    more = page.more && page.stretches.length > 0
  }
}
