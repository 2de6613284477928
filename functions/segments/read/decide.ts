/** Which blocks of a segment a read takes, and in which requests they are fetched. */
import type { ReadRequest, StoredBatch } from "../../log/ports.ts"
import type { Segment } from "../ports.ts"
import { type Block, blockAt, blockOfOffset } from "../segment/blocks.ts"

/**
 * Bytes of one request: what a fetch of a megabyte takes with the rest of its last block. A longer one would be cheaper by
 * the byte, but several at once are quicker.
 */
const GET_BYTES = 1.5 * 1024 * 1024

/**
 * The blocks from the one that holds the offset on, as far as their bytes and offsets can be part of the answer. A block
 * more for what the first one holds before the offset is not worth its bytes: the next read begins there.
 */
export function blocksToRead(segment: Segment, request: ReadRequest, upTo: number): readonly Block[] {
  const { offset, maxBytes, maxRecords = Number.POSITIVE_INFINITY } = request
  const blocks: Block[] = []
  let index = blockOfOffset(segment, offset)
  for (;;) {
    const block = blockAt(segment, index)
    if (block === undefined || block.offset >= upTo) return blocks
    const first = blocks[0]
    if (first !== undefined && (block.start - first.start >= maxBytes || block.offset - offset >= maxRecords))
      return blocks
    blocks.push(block)
    index++
  }
}

/** Neighbouring blocks in one request, up to `GET_BYTES`; a larger block is one of its own. */
export function groupBlocks(blocks: readonly Block[]): readonly (readonly Block[])[] {
  const groups: Block[][] = []
  for (const block of blocks) {
    const group = groups.at(-1)
    const first = group?.[0]
    const last = group?.at(-1)
    if (group && first && last?.end === block.start && block.end - first.start <= GET_BYTES) group.push(block)
    else groups.push([block])
  }
  return groups
}

/** An answer that is being put together; `full` once the next batch does not belong to it. */
export interface Selection {
  readonly batches: readonly StoredBatch[]
  readonly bytes: number
  readonly full: boolean
}

export const NOTHING_SELECTED: Selection = { batches: [], bytes: 0, full: false }

/** Goes on with batches that follow, as far as the request allows: whole ones, and the first whatever its size. */
export function select(
  selected: Selection,
  following: readonly StoredBatch[],
  { offset, maxBytes, maxRecords = Number.POSITIVE_INFINITY }: ReadRequest,
  upTo: number,
): Selection {
  const batches = [...selected.batches]
  let { bytes } = selected
  for (const batch of following) {
    if (batch.baseOffset + batch.recordCount <= offset) continue
    const enough = bytes + batch.bytes.length > maxBytes || batch.baseOffset - offset >= maxRecords
    if (batch.baseOffset >= upTo || (batches.length > 0 && enough)) return { batches, bytes, full: true }
    batches.push(batch)
    bytes += batch.bytes.length
  }
  return { batches, bytes, full: false }
}
