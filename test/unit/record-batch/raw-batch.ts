import { BATCH_HEADER_BYTES, encodeBatch, portableCrc32c, setMaxTimestamp } from "stratalog/record-batch"

/** Header fields to set, over those of a one-record batch without codec, producer or timestamp. */
export interface RawFields {
  attributes?: number
  lastOffsetDelta?: number
  recordCount?: number
  baseTimestamp?: bigint
  maxTimestamp?: number
}

/** A batch around any bytes in the place of records, with a right length and CRC: damage that only a reader can see. */
export function rawBatch(records: Uint8Array | readonly number[], fields: RawFields = {}): Uint8Array {
  const template = encodeBatch({ records: [{ timestamp: 0, key: null, value: null }] }, portableCrc32c)
  const bytes = new Uint8Array(BATCH_HEADER_BYTES + records.length)
  bytes.set(template.subarray(0, BATCH_HEADER_BYTES))
  bytes.set(records, BATCH_HEADER_BYTES)
  const view = new DataView(bytes.buffer)
  view.setInt32(8, bytes.length - 12)
  view.setInt16(21, fields.attributes ?? 0)
  view.setInt32(23, fields.lastOffsetDelta ?? 0)
  view.setBigInt64(27, fields.baseTimestamp ?? 0n)
  view.setInt32(57, fields.recordCount ?? 1)
  return setMaxTimestamp(bytes, fields.maxTimestamp ?? 0, portableCrc32c)
}

/** A record from its fields' bytes after the length prefix, which is added (one byte: fields of less than 64 bytes). */
export function rawRecord(...body: number[]): number[] {
  return [body.length * 2, ...body]
}
