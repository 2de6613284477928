import { withRecordBytes } from "./compression.ts"
import { RecordBatchError } from "./errors.ts"
import { readWholeBatchHeader, verifyBatch } from "./header.ts"
import { BATCH_HEADER_BYTES } from "./layout.ts"
import { RecordReader } from "./record-reader.ts"
import { readTimestamp } from "./record-timestamp.ts"
import type { BatchCodecs, BatchHeader, BatchRecord } from "./types.ts"

/**
 * The records of one whole batch, after its CRC was verified. Synchronous for uncompressed batches.
 * Keys, values and header values are views into `bytes` (or, compressed, into one decompressed buffer), not copies.
 * Offsets may have gaps, as compaction leaves them. Control and transactional batches decode like others.
 * Throws or rejects with a RecordBatchError; decompresses at most `maxDecompressedBytes`.
 */
export function decodeBatch(
  bytes: Uint8Array,
  codecs: BatchCodecs,
  maxDecompressedBytes: number,
): BatchRecord[] | Promise<BatchRecord[]> {
  return decodeRecords(bytes, verifyBatch(bytes, codecs.crc32c), codecs, maxDecompressedBytes)
}

/** As decodeBatch, for bytes whose CRC was verified before: it is not computed again. */
export function decodeVerifiedBatch(
  bytes: Uint8Array,
  codecs: BatchCodecs,
  maxDecompressedBytes: number,
): BatchRecord[] | Promise<BatchRecord[]> {
  return decodeRecords(bytes, readWholeBatchHeader(bytes), codecs, maxDecompressedBytes)
}

function decodeRecords(
  bytes: Uint8Array,
  header: BatchHeader,
  codecs: BatchCodecs,
  maxDecompressedBytes: number,
): BatchRecord[] | Promise<BatchRecord[]> {
  if (header.baseOffset + header.lastOffsetDelta > Number.MAX_SAFE_INTEGER) {
    throw new RecordBatchError("out_of_range", `The batch at offset ${header.baseOffset} ends beyond offset 2^53.`)
  }
  // Compaction keeps the header of a batch that lost all its records, without a compressed block.
  if (header.sizeInBytes === BATCH_HEADER_BYTES && header.recordCount === 0) return []
  return withRecordBytes(bytes, header, codecs, maxDecompressedBytes, (records, start) =>
    readRecords(records, start, header),
  )
}

function readRecords(records: Uint8Array, start: number, header: BatchHeader): BatchRecord[] {
  const reader = new RecordReader(records, start, header.recordCount)
  const decoded: BatchRecord[] = []
  let previousDelta = -1
  for (let index = 0; index < header.recordCount; index++) {
    reader.beginRecord()
    const timestamp = readTimestamp(reader, header)
    const offsetDelta = reader.varint()
    if (offsetDelta <= previousDelta || offsetDelta > header.lastOffsetDelta) {
      throw reader.bad(
        `has offset delta ${offsetDelta}; it must be above ${previousDelta} and at most ${header.lastOffsetDelta}`,
      )
    }
    previousDelta = offsetDelta
    const key = reader.blob()
    const value = reader.blob()
    decoded.push({ offset: header.baseOffset + offsetDelta, timestamp, key, value, headers: reader.headers() })
    reader.endRecord()
  }
  reader.endRecords()
  return decoded
}
