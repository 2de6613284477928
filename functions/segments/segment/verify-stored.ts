/** The last look at a batch before its first copy is given up. */
import { type Crc32c, RecordBatchError, verifyBatch } from "stratalog/record-batch"
import type { StoredBatch } from "../../log/ports.ts"

/** What is wrong with a batch that should follow at offset `next` and end by `to`; undefined: nothing. */
export function verifyStored(batch: StoredBatch, next: number, to: number, crc32c: Crc32c): string | undefined {
  const { baseOffset, recordCount, bytes } = batch
  if (baseOffset !== next) return `a batch begins at offset ${baseOffset} where ${next} should follow`
  if (baseOffset + recordCount > to) return `a batch ends after offset ${to}, where a stretch should`
  try {
    const header = verifyBatch(bytes, crc32c)
    if (header.baseOffset !== baseOffset) return `a batch says that its base offset is ${header.baseOffset}`
    if (header.lastOffsetDelta + 1 !== recordCount)
      return `a batch spans ${recordCount} offsets but says ${header.lastOffsetDelta + 1}`
    return undefined
  } catch (error) {
    if (error instanceof RecordBatchError) return error.message
    throw error
  }
}
