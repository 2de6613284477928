/** The journal's part of a partition in pieces that may become segments, or expire, one by one. */
import type { Stretch } from "../../../segments/ports.ts"
import type { JournalPartition } from "../journal/index.ts"

/**
 * A partition is cut into about so many pieces; few batches make a piece each. Retention then goes by the batch where
 * there is little, and upkeep of much does not drown in pieces.
 */
const PIECES = 1_000

export interface StretchesRequest {
  readonly from: number
  /** One piece ends here, where a batch does. */
  readonly cutAt: number
  readonly limit: number
  /** When what lies below an offset had been stored, epoch milliseconds. */
  readonly storedAt: (endOffset: number) => number
}

export function stretchesOf(
  { index }: JournalPartition,
  { from, cutAt, limit, storedAt }: StretchesRequest,
): { readonly stretches: readonly Stretch[]; readonly more: boolean } {
  const stretchBytes = index.bytes / PIECES
  const stretches: Stretch[] = []
  let baseOffset = from
  let bytes = 0
  let maxTimestamp = Number.MIN_SAFE_INTEGER
  for (let ordinal = Math.max(0, index.find(from)); ordinal < index.length; ordinal++) {
    const batch = index.at(ordinal)
    const endOffset = batch.baseOffset + batch.recordCount
    if (endOffset <= from) continue
    if (stretches.length === limit) return { stretches, more: true }
    bytes += batch.size
    maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp)
    const isWhole = bytes >= stretchBytes || endOffset === cutAt || ordinal === index.length - 1
    if (!isWhole) continue
    stretches.push({ baseOffset, endOffset, bytes, maxTimestamp, storedAt: storedAt(endOffset) })
    baseOffset = endOffset
    bytes = 0
    maxTimestamp = Number.MIN_SAFE_INTEGER
  }
  return { stretches, more: false }
}
