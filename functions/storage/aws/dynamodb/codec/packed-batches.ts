/**
 * Record batches (Kafka's RecordBatch v2, sdk/record-batch) with their headers of 61 bytes packed into some 12: what follows
 * from the rest is left out. The base offset is not stored; it is zero when unpacked. Everything else comes back byte for
 * byte, whatever it is.
 *
 * For each batch a form and, by its bits, in this order:
 *   without LAST, the batch's size: varint; CRC: 4 bytes; base timestamp: 6 bytes
 *   LATER: max timestamp less the base timestamp: signed. MANY: last offset delta: varint. ATTRIBUTES: a byte
 *   PRODUCER: id, epoch, base sequence: varints
 *   the records
 * RAW: without LAST, the size; the header's bytes from 8 on; the records. Bytes that are no batch: NO_BATCH and the rest.
 */
import { BATCH_HEADER_BYTES, joinBatches } from "stratalog/record-batch"
import type { EntrySequence } from "../../../../partitions/ports.ts"
import type { BlobReader, BlobWriter } from "./bytes.ts"

const LAST = 1
const LATER = 2
const MANY = 4
const ATTRIBUTES = 8
const PRODUCER = 16
/** No producer, but an epoch and a sequence of 0 rather than -1, as some clients write. */
const ZEROS = 32
/** The leader epoch is 0 rather than -1. */
const LEADER_ZERO = 64
const RAW = 128
const NO_BATCH = 255

const TWO_48 = 2 ** 48

/** What the headers say of batches that lie one after another. */
export interface BatchFacts {
  readonly recordCount: number
  readonly maxTimestamp: number
  readonly sequences: readonly EntrySequence[]
}

interface Header {
  readonly size: number
  readonly leaderEpoch: number
  readonly magic: number
  readonly crc: number
  readonly attributes: number
  readonly lastOffsetDelta: number
  readonly baseTimestamp: number
  readonly maxTimestamp: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
}

export function packBatches(writer: BlobWriter, batches: Uint8Array): void {
  for (let at = 0; at < batches.length; ) {
    const header = headerAt(batches, at)
    if (header === undefined) {
      writer.u8(NO_BATCH)
      writer.bytes(batches.subarray(at))
      return
    }
    const end = at + header.size
    packHeader(writer, header, end === batches.length ? LAST : 0, batches.subarray(at + 8, at + BATCH_HEADER_BYTES))
    writer.bytes(batches.subarray(at + BATCH_HEADER_BYTES, end))
    at = end
  }
}

/** All that is left to read. */
export function unpackBatches(reader: BlobReader): Uint8Array {
  const parts: Uint8Array[] = []
  while (reader.left > 0) {
    const form = reader.u8()
    if (form === NO_BATCH) parts.push(reader.bytes(reader.left))
    else unpackBatch(reader, form, parts)
  }
  return joinBatches(parts)
}

/** Undefined where the bytes are not whole batches from end to end, or hold numbers that are not exact. */
export function factsOf(batches: Uint8Array): BatchFacts | undefined {
  const sequences: EntrySequence[] = []
  let [recordCount, maxTimestamp] = [0, Number.NEGATIVE_INFINITY]
  for (let at = 0; at < batches.length; ) {
    const header = headerAt(batches, at)
    if (header === undefined || !isPackable(header)) return undefined
    const count = header.lastOffsetDelta + 1
    if (header.producerId >= 0) sequences.push(sequenceOf(header, count, recordCount))
    recordCount += count
    maxTimestamp = Math.max(maxTimestamp, header.maxTimestamp)
    at += header.size
  }
  return { recordCount, maxTimestamp, sequences }
}

function sequenceOf(header: Header, recordCount: number, recordsBefore: number): EntrySequence {
  const { producerId: id, producerEpoch: epoch, baseSequence: sequence, maxTimestamp } = header
  return { id, epoch, sequence, recordCount, recordsBefore, maxTimestamp }
}

function packHeader(writer: BlobWriter, header: Header, last: number, raw: Uint8Array): void {
  const packable = isPackable(header)
  const form = (packable ? formOf(header) : RAW) | last
  writer.u8(form)
  if (last === 0) writer.varint(header.size)
  if (!packable) {
    writer.bytes(raw)
    return
  }
  writer.unsigned(header.crc, 4)
  writer.unsigned(header.baseTimestamp, 6)
  if ((form & LATER) !== 0) writer.signed(header.maxTimestamp - header.baseTimestamp)
  if ((form & MANY) !== 0) writer.varint(header.lastOffsetDelta)
  if ((form & ATTRIBUTES) !== 0) writer.u8(header.attributes)
  if ((form & PRODUCER) !== 0) {
    for (const value of [header.producerId, header.producerEpoch, header.baseSequence]) writer.varint(value)
  }
}

