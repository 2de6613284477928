import { readU16LE, readU24LE, readU32LE, readU64LE } from "./byte-order.ts"
import { corrupt } from "./codec-errors.ts"

// The Zstandard frame format (RFC 8878), little-endian:
//
//   magic u32 | descriptor u8 | window u8 (unless single segment) | dictionary id 0, 1, 2 or 4 bytes
//   | content size 0, 1, 2, 4 or 8 bytes | blocks | content checksum u32 (descriptor bit 2)
//   block: u24 = last (1 bit), type (2 bits), size (21 bits) | bytes
//
// Frames may follow one another, and skippable frames (magic 0x184D2A50 to 5F, size u32, bytes) lie between them.

const FRAME_MAGIC = 0xfd2f_b528
const SKIPPABLE_MAGIC = 0x184d_2a50

const SINGLE_SEGMENT_FLAG = 0x20
const RESERVED_FLAG = 0x08
const CHECKSUM_FLAG = 0x04
const DICTIONARY_MASK = 0x03

const RAW_BLOCK = 0
const RLE_BLOCK = 1
const COMPRESSED_BLOCK = 2
const MAX_BLOCK_BYTES = 0x2_0000
/** A compressed block has at least a literals header and a sequence count. */
const MIN_COMPRESSED_BYTES = 2
/** What decoders accept unless told otherwise, zlib among them. */
const MAX_WINDOW_BYTES = 0x800_0000

/** Each frame costs a decompressor of its own; a batch is written as one, so more than this many is an attack. */
const MAX_FRAMES = 64

export interface ZstdFrame {
  bytes: Uint8Array
  contentSize: number | undefined
  /** Bytes that it may decompress to at most. */
  maxBytes: number
}

/** Walks the frames without decompressing them. Throws `corrupt` where a header is wrong or bytes are missing. */
export function readZstdFrames(bytes: Uint8Array): ZstdFrame[] {
  const frames: ZstdFrame[] = []
  let at = 0
  while (at < bytes.length) {
    const magic = at + 8 <= bytes.length ? readU32LE(bytes, at) : 0
    if ((magic & ~0xf) >>> 0 === SKIPPABLE_MAGIC) {
      at += 8 + readU32LE(bytes, at + 4)
    } else {
      if (magic !== FRAME_MAGIC) throw corrupt("zstd", `have no Zstandard frame at byte ${at}`)
      const frame = readFrame(bytes, at)
      if (frames.push(frame) > MAX_FRAMES) throw corrupt("zstd", `have more than ${MAX_FRAMES} frames`)
      at += frame.bytes.length
    }
  }
  if (frames.length === 0 || at > bytes.length) throw corrupt("zstd", "are cut")
  return frames
}

function readFrame(bytes: Uint8Array, start: number): ZstdFrame {
  const descriptor = bytes[start + 4] ?? 0
  const singleSegment = (descriptor & SINGLE_SEGMENT_FLAG) !== 0
  if (descriptor & (RESERVED_FLAG | DICTIONARY_MASK)) throw corrupt("zstd", "need a dictionary or a newer format")
  const contentSizeAt = start + 5 + (singleSegment ? 0 : 1)
  const contentSizeBytes = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >>> 6] ?? 0
  requireBytes(bytes, contentSizeAt + contentSizeBytes)
  const contentSize = readContentSize(bytes, contentSizeAt, contentSizeBytes)
  const window = singleSegment ? (contentSize ?? 0) : windowSize(bytes[start + 5] ?? 0)
  if (!singleSegment && window > MAX_WINDOW_BYTES) throw corrupt("zstd", `ask for a window of ${window} bytes`)
  const blocks = walkBlocks(bytes, contentSizeAt + contentSizeBytes, Math.min(window, MAX_BLOCK_BYTES))
  const end = blocks.end + (descriptor & CHECKSUM_FLAG ? 4 : 0)
  requireBytes(bytes, end)
  return { bytes: bytes.subarray(start, end), contentSize, maxBytes: contentSize ?? blocks.maxBytes }
}

function walkBlocks(bytes: Uint8Array, start: number, blockMaxBytes: number): { end: number; maxBytes: number } {
  let at = start
  let maxBytes = 0
  for (;;) {
    requireBytes(bytes, at + 3)
    const header = readU24LE(bytes, at)
    const type = (header >>> 1) & 3
    const size = header >>> 3
    const min = type === COMPRESSED_BLOCK ? MIN_COMPRESSED_BYTES : 0
    if (type > COMPRESSED_BLOCK || size < min || size > blockMaxBytes)
      throw corrupt("zstd", `have a bad block header at byte ${at}`)
    at += 3 + (type === RLE_BLOCK ? 1 : size)
    maxBytes += type === RAW_BLOCK || type === RLE_BLOCK ? size : blockMaxBytes
    if (header & 1) return { end: at, maxBytes }
  }
}

function readContentSize(bytes: Uint8Array, at: number, size: number): number | undefined {
  if (size === 0) return undefined
  if (size === 1) return bytes[at] ?? 0
  if (size === 2) return readU16LE(bytes, at) + 256
  return size === 4 ? readU32LE(bytes, at) : readU64LE(bytes, at)
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >>> 3))
  return base + (base / 8) * (descriptor & 7)
}

function requireBytes(bytes: Uint8Array, end: number): void {
  if (end > bytes.length) throw corrupt("zstd", "are cut")
}
