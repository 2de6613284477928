/**
 * Walks a Kafka segment file batch by batch and does not stop where it is broken: behind a bad place it looks for the
 * next bytes that are a batch.
 */
import {
  BATCH_HEADER_BYTES,
  type BatchHeader,
  type Crc32c,
  RecordBatchError,
  readBatchHeader,
  verifyBatch,
} from "../../record-batch/index.ts"
import type { ByteSource } from "./window.ts"

export interface FoundBatch {
  readonly kind: "batch"
  /** Position in the file. */
  readonly at: number
  readonly header: BatchHeader
  readonly crcOk: boolean
  /** The whole batch; valid until the scan goes on. */
  readonly bytes: Uint8Array
}

/** Bytes that are no batch. */
export interface UnreadableBytes {
  readonly kind: "unreadable"
  readonly at: number
  readonly sizeInBytes: number
  /** A sentence. */
  readonly reason: string
}

/** Zeros up to the end of the file: brokers may allocate a segment ahead. */
export interface RoomAhead {
  readonly kind: "room"
  readonly at: number
  readonly sizeInBytes: number
}

export type SegmentEntry = FoundBatch | UnreadableBytes | RoomAhead

export async function* scanSegment(source: ByteSource, crc32c: Crc32c): AsyncGenerator<SegmentEntry> {
  for (let at = 0; at < source.size; ) {
    const found = await batchAt(source, at, crc32c)
    if (found.kind === "batch") {
      yield found
      at += found.header.sizeInBytes
    } else {
      const next = await nextBatch(source, at + 1, crc32c)
      const end = next ?? source.size
      const sizeInBytes = end - at
      if (next === undefined && (await isZero(source, at))) yield { kind: "room", at, sizeInBytes }
      else yield { kind: "unreadable", at, sizeInBytes, reason: found.reason }
      at = end
    }
  }
}

type Missing = { readonly kind: "none"; readonly reason: string }

async function batchAt(source: ByteSource, at: number, crc32c: Crc32c): Promise<FoundBatch | Missing> {
  const head = readHeader(await source.read(at, BATCH_HEADER_BYTES))
  if (head.kind === "none") return head
  const { header } = head
  if (header.sizeInBytes > source.size - at) {
    return {
      kind: "none",
      reason: `The batch needs ${header.sizeInBytes} bytes; the file ends after ${source.size - at}.`,
    }
  }
  const bytes = await source.read(at, header.sizeInBytes)
  if (isIntact(bytes, crc32c)) return { kind: "batch", at, header, crcOk: true, bytes }
  // Damage inside the records leaves the length right: then a batch, or the end, follows where it says.
  const follower = at + header.sizeInBytes
  if (follower < source.size) {
    const next = readHeader(await source.read(follower, BATCH_HEADER_BYTES))
    if (next.kind === "none")
      return { kind: "none", reason: "The CRC is wrong and the length leads to no other batch." }
  }
  return { kind: "batch", at, header, crcOk: false, bytes: await source.read(at, header.sizeInBytes) }
}

function readHeader(bytes: Uint8Array): { readonly kind: "header"; readonly header: BatchHeader } | Missing {
  try {
    return { kind: "header", header: readBatchHeader(bytes) }
  } catch (error) {
    if (!(error instanceof RecordBatchError)) throw error
    return { kind: "none", reason: headerProblem(error, bytes.length) }
  }
}

function headerProblem(error: RecordBatchError, available: number): string {
  if (error.code === "truncated")
    return `The file ends in a batch's header, after ${available} of ${BATCH_HEADER_BYTES} bytes.`
  return error.message.replace("The batch at byte 0", "What should be a batch")
}

function isIntact(bytes: Uint8Array, crc32c: Crc32c): boolean {
  try {
    verifyBatch(bytes, crc32c)
    return true
  } catch (error) {
    if (error instanceof RecordBatchError) return false
    throw error
  }
}

const SEARCH_BYTES = 1024 * 1024
const MAGIC_AT = 16
const MAGIC = 2

/** The first position from `from` on where a batch with a right CRC starts. */
async function nextBatch(source: ByteSource, from: number, crc32c: Crc32c): Promise<number | undefined> {
  for (let at = from; at < source.size; at += SEARCH_BYTES) {
    for (const candidate of candidates(await source.read(at, SEARCH_BYTES + BATCH_HEADER_BYTES))) {
      if (candidate >= SEARCH_BYTES) break
      const found = await batchAt(source, at + candidate, crc32c)
      if (found.kind === "batch" && found.crcOk) return at + candidate
    }
  }
  return undefined
}

/** Positions of all that looks like a header. */
function candidates(bytes: Uint8Array): number[] {
  const positions: number[] = []
  for (let magic = bytes.indexOf(MAGIC, MAGIC_AT); magic >= 0; magic = bytes.indexOf(MAGIC, magic + 1)) {
    const start = magic - MAGIC_AT
    // The topmost bytes of base offset and length are zero in any real batch: it keeps most of the noise out.
    if (bytes[start] === 0 && bytes[start + 8] === 0) positions.push(start)
  }
  return positions
}

async function isZero(source: ByteSource, from: number): Promise<boolean> {
  for (let at = from; at < source.size; at += SEARCH_BYTES) {
    const bytes = await source.read(at, SEARCH_BYTES)
    if (bytes.some((byte) => byte !== 0)) return false
  }
  return true
}