function unpackBatch(reader: BlobReader, form: number, parts: Uint8Array[]): void {
  const knownSize = (form & LAST) === 0 ? reader.varint() : undefined
  const bytes = new Uint8Array(BATCH_HEADER_BYTES)
  if ((form & RAW) !== 0) bytes.set(reader.bytes(BATCH_HEADER_BYTES - 8), 8)
  else unpackHeader(reader, form, new DataView(bytes.buffer))
  const records = reader.bytes(knownSize === undefined ? reader.left : knownSize - BATCH_HEADER_BYTES)
  if ((form & RAW) === 0) new DataView(bytes.buffer).setInt32(8, BATCH_HEADER_BYTES - 12 + records.length)
  parts.push(bytes, records)
}

function unpackHeader(reader: BlobReader, form: number, view: DataView): void {
  view.setInt32(12, (form & LEADER_ZERO) !== 0 ? 0 : -1)
  view.setInt8(16, 2)
  view.setUint32(17, reader.unsigned(4))
  const baseTimestamp = reader.unsigned(6)
  const maxTimestamp = baseTimestamp + ((form & LATER) !== 0 ? reader.signed() : 0)
  const lastOffsetDelta = (form & MANY) !== 0 ? reader.varint() : 0
  view.setInt16(21, (form & ATTRIBUTES) !== 0 ? reader.u8() : 0)
  view.setInt32(23, lastOffsetDelta)
  view.setBigInt64(27, BigInt(baseTimestamp))
  view.setBigInt64(35, BigInt(maxTimestamp))
  const none = (form & ZEROS) !== 0 ? 0 : -1
  const producer = (form & PRODUCER) !== 0
  view.setBigInt64(43, BigInt(producer ? reader.varint() : -1))
  view.setInt16(51, producer ? reader.varint() : none)
  view.setInt32(53, producer ? reader.varint() : none)
  view.setInt32(57, lastOffsetDelta + 1)
}

/** Undefined where no whole batch starts there. */
function headerAt(bytes: Uint8Array, at: number): Header | undefined {
  if (bytes.length - at < BATCH_HEADER_BYTES) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, BATCH_HEADER_BYTES)
  const size = view.getInt32(8) + 12
  if (size < BATCH_HEADER_BYTES || size > bytes.length - at) return undefined
  return {
    size,
    leaderEpoch: view.getInt32(12),
    magic: view.getInt8(16),
    crc: view.getUint32(17),
    attributes: view.getInt16(21),
    lastOffsetDelta: view.getInt32(23),
    baseTimestamp: Number(view.getBigInt64(27)),
    maxTimestamp: Number(view.getBigInt64(35)),
    producerId: Number(view.getBigInt64(43)),
    producerEpoch: view.getInt16(51),
    baseSequence: view.getInt32(53),
    recordCount: view.getInt32(57),
  }
}

/** Whether the packed form says everything of the header. */
function isPackable(header: Header): boolean {
  const { leaderEpoch, magic, attributes, lastOffsetDelta, baseTimestamp, maxTimestamp, recordCount } = header
  return (
    (leaderEpoch === 0 || leaderEpoch === -1) &&
    magic === 2 &&
    attributes >= 0 &&
    attributes < 256 &&
    lastOffsetDelta >= 0 &&
    recordCount === lastOffsetDelta + 1 &&
    baseTimestamp >= 0 &&
    baseTimestamp < TWO_48 &&
    Math.abs(maxTimestamp) < TWO_48 &&
    hasPackableProducer(header)
  )
}

function hasPackableProducer({ producerId, producerEpoch, baseSequence }: Header): boolean {
  if (producerId === -1) return producerEpoch === baseSequence && (producerEpoch === -1 || producerEpoch === 0)
  return producerId >= 0 && Number.isSafeInteger(producerId) && producerEpoch >= 0 && baseSequence >= 0
}

function formOf(header: Header): number {
  let form = 0
  if (header.maxTimestamp !== header.baseTimestamp) form |= LATER
  if (header.lastOffsetDelta !== 0) form |= MANY
  if (header.attributes !== 0) form |= ATTRIBUTES
  if (header.producerId >= 0) form |= PRODUCER
  else if (header.producerEpoch === 0) form |= ZEROS
  if (header.leaderEpoch === 0) form |= LEADER_ZERO
  return form
}
