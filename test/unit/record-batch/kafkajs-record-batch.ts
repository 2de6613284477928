import { createRequire } from "node:module"
import { CompressionCodecs } from "kafkajs"
import { compressFrame, decompressFrame } from "lz4-napi"
import { compress, uncompress } from "snappy"

// kafkajs has no types for its protocol code, so that what the tests use of it is written down here.

interface Encoder {
  readonly buffer: Buffer
}

interface KafkajsBatchInput {
  compression: number
  firstOffset: unknown
  firstTimestamp: number
  maxTimestamp: number
  lastOffsetDelta: number
  transactional?: boolean
  producerId?: unknown
  producerEpoch?: number
  firstSequence?: number
  records: readonly Encoder[]
}

interface KafkajsRecordInput {
  offsetDelta: number
  timestampDelta: number
  key: Buffer | null
  value: Buffer | null
  headers: Record<string, Buffer | Buffer[]>
}

export interface KafkajsBatch {
  firstOffset: string
  maxTimestamp: string
  producerId: string
  producerEpoch: number
  firstSequence: number
  inTransaction: boolean
  isControlBatch: boolean
  records: {
    offset: string
    timestamp: string
    key: Buffer | null
    value: Buffer | null
    headers: Record<string, Buffer | Buffer[]>
  }[]
}

interface KafkajsProtocol {
  RecordBatch(input: KafkajsBatchInput): Promise<Encoder>
  Record(input: KafkajsRecordInput): Encoder
  decode(bytes: Buffer): Promise<KafkajsBatch>
  long(value: number): unknown
  murmur2(key: Buffer): number
}

/** kafkajs' codecs by their number, none and gzip being built in; zstd has no well-kept package for it. */
export const kafkajsCodecs = { none: 0, gzip: 1, snappy: 2, lz4: 3 } as const

export function loadKafkajs(): KafkajsProtocol {
  const load = createRequire(import.meta.url)
  const { RecordBatch } = load("kafkajs/src/protocol/recordBatch/v0")
  const Decoder = load("kafkajs/src/protocol/decoder")
  const decode = load("kafkajs/src/protocol/recordBatch/v0/decoder")
  const Long = load("kafkajs/src/utils/long")
  CompressionCodecs[kafkajsCodecs.snappy] = () => ({
    compress: (encoder: Encoder) => compress(encoder.buffer),
    decompress: (bytes: Buffer) => uncompress(bytes),
  })
  CompressionCodecs[kafkajsCodecs.lz4] = () => ({
    compress: (encoder: Encoder) => compressFrame(encoder.buffer),
    decompress: (bytes: Buffer) => decompressFrame(bytes),
  })
  return {
    RecordBatch,
    Record: load("kafkajs/src/protocol/recordBatch/record/v0"),
    decode: (bytes) => decode(new Decoder(bytes)),
    long: (value) => Long.fromValue(value),
    murmur2: load("kafkajs/src/producer/partitioners/default/murmur2"),
  }
}
