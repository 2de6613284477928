/** CRC-32C (Castagnoli) of `bytes` as an unsigned 32-bit number; `initial` is the CRC of the bytes before them. */
export type Crc32c = (bytes: Uint8Array, initial?: number) => number

/** So many bytes for a batch to be written into; what they hold before does not matter. */
export type Allocate = (bytes: number) => Uint8Array

export type CodecName = "none" | "gzip" | "snappy" | "lz4" | "zstd"

/** One compression codec, synchronous or not, as the platform offers it. */
export interface Codec {
  /** Absent where this platform can only read the codec. */
  compress?(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
  /**
   * Throws (or rejects with) a RecordBatchError: `decompressed_too_large` before producing more than `maxBytes`,
   * `corrupt` on bad data.
   */
  decompress(bytes: Uint8Array, maxBytes: number): Uint8Array | Promise<Uint8Array>
}

/** The checksum and the codecs a platform has; a codec that is absent is refused as `unsupported_codec`. */
export interface BatchCodecs {
  readonly crc32c: Crc32c
  /** Where the platform has cheaper memory for small batches than a new Uint8Array. */
  readonly allocate?: Allocate
  readonly gzip?: Codec
  readonly snappy?: Codec
  readonly lz4?: Codec
  readonly zstd?: Codec
}

/** A record header. Keys repeat and keep their order; the value is any bytes, or null. */
export type HeaderPair = readonly [key: string, value: Uint8Array | null]

/** The 61 bytes before the records. Offsets, sizes (bytes) and timestamps (epoch milliseconds) are exact integers. */
export interface BatchHeader {
  baseOffset: number
  /** Bytes after the length field: the whole batch without its first 12 bytes. */
  batchLength: number
  /** Bytes of the whole batch: `batchLength + 12`. */
  sizeInBytes: number
  partitionLeaderEpoch: number
  crc: number
  /** The raw 16 attribute bits, of which the next five fields are the known ones. */
  attributes: number
  codec: CodecName
  logAppendTime: boolean
  transactional: boolean
  control: boolean
  hasDeleteHorizon: boolean
  lastOffsetDelta: number
  baseTimestamp: number
  maxTimestamp: number
  /** -1: none. Then some clients write 0 for epoch and sequence, others -1: both mean nothing. */
  producerId: number
  producerEpoch: number
  baseSequence: number
  recordCount: number
}

/** A record read from a batch. Key, value and header values are views into the batch's bytes, not copies. */
export interface BatchRecord {
  /** Absolute offset. */
  offset: number
  /** Epoch milliseconds; in a LogAppendTime batch the batch's maxTimestamp. */
  timestamp: number
  key: Uint8Array | null
  value: Uint8Array | null
  headers: readonly HeaderPair[]
}

/** A record to write. */
export interface RecordInput {
  /** Epoch milliseconds. */
  timestamp: number
  key: Uint8Array | null
  value: Uint8Array | null
  headers?: readonly HeaderPair[]
}

export interface BatchInput {
  /** At least one record. */
  records: readonly RecordInput[]
  /** Default 0: a log patches it when the batch gets its place. */
  baseOffset?: number
  /** An idempotent producer's id, epoch and the sequence of the first record. */
  producer?: { id: number; epoch: number; sequence: number }
  /** Marks the batch LogAppendTime: readers then see the greatest timestamp for every record. */
  logAppendTime?: boolean
}

/** What a server needs to know of a produced batch's records. */
export interface RecordsSummary {
  count: number
  /** Records without a key: not allowed in a compacted topic. */
  nullKeys: number
  /** The greatest record timestamp, which the header's maxTimestamp should equal. */
  maxTimestamp: number
  /** Bytes of the records after decompression, without the batch header. */
  uncompressedBytes: number
}
