import { RecordBatchError } from "./errors.ts"
import { readI16, readI32, readI64, readU32 } from "./integers.ts"
import {
  ATTRIBUTES_AT,
  BASE_OFFSET_AT,
  BASE_SEQUENCE_AT,
  BASE_TIMESTAMP_AT,
  BATCH_HEADER_BYTES,
  BATCH_LENGTH_AT,
  CODEC_MASK,
  CODEC_NAMES,
  CONTROL_BIT,
  CRC_AT,
  DELETE_HORIZON_BIT,
  LAST_OFFSET_DELTA_AT,
  LEADER_EPOCH_AT,
  LENGTH_EXCLUDES_BYTES,
  LOG_APPEND_TIME_BIT,
  MAGIC,
  MAGIC_AT,
  MAX_TIMESTAMP_AT,
  PRODUCER_EPOCH_AT,
  PRODUCER_ID_AT,
  RECORD_COUNT_AT,
  TRANSACTIONAL_BIT,
} from "./layout.ts"
import type { BatchHeader, CodecName, Crc32c } from "./types.ts"

/**
 * Reads the header of the batch that starts at `at`; only its 61 bytes need to be there. Does not check the CRC.
 * Throws `truncated`, `bad_magic`, `bad_length`, `bad_count`, `unsupported_codec` or `out_of_range`.
 */
export function readBatchHeader(bytes: Uint8Array, at = 0): BatchHeader {
  const sizeInBytes = readBatchSize(bytes, at)
  const attributes = readI16(bytes, at + ATTRIBUTES_AT)
  const lastOffsetDelta = readI32(bytes, at + LAST_OFFSET_DELTA_AT)
  const recordCount = readI32(bytes, at + RECORD_COUNT_AT)
  if (lastOffsetDelta < 0 || recordCount < 0) {
    throw new RecordBatchError(
      "bad_count",
      `The batch at byte ${at} has record count ${recordCount} and last offset delta ${lastOffsetDelta}; neither may be negative.`,
    )
  }
  return {
    baseOffset: readI64(bytes, at + BASE_OFFSET_AT, "The base offset"),
    batchLength: sizeInBytes - LENGTH_EXCLUDES_BYTES,
    sizeInBytes,
    partitionLeaderEpoch: readI32(bytes, at + LEADER_EPOCH_AT),
    crc: readU32(bytes, at + CRC_AT),
    attributes,
    codec: codecName(attributes),
    logAppendTime: (attributes & LOG_APPEND_TIME_BIT) !== 0,
    transactional: (attributes & TRANSACTIONAL_BIT) !== 0,
    control: (attributes & CONTROL_BIT) !== 0,
    hasDeleteHorizon: (attributes & DELETE_HORIZON_BIT) !== 0,
    lastOffsetDelta,
    baseTimestamp: readI64(bytes, at + BASE_TIMESTAMP_AT, "The base timestamp"),
    maxTimestamp: readI64(bytes, at + MAX_TIMESTAMP_AT, "The max timestamp"),
    producerId: readI64(bytes, at + PRODUCER_ID_AT, "The producer id"),
    producerEpoch: readI16(bytes, at + PRODUCER_EPOCH_AT),
    baseSequence: readI32(bytes, at + BASE_SEQUENCE_AT),
    recordCount,
  }
}

/**
 * Checks that `bytes` are exactly one whole batch with a right CRC, and reads its header. The records are not looked at.
 * Throws what readBatchHeader throws, `truncated` or `bad_length` where the size differs, and `bad_crc`.
 */
export function verifyBatch(bytes: Uint8Array, crc32c: Crc32c): BatchHeader {
  const header = readWholeBatchHeader(bytes)
  const crc = crc32c(bytes.subarray(ATTRIBUTES_AT))
  if (crc !== header.crc) {
    throw new RecordBatchError(
      "bad_crc",
      `The batch's CRC-32C is ${hex32(crc)} but its header says ${hex32(header.crc)}; the bytes were damaged or changed.`,
    )
  }
  return header
}

/** The header of `bytes` that must be exactly one whole batch; the CRC is not checked. */
export function readWholeBatchHeader(bytes: Uint8Array): BatchHeader {
  const header = readBatchHeader(bytes)
  if (bytes.length < header.sizeInBytes) throw cutBatch(0, header.sizeInBytes, bytes.length)
  if (bytes.length > header.sizeInBytes) {
    throw new RecordBatchError(
      "bad_length",
      `The batch takes ${header.sizeInBytes} bytes but ${bytes.length} were given; pass exactly one batch.`,
    )
  }
  return header
}

/** Cuts concatenated batches into one view each, without copying. Throws `truncated` where the last one is cut. */
export function splitBatches(bytes: Uint8Array): Uint8Array[] {
  const batches: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const size = readBatchSize(bytes, at)
    if (size > bytes.length - at) throw cutBatch(at, size, bytes.length - at)
    batches.push(bytes.subarray(at, at + size))
    at += size
  }
  return batches
}

/** The batches one after another, in bytes of their own. */
export function joinBatches(batches: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(batches.reduce((sum, batch) => sum + batch.length, 0))
  let at = 0
  for (const batch of batches) {
    whole.set(batch, at)
    at += batch.length
  }
  return whole
}

/** Size in bytes of the batch at `at`, once magic and length are known to make sense. */
function readBatchSize(bytes: Uint8Array, at: number): number {
  const available = bytes.length - at
  // Older message formats are shorter than this header: name the magic first, where there is one.
  if (available > MAGIC_AT && bytes[at + MAGIC_AT] !== MAGIC) {
    throw new RecordBatchError(
      "bad_magic",
      `The batch at byte ${at} has magic ${bytes[at + MAGIC_AT]}; only RecordBatch v2 (magic 2) is understood.`,
    )
  }
  if (available < BATCH_HEADER_BYTES) throw cutBatch(at, BATCH_HEADER_BYTES, Math.max(available, 0))
  const batchLength = readI32(bytes, at + BATCH_LENGTH_AT)
  if (batchLength < BATCH_HEADER_BYTES - LENGTH_EXCLUDES_BYTES) {
    throw new RecordBatchError(
      "bad_length",
      `The batch at byte ${at} has length ${batchLength}; the header alone takes ${BATCH_HEADER_BYTES - LENGTH_EXCLUDES_BYTES}.`,
    )
  }
  return batchLength + LENGTH_EXCLUDES_BYTES
}

function cutBatch(at: number, size: number, available: number): RecordBatchError {
  return new RecordBatchError(
    "truncated",
    `The batch at byte ${at} needs ${size} bytes but only ${available} are there.`,
  )
}

function codecName(attributes: number): CodecName {
  const name = CODEC_NAMES[attributes & CODEC_MASK]
  if (name === undefined) {
    throw new RecordBatchError("unsupported_codec", `Compression codec ${attributes & CODEC_MASK} does not exist.`)
  }
  return name
}

function hex32(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`
}
