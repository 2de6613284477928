/** The batches in a piece of a segment, each checked against its own checksum and against what the index says of the piece. */
import { type BatchHeader, type Crc32c, RecordBatchError, readBatchHeader, verifyBatch } from "stratalog/record-batch"
import type { StoredBatch } from "../../log/ports.ts"

/** What a piece has to hold. */
export interface PieceExpectation {
  /** The base offset of its first batch. */
  readonly firstOffset: number
  /** No batch ends after this. */
  readonly endOffset: number
  /** The last batch ends exactly at `endOffset`. */
  readonly reachesEnd: boolean
  /** No offsets are missing: nothing was compacted here. */
  readonly dense: boolean
}

export type ParsedBatches =
  | { readonly kind: "batches"; readonly batches: readonly StoredBatch[] }
  /** `position`: bytes from the piece's beginning. */
  | { readonly kind: "bad"; readonly position: number; readonly detail: string }

export function parseBatches(bytes: Uint8Array, expected: PieceExpectation, crc32c: Crc32c): ParsedBatches {
  const batches: StoredBatch[] = []
  let next = expected.firstOffset
  let position = 0
  while (position < bytes.length) {
    const parsed = parseBatch(bytes, position, crc32c)
    if (typeof parsed === "string") return { kind: "bad", position, detail: parsed }
    const { batch, header } = parsed
    const wrong = wrongPlace(header, next, expected, position === 0)
    if (wrong !== undefined) return { kind: "bad", position, detail: wrong }
    batches.push(batch)
    next = batch.baseOffset + batch.recordCount
    position += batch.bytes.length
  }
  if (batches.length > 0 && (next === expected.endOffset || !expected.reachesEnd)) return { kind: "batches", batches }
  return { kind: "bad", position, detail: `the batches end before offset ${next}, not ${expected.endOffset}` }
}

function parseBatch(
  bytes: Uint8Array,
  position: number,
  crc32c: Crc32c,
): { readonly batch: StoredBatch; readonly header: BatchHeader } | string {
  try {
    const { sizeInBytes } = readBatchHeader(bytes, position)
    const own = bytes.subarray(position, position + sizeInBytes)
    const header = verifyBatch(own, crc32c)
    const { baseOffset, lastOffsetDelta, maxTimestamp } = header
    return { batch: { baseOffset, recordCount: lastOffsetDelta + 1, maxTimestamp, bytes: own }, header }
  } catch (error) {
    if (error instanceof RecordBatchError) return error.message
    throw error
  }
}

/** The base offset lies outside the batch's checksum, so only its neighbours show that it is right. */
function wrongPlace(
  { baseOffset, lastOffsetDelta }: BatchHeader,
  next: number,
  { endOffset, dense }: PieceExpectation,
  isFirst: boolean,
): string | undefined {
  if (isFirst || dense ? baseOffset !== next : baseOffset < next) {
    return `a batch has base offset ${baseOffset} where ${next} should follow`
  }
  if (baseOffset + lastOffsetDelta >= endOffset) {
    return `a batch ends at offset ${baseOffset + lastOffsetDelta}, beyond the end at ${endOffset}`
  }
  return undefined
}
