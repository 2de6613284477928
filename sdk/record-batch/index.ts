// Kafka RecordBatch v2: the form in which records are stored and moved, byte for byte.

export { type Lz4FrameLibrary, lz4Codec } from "./codecs/lz4.ts"
export { type SnappyBlocks, snappyCodec } from "./codecs/snappy.ts"
export { type ContentCodecs, contentCodecs } from "./content-codecs.ts"
export { portableCrc32c } from "./crc32c.ts"
export { decodeBatch, decodeVerifiedBatch } from "./decode.ts"
export { encodeBatch, encodeCompressedBatch } from "./encode.ts"
export { type BatchErrorCode, RecordBatchError } from "./errors.ts"
export { joinBatches, readBatchHeader, splitBatches, verifyBatch } from "./header.ts"
export { inspectRecords } from "./inspect.ts"
export { BATCH_HEADER_BYTES } from "./layout.ts"
export { crc32Partition, murmur2, murmur2Partition } from "./partition.ts"
export { clearProducer, patchBaseOffset, setLogAppendTime, setMaxTimestamp } from "./patch.ts"
export { type Platform, portableCodecs } from "./portable-codecs.ts"
export { encodeRetained } from "./retain.ts"
export type {
  Allocate,
  BatchCodecs,
  BatchHeader,
  BatchInput,
  BatchRecord,
  Codec,
  CodecName,
  Crc32c,
  HeaderPair,
  RecordInput,
  RecordsSummary,
} from "./types.ts"
