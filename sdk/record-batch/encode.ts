import { requireCodec } from "./compression.ts"
import { RecordBatchError } from "./errors.ts"
import { requireInteger, writeI16, writeI32, writeI64 } from "./integers.ts"
import {
  ATTRIBUTES_AT,
  BASE_OFFSET_AT,
  BASE_SEQUENCE_AT,
  BASE_TIMESTAMP_AT,
  BATCH_HEADER_BYTES,
  BATCH_LENGTH_AT,
  CODEC_NAMES,
  LAST_OFFSET_DELTA_AT,
  LEADER_EPOCH_AT,
  LENGTH_EXCLUDES_BYTES,
  LOG_APPEND_TIME_BIT,
  MAGIC,
  MAGIC_AT,
  MAX_I32,
  MAX_TIMESTAMP_AT,
  PRODUCER_EPOCH_AT,
  PRODUCER_ID_AT,
  RECORD_COUNT_AT,
} from "./layout.ts"
import { sealBatch } from "./patch.ts"
import { recordBodySize, writeRecord } from "./record-writer.ts"
import type { Allocate, BatchCodecs, BatchInput, CodecName, Crc32c, RecordInput } from "./types.ts"
import { varintSize } from "./varint.ts"

const NO_PRODUCER = { id: -1, epoch: -1, sequence: -1 }

interface RecordsPlan {
  bytes: number
  baseTimestamp: number
  maxTimestamp: number
}

const newBytes: Allocate = (bytes) => new Uint8Array(bytes)

/**
 * An uncompressed batch, sized first and then written into one allocation, which `allocate` may take from a pool.
 * Throws `bad_count` without records, `bad_record` on a header key that is no Unicode text, and `out_of_range` on a
 * number that its field cannot hold or a batch beyond 2 GiB.
 */
export function encodeBatch(input: BatchInput, crc32c: Crc32c, allocate: Allocate = newBytes): Uint8Array {
  const plan = planRecords(input.records)
  const batch = allocate(BATCH_HEADER_BYTES + plan.bytes)
  writeRecords(batch, BATCH_HEADER_BYTES, input.records, plan.baseTimestamp)
  writeBatchHeader(batch, input, plan, "none")
  return sealBatch(batch, crc32c)
}

/**
 * A batch whose records are compressed as one block. Rejects as encodeBatch throws, and with `unsupported_codec`
 * where `codecs` cannot compress with `codec`.
 */
export async function encodeCompressedBatch(
  input: BatchInput,
  codec: Exclude<CodecName, "none">,
  codecs: BatchCodecs,
): Promise<Uint8Array> {
  const compressor = requireCodec(codec, codecs)
  if (compressor.compress === undefined) {
    throw new RecordBatchError("unsupported_codec", `This platform can read ${codec} batches but not write them.`)
  }
  const plan = planRecords(input.records)
  const records = new Uint8Array(plan.bytes)
  writeRecords(records, 0, input.records, plan.baseTimestamp)
  const block = await compressor.compress(records)
  requireBatchSize(block.length)
  const batch = new Uint8Array(BATCH_HEADER_BYTES + block.length)
  batch.set(block, BATCH_HEADER_BYTES)
  writeBatchHeader(batch, input, plan, codec)
  return sealBatch(batch, codecs.crc32c)
}

/** Sizes the records and checks every number, so that writing them cannot fail. */
function planRecords(records: readonly RecordInput[]): RecordsPlan {
  const first = records[0]
  if (first === undefined) throw new RecordBatchError("bad_count", "A batch needs at least one record.")
  const baseTimestamp = first.timestamp
  let maxTimestamp = baseTimestamp
  let bytes = 0
  for (let index = 0; index < records.length; index++) {
    const record = records[index] ?? first
    const timestamp = record.timestamp
    const delta = timestamp - baseTimestamp
    if (!Number.isSafeInteger(timestamp) || !Number.isSafeInteger(delta)) throw badTimestamp(index, timestamp)
    if (timestamp > maxTimestamp) maxTimestamp = timestamp
    const body = recordBodySize(record, delta, index)
    bytes += varintSize(body) + body
    requireBatchSize(bytes)
  }
  return { bytes, baseTimestamp, maxTimestamp }
}

function writeRecords(bytes: Uint8Array, at: number, records: readonly RecordInput[], baseTimestamp: number): void {
  let next = at
  let index = 0
  for (const record of records) {
    next = writeRecord(bytes, next, record, record.timestamp - baseTimestamp, index)
    index++
  }
}

function writeBatchHeader(batch: Uint8Array, input: BatchInput, plan: RecordsPlan, codec: CodecName): void {
  const { baseOffset = 0, producer = NO_PRODUCER } = input
  const lastOffsetDelta = input.records.length - 1
  requireInteger("The base offset", baseOffset, 0, Number.MAX_SAFE_INTEGER - lastOffsetDelta)
  requireInteger("The producer id", producer.id, -1, Number.MAX_SAFE_INTEGER)
  requireInteger("The producer epoch", producer.epoch, -1, 0x7fff)
  requireInteger("The base sequence", producer.sequence, -1, MAX_I32)
  writeI64(batch, BASE_OFFSET_AT, baseOffset)
  writeI32(batch, BATCH_LENGTH_AT, batch.length - LENGTH_EXCLUDES_BYTES)
  writeI32(batch, LEADER_EPOCH_AT, -1)
  batch[MAGIC_AT] = MAGIC
  writeI16(batch, ATTRIBUTES_AT, CODEC_NAMES.indexOf(codec) | (input.logAppendTime ? LOG_APPEND_TIME_BIT : 0))
  writeI32(batch, LAST_OFFSET_DELTA_AT, lastOffsetDelta)
  writeI64(batch, BASE_TIMESTAMP_AT, plan.baseTimestamp)
  writeI64(batch, MAX_TIMESTAMP_AT, plan.maxTimestamp)
  writeI64(batch, PRODUCER_ID_AT, producer.id)
  writeI16(batch, PRODUCER_EPOCH_AT, producer.epoch)
  writeI32(batch, BASE_SEQUENCE_AT, producer.sequence)
  writeI32(batch, RECORD_COUNT_AT, input.records.length)
}

function requireBatchSize(recordBytes: number): void {
  if (recordBytes > MAX_I32 - BATCH_HEADER_BYTES) {
    throw new RecordBatchError("out_of_range", `${recordBytes} bytes of records do not fit a batch of at most 2 GiB.`)
  }
}

function badTimestamp(index: number, timestamp: number): RecordBatchError {
  return new RecordBatchError(
    "out_of_range",
    `Record ${index} has timestamp ${timestamp}; it must be an integer of milliseconds, within 2^53 of the first record's.`,
  )
}
