import { RecordBatchError } from "./errors.ts"
import { readWholeBatchHeader } from "./header.ts"
import { readI16, readI32, requireInteger, writeI16, writeI32, writeI64 } from "./integers.ts"
import {
  ATTRIBUTES_AT,
  BASE_OFFSET_AT,
  BASE_SEQUENCE_AT,
  BATCH_HEADER_BYTES,
  CRC_AT,
  LAST_OFFSET_DELTA_AT,
  LEADER_EPOCH_AT,
  LOG_APPEND_TIME_BIT,
  MAX_I32,
  MAX_TIMESTAMP_AT,
  PRODUCER_EPOCH_AT,
  PRODUCER_ID_AT,
} from "./layout.ts"
import type { Crc32c } from "./types.ts"

/**
 * Gives the batch its place in the log, in place. The CRC stays valid, since it covers neither field.
 * Throws `truncated`, or `out_of_range` where an offset of the batch would pass 2^53.
 */
export function patchBaseOffset(bytes: Uint8Array, baseOffset: number, partitionLeaderEpoch?: number): void {
  if (bytes.length < BATCH_HEADER_BYTES) {
    throw new RecordBatchError(
      "truncated",
      `A batch starts with ${BATCH_HEADER_BYTES} header bytes but only ${bytes.length} are there.`,
    )
  }
  const last = Number.MAX_SAFE_INTEGER - Math.max(readI32(bytes, LAST_OFFSET_DELTA_AT), 0)
  requireInteger("The base offset", baseOffset, 0, last)
  if (partitionLeaderEpoch !== undefined) {
    requireInteger("The partition leader epoch", partitionLeaderEpoch, -1, MAX_I32)
    writeI32(bytes, LEADER_EPOCH_AT, partitionLeaderEpoch)
  }
  writeI64(bytes, BASE_OFFSET_AT, baseOffset)
}

/**
 * A copy of the batch in which every record has the time (epoch milliseconds) at which the log took it:
 * attribute bit 3, maxTimestamp and a new CRC. The records are not touched; readers go by the bit.
 */
export function setLogAppendTime(bytes: Uint8Array, timestamp: number, crc32c: Crc32c): Uint8Array {
  const copy = copyWithMaxTimestamp(bytes, timestamp)
  writeI16(copy, ATTRIBUTES_AT, readI16(copy, ATTRIBUTES_AT) | LOG_APPEND_TIME_BIT)
  return sealBatch(copy, crc32c)
}

/** A copy of the batch with another maxTimestamp (epoch milliseconds) and a new CRC. */
export function setMaxTimestamp(bytes: Uint8Array, maxTimestamp: number, crc32c: Crc32c): Uint8Array {
  return sealBatch(copyWithMaxTimestamp(bytes, maxTimestamp), crc32c)
}

/** A copy of the batch that names no producer, with a new CRC: a log knows only the producers that it gave their ids. */
export function clearProducer(bytes: Uint8Array, crc32c: Crc32c): Uint8Array {
  readWholeBatchHeader(bytes)
  const copy = new Uint8Array(bytes)
  writeI64(copy, PRODUCER_ID_AT, -1)
  writeI16(copy, PRODUCER_EPOCH_AT, -1)
  writeI32(copy, BASE_SEQUENCE_AT, -1)
  return sealBatch(copy, crc32c)
}

/** Writes the CRC of a batch that is otherwise complete. */
export function sealBatch(batch: Uint8Array, crc32c: Crc32c): Uint8Array {
  writeI32(batch, CRC_AT, crc32c(batch.subarray(ATTRIBUTES_AT)))
  return batch
}

function copyWithMaxTimestamp(bytes: Uint8Array, maxTimestamp: number): Uint8Array {
  readWholeBatchHeader(bytes)
  requireInteger("The max timestamp", maxTimestamp, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  const copy = new Uint8Array(bytes)
  writeI64(copy, MAX_TIMESTAMP_AT, maxTimestamp)
  return copy
}
