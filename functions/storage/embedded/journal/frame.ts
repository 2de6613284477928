/**
 * A journal file is frames one after another, each a fixed header and a payload. Big-endian; 53-bit integers are stored
 * as float64, which holds them exactly and needs no BigInt.
 *
 *    0 magic u32          24 position f64       64 partition u32        88 producer id f64 (-1: none)
 *    4 header CRC u32     32 synced up to f64   68 base sequence i32    96 producer epoch i16
 *    8 type u8            40 record count u32   72 base offset f64      98 zero u16
 *    9 version u8         44 file nonce u32     80 max timestamp f64   100 batch prefix CRC u32
 *   10 zero u16           48 topic id 16 bytes
 *   12 payload bytes u32
 *   16 payload CRC u32
 *   20 file number u32
 *
 * Magic, header CRC, version, file number and position keep their places in every version, so that each can tell a frame of
 * a later one from damage.
 *
 * The header CRC-32C covers the header from byte 8. A batch frame's payload is a RecordBatch v2 with its base offset
 * written in, and its payload CRC is the batch's own, so that appending does not checksum the records again; the prefix
 * CRC covers the 17 bytes before it, which the batch's own does not. Elsewhere the payload CRC covers the payload.
 *
 * File number, nonce and position make a frame say where it belongs: bytes in a client's batch that look like a frame
 * cannot be taken for one. `synced up to` is the position of this file below which everything was durable when the
 * frame was written: it tells damage to acknowledged data from a write that the power cut short.
 */
import { type Crc32c, portableCrc32c } from "stratalog/record-batch"
import { TOPIC_ID_BYTES, topicIdText } from "./topic-id.ts"

export const FRAME_HEADER_BYTES = 104
export const FRAME_MAGIC = 0x534c_4a31
export const FRAME_VERSION = 1
const COVERED_FROM = 8

/** Positions in a RecordBatch v2. */
const BATCH_CRC_AT = 17
const BATCH_CRC_COVERS_FROM = 21

export const FRAME_TYPES = {
  /** First in each file: which file came before it, where that one ends, and where this one's snapshot ends. */
  fileStart: 1,
  /** Heads of partitions as they were when the file was begun. */
  snapshot: 2,
  batch: 3,
  /** Partitions 0 to `partition`-1 of the topic exist. */
  partitionsCreated: 4,
  topicDeleted: 5,
  /** The log starts at `baseOffset`. */
  logStartMoved: 6,
  /** The payload is the fencing token; `recordCount` 0 says that there is none. */
  fenceSet: 7,
  /** File `baseOffset` holds nothing that can be read and is about to be removed. */
  fileRemoved: 8,
  /** Nothing follows: the journal was closed in order. */
  closed: 9,
} as const

export type FrameType = (typeof FRAME_TYPES)[keyof typeof FRAME_TYPES]

export interface FrameHeader {
  readonly type: number
  readonly payloadBytes: number
  readonly payloadCrc: number
  readonly fileNumber: number
  readonly nonce: number
  readonly position: number
  readonly syncedUpTo: number
  readonly recordCount: number
  readonly topicId: string
  readonly partition: number
  readonly baseSequence: number
  readonly baseOffset: number
  readonly maxTimestamp: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly prefixCrc: number
}

/** What a frame says beside its place and its checksums. */
export interface FrameContent {
  readonly type: FrameType
  readonly topicId: Uint8Array
  readonly partition: number
  readonly recordCount: number
  readonly baseOffset: number
  readonly maxTimestamp: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly payload: Uint8Array
}

/** Where a frame is written: which file, and what of it is durable. */
export interface FramePlace {
  readonly fileNumber: number
  readonly nonce: number
  readonly syncedUpTo: number
}

/** What the index knows of a batch's frame. */
export interface ExpectedBatch {
  readonly size: number
  readonly fileNumber: number
  readonly position: number
  readonly baseOffset: number
}

const NO_TOPIC = new Uint8Array(TOPIC_ID_BYTES)
const NO_PAYLOAD = new Uint8Array(0)
const EMPTY = {
  topicId: NO_TOPIC,
  partition: 0,
  recordCount: 0,
  baseOffset: 0,
  maxTimestamp: -1,
  producerId: -1,
  producerEpoch: -1,
  baseSequence: -1,
  payload: NO_PAYLOAD,
}

/** A frame other than a batch's: only the fields that its type uses. */
export function controlFrame(type: FrameType, fields: Partial<Omit<FrameContent, "type">> = {}): FrameContent {
  return { ...EMPTY, ...fields, type }
}

