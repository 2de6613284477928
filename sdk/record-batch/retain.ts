import { requireCodec } from "./compression.ts"
import { RecordBatchError } from "./errors.ts"
import { readWholeBatchHeader } from "./header.ts"
import { requireInteger, writeI16, writeI32, writeI64 } from "./integers.ts"
import {
  ATTRIBUTES_AT,
  BASE_TIMESTAMP_AT,
  BATCH_HEADER_BYTES,
  BATCH_LENGTH_AT,
  CODEC_MASK,
  CODEC_NAMES,
  DELETE_HORIZON_BIT,
  LENGTH_EXCLUDES_BYTES,
  MAX_I32,
  MAX_TIMESTAMP_AT,
  RECORD_COUNT_AT,
} from "./layout.ts"
import { sealBatch } from "./patch.ts"
import { recordBodySize, writeRecord } from "./record-writer.ts"
import type { BatchCodecs, BatchHeader, BatchRecord, Codec, CodecName } from "./types.ts"
import { varintSize } from "./varint.ts"

/**
 * What compaction leaves of a batch, as Kafka's log cleaner writes it (MemoryRecords.filterTo): the same batch with fewer
 * records, or with none. Offsets, the span of offsets, the producer's fields and the records' timestamps stay.
 * `records` are some of the batch's own, in order.
 *
 * `deleteHorizon` (epoch milliseconds) notes until when its tombstones stay: attribute bit 6, with the horizon in the place
 * of the base timestamp. A horizon that the batch has stays.
 *
 * Compressed with the batch's codec, or not at all where `codecs` can only read that.
 * Rejects with a RecordBatchError as decodeBatch does, and with `out_of_range` on a record that is none of the batch's.
 */
export async function encodeRetained(
  original: Uint8Array,
  records: readonly BatchRecord[],
  codecs: BatchCodecs,
  deleteHorizon?: number,
): Promise<Uint8Array> {
  const header = readWholeBatchHeader(original)
  const horizon = header.hasDeleteHorizon ? header.baseTimestamp : deleteHorizon
  const baseTimestamp = records.length === 0 ? -1 : (horizon ?? records[0]?.timestamp ?? -1)
  const uncompressed = writeRecords(records, header, baseTimestamp)
  const codec = writableCodec(header.codec, codecs)
  const block = codec === undefined || records.length === 0 ? uncompressed : await codec.compress(uncompressed)
  const batch = new Uint8Array(BATCH_HEADER_BYTES + block.length)
  batch.set(original.subarray(0, BATCH_HEADER_BYTES))
  batch.set(block, BATCH_HEADER_BYTES)
  writeI32(batch, BATCH_LENGTH_AT, batch.length - LENGTH_EXCLUDES_BYTES)
  const codecBits = block === uncompressed ? 0 : CODEC_NAMES.indexOf(header.codec)
  const horizonBit = horizon === undefined || records.length === 0 ? 0 : DELETE_HORIZON_BIT
  writeI16(batch, ATTRIBUTES_AT, (header.attributes & ~(CODEC_MASK | DELETE_HORIZON_BIT)) | codecBits | horizonBit)
  writeI64(batch, BASE_TIMESTAMP_AT, baseTimestamp)
  writeI64(batch, MAX_TIMESTAMP_AT, maxTimestampOf(records, header))
  writeI32(batch, RECORD_COUNT_AT, records.length)
  return sealBatch(batch, codecs.crc32c)
}

function writeRecords(records: readonly BatchRecord[], header: BatchHeader, baseTimestamp: number): Uint8Array {
  let size = 0
  for (const record of records) {
    const delta = record.offset - header.baseOffset
    requireInteger("The offset delta of a retained record", delta, 0, header.lastOffsetDelta)
    const body = recordBodySize(record, record.timestamp - baseTimestamp, delta)
    size += varintSize(body) + body
    if (size > MAX_I32 - BATCH_HEADER_BYTES) {
      throw new RecordBatchError("out_of_range", `${size} bytes of records do not fit a batch of at most 2 GiB.`)
    }
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const record of records) {
    at = writeRecord(bytes, at, record, record.timestamp - baseTimestamp, record.offset - header.baseOffset)
  }
  return bytes
}

function writableCodec(name: CodecName, codecs: BatchCodecs): Required<Pick<Codec, "compress">> | undefined {
  if (name === "none") return undefined
  const codec = requireCodec(name, codecs)
  return codec.compress === undefined ? undefined : { compress: codec.compress.bind(codec) }
}

/** Where the log's time replaces the records' own, the header is the only place that has it. */
function maxTimestampOf(records: readonly BatchRecord[], header: BatchHeader): number {
  if (header.logAppendTime || records.length === 0) return header.maxTimestamp
  return records.reduce((max, { timestamp }) => Math.max(max, timestamp), Number.MIN_SAFE_INTEGER)
}
