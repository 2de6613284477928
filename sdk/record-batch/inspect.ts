import { withRecordBytes } from "./compression.ts"
import { RecordBatchError } from "./errors.ts"
import { RecordReader } from "./record-reader.ts"
import { readTimestamp } from "./record-timestamp.ts"
import type { BatchCodecs, BatchHeader, RecordsSummary } from "./types.ts"

/**
 * Checks the records of a produced batch, as a broker does, without building them: every length, header keys in UTF-8,
 * offset deltas 0 to n-1 in order, timestamps that a number can hold, the count, and that nothing is left over.
 * `bytes` are the whole batch and `header` its header; neither CRC nor header fields are checked again.
 * What passes decodes. Synchronous for uncompressed batches.
 * Throws or rejects with a RecordBatchError; decompresses at most `maxDecompressedBytes`.
 */
export function inspectRecords(
  bytes: Uint8Array,
  header: BatchHeader,
  codecs: BatchCodecs,
  maxDecompressedBytes: number,
): RecordsSummary | Promise<RecordsSummary> {
  if (header.recordCount !== header.lastOffsetDelta + 1) {
    throw new RecordBatchError(
      "bad_count",
      `The batch counts ${header.recordCount} records with last offset delta ${header.lastOffsetDelta}; a produced batch has at least one record and a last offset delta of the count less one.`,
    )
  }
  return withRecordBytes(bytes, header, codecs, maxDecompressedBytes, (records, start) =>
    walkRecords(records, start, header),
  )
}

function walkRecords(records: Uint8Array, start: number, header: BatchHeader): RecordsSummary {
  const count = header.recordCount
  const reader = new RecordReader(records, start, count)
  let nullKeys = 0
  let maxTimestamp = Number.MIN_SAFE_INTEGER
  for (let index = 0; index < count; index++) {
    reader.beginRecord()
    const timestamp = readTimestamp(reader, header)
    if (timestamp > maxTimestamp) maxTimestamp = timestamp
    const offsetDelta = reader.varint()
    if (offsetDelta !== index) throw reader.bad(`has offset delta ${offsetDelta}; it must be ${index}`)
    if (reader.skipBlob() < 0) nullKeys++
    reader.skipBlob()
    reader.skipHeaders()
    reader.endRecord()
  }
  reader.endRecords()
  return { count, nullKeys, maxTimestamp, uncompressedBytes: records.length - start }
}
