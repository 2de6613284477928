import { RecordBatchError } from "./errors.ts"
import { MAX_I32 } from "./layout.ts"
import type { HeaderPair, RecordInput } from "./types.ts"
import { utf8Size, writeUtf8 } from "./utf8.ts"
import { varintSize, varlongSize, writeVarint, writeVarlong } from "./varint.ts"

// A record, with varints as in varint.ts:
//
//   length varint | attributes i8 | timestampDelta varlong | offsetDelta varint
//   | keyLength varint (-1: null) | key | valueLength varint (-1: null) | value
//   | headerCount varint | (keyLength varint | key | valueLength varint (-1: null) | value)*

const NO_HEADERS: readonly HeaderPair[] = []

/** Bytes of a record without its length prefix. */
export function recordBodySize(record: RecordInput, timestampDelta: number, offsetDelta: number): number {
  const headers = record.headers ?? NO_HEADERS
  const fixed = 1 + varlongSize(timestampDelta) + varintSize(offsetDelta)
  return fixed + blobSize(record.key) + blobSize(record.value) + headersSize(headers)
}

/** Writes a record with its length prefix; returns the position after it. */
export function writeRecord(
  bytes: Uint8Array,
  at: number,
  record: RecordInput,
  timestampDelta: number,
  offsetDelta: number,
): number {
  let next = writeVarint(bytes, at, recordBodySize(record, timestampDelta, offsetDelta))
  bytes[next++] = 0
  next = writeVarlong(bytes, next, timestampDelta)
  next = writeVarint(bytes, next, offsetDelta)
  next = writeBlob(bytes, next, record.key)
  next = writeBlob(bytes, next, record.value)
  return writeHeaders(bytes, next, record.headers ?? NO_HEADERS)
}

function blobSize(blob: Uint8Array | null): number {
  if (blob === null) return 1
  const size = blob.length
  if (size > MAX_I32) {
    throw new RecordBatchError("out_of_range", `A key or value of ${size} bytes does not fit a batch of at most 2 GiB.`)
  }
  return varintSize(size) + size
}

function headersSize(headers: readonly HeaderPair[]): number {
  let size = varintSize(headers.length)
  for (const [key, value] of headers) {
    const keySize = utf8Size(key)
    size += varintSize(keySize) + keySize + blobSize(value)
  }
  return size
}

function writeHeaders(bytes: Uint8Array, at: number, headers: readonly HeaderPair[]): number {
  let next = writeVarint(bytes, at, headers.length)
  for (const [key, value] of headers) {
    const keySize = utf8Size(key)
    next = writeVarint(bytes, next, keySize)
    next = writeUtf8(bytes, next, key, keySize)
    next = writeBlob(bytes, next, value)
  }
  return next
}

function writeBlob(bytes: Uint8Array, at: number, blob: Uint8Array | null): number {
  if (blob === null) return writeVarint(bytes, at, -1)
  const next = writeVarint(bytes, at, blob.length)
  bytes.set(blob, next)
  return next + blob.length
}
