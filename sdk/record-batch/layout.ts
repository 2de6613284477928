import type { CodecName } from "./types.ts"

// Byte positions in a RecordBatch v2, big-endian (Apache Kafka, DefaultRecordBatch.java):
//
//    0 baseOffset i64             12 partitionLeaderEpoch i32   23 lastOffsetDelta i32   51 producerEpoch i16
//    8 batchLength i32            16 magic i8 = 2               27 baseTimestamp i64     53 baseSequence i32
//                                 17 crc u32                    35 maxTimestamp i64      57 recordCount i32
//                                 21 attributes i16             43 producerId i64        61 records
//
// The CRC covers everything from the attributes to the end, so base offset and leader epoch can change freely.

export const BASE_OFFSET_AT = 0
export const BATCH_LENGTH_AT = 8
export const LEADER_EPOCH_AT = 12
export const MAGIC_AT = 16
export const CRC_AT = 17
export const ATTRIBUTES_AT = 21
export const LAST_OFFSET_DELTA_AT = 23
export const BASE_TIMESTAMP_AT = 27
export const MAX_TIMESTAMP_AT = 35
export const PRODUCER_ID_AT = 43
export const PRODUCER_EPOCH_AT = 51
export const BASE_SEQUENCE_AT = 53
export const RECORD_COUNT_AT = 57

/** Bytes before the records. */
export const BATCH_HEADER_BYTES = 61

/** Bytes that the length field does not count: the base offset and itself. */
export const LENGTH_EXCLUDES_BYTES = 12

/** Length, attributes, timestamp delta, offset delta, key length, value length, header count: a byte each. */
export const MIN_RECORD_BYTES = 7

export const MAGIC = 2

export const CODEC_MASK = 0x07
export const LOG_APPEND_TIME_BIT = 0x08
export const TRANSACTIONAL_BIT = 0x10
export const CONTROL_BIT = 0x20
export const DELETE_HORIZON_BIT = 0x40

/** Codec names by their number in the attributes. */
export const CODEC_NAMES: readonly CodecName[] = ["none", "gzip", "snappy", "lz4", "zstd"]

export const MAX_I32 = 0x7fff_ffff