/** Writes the header for `frame` at `at`. A batch's base offset must be written into it before. */
export function writeFrameHeader(
  target: DataView<ArrayBuffer>,
  at: number,
  frame: FrameContent,
  place: FramePlace,
  position: number,
  crc32c: Crc32c,
): void {
  const payload = frame.payload
  const isBatch = frame.type === FRAME_TYPES.batch
  target.setUint32(at, FRAME_MAGIC)
  target.setUint32(at + 8, (frame.type << 24) | (FRAME_VERSION << 16))
  target.setUint32(at + 12, payload.length)
  target.setUint32(at + 16, isBatch ? readBatchCrc(payload) : crc32c(payload))
  target.setUint32(at + 20, place.fileNumber)
  target.setFloat64(at + 24, position)
  target.setFloat64(at + 32, place.syncedUpTo)
  target.setUint32(at + 40, frame.recordCount)
  target.setUint32(at + 44, place.nonce)
  const bytes = new Uint8Array(target.buffer, target.byteOffset + at, FRAME_HEADER_BYTES)
  bytes.set(frame.topicId, 48)
  target.setUint32(at + 64, frame.partition)
  target.setInt32(at + 68, frame.baseSequence)
  target.setFloat64(at + 72, frame.baseOffset)
  target.setFloat64(at + 80, frame.maxTimestamp)
  target.setFloat64(at + 88, frame.producerId)
  target.setInt16(at + 96, frame.producerEpoch)
  target.setUint16(at + 98, 0)
  target.setUint32(at + 100, isBatch ? prefixCrc(payload, 0) : 0)
  target.setUint32(at + 4, crc32c(bytes.subarray(COVERED_FROM)))
}

/** The header at `at`, or `undefined` where its bytes are no whole and undamaged frame header. */
export function readFrameHeader(bytes: Uint8Array, at: number, crc32c: Crc32c): FrameHeader | undefined {
  if (at + FRAME_HEADER_BYTES > bytes.length) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, FRAME_HEADER_BYTES)
  if (view.getUint8(9) !== FRAME_VERSION || !headerIsWhole(view, bytes, at, crc32c)) return undefined
  return {
    type: view.getUint8(8),
    payloadBytes: view.getUint32(12),
    payloadCrc: view.getUint32(16),
    fileNumber: view.getUint32(20),
    position: view.getFloat64(24),
    syncedUpTo: view.getFloat64(32),
    recordCount: view.getUint32(40),
    nonce: view.getUint32(44),
    topicId: topicIdText(bytes, at + 48),
    partition: view.getUint32(64),
    baseSequence: view.getInt32(68),
    baseOffset: view.getFloat64(72),
    maxTimestamp: view.getFloat64(80),
    producerId: view.getFloat64(88),
    producerEpoch: view.getInt16(96),
    prefixCrc: view.getUint32(100),
  }
}

/** Whether a later version wrote a frame at `at` that says that it belongs there. */
export function isLaterFrame(
  bytes: Uint8Array,
  at: number,
  place: { readonly fileNumber: number; readonly position: number },
  crc32c: Crc32c,
): boolean {
  if (at + FRAME_HEADER_BYTES > bytes.length) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, FRAME_HEADER_BYTES)
  return (
    view.getUint8(9) > FRAME_VERSION &&
    view.getUint32(20) === place.fileNumber &&
    view.getFloat64(24) === place.position &&
    headerIsWhole(view, bytes, at, crc32c)
  )
}

function headerIsWhole(view: DataView, bytes: Uint8Array, at: number, crc32c: Crc32c): boolean {
  if (view.getUint32(0) !== FRAME_MAGIC) return false
  return view.getUint32(4) === crc32c(bytes.subarray(at + COVERED_FROM, at + FRAME_HEADER_BYTES))
}

/** Whether `payload` is what was written under `header`. */
export function payloadIsWhole(header: FrameHeader, payload: Uint8Array, crc32c: Crc32c): boolean {
  if (header.type !== FRAME_TYPES.batch) return crc32c(payload) === header.payloadCrc
  return (
    payload.length > BATCH_CRC_COVERS_FROM &&
    prefixCrc(payload, 0) === header.prefixCrc &&
    readBatchCrc(payload) === header.payloadCrc &&
    crc32c(payload.subarray(BATCH_CRC_COVERS_FROM)) === header.payloadCrc
  )
}

/** Whether the frame at `at` is the one that the index says is there, undamaged. */
export function batchFrameIsWhole(bytes: Uint8Array, at: number, expected: ExpectedBatch, crc32c: Crc32c): boolean {
  const start = at + FRAME_HEADER_BYTES
  const end = start + expected.size
  if (end > bytes.length) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, FRAME_HEADER_BYTES + BATCH_CRC_COVERS_FROM)
  const crc = view.getUint32(FRAME_HEADER_BYTES + BATCH_CRC_AT)
  return (
    view.getUint32(0) === FRAME_MAGIC &&
    view.getUint8(8) === FRAME_TYPES.batch &&
    view.getUint32(12) === expected.size &&
    view.getUint32(16) === crc &&
    view.getUint32(20) === expected.fileNumber &&
    view.getFloat64(24) === expected.position &&
    view.getFloat64(72) === expected.baseOffset &&
    prefixCrc(bytes, start) === view.getUint32(100) &&
    crc32c(bytes.subarray(start + BATCH_CRC_COVERS_FROM, end)) === crc
  )
}

/** In JavaScript: for 17 bytes a call into native code costs more than the sum. */
function prefixCrc(bytes: Uint8Array, at: number): number {
  return portableCrc32c(bytes.subarray(at, at + BATCH_CRC_AT))
}

function readBatchCrc(batch: Uint8Array): number {
  const at = BATCH_CRC_AT
  return (
    (((batch[at] ?? 0) << 24) | ((batch[at + 1] ?? 0) << 16) | ((batch[at + 2] ?? 0) << 8) | (batch[at + 3] ?? 0)) >>> 0
  )
}
