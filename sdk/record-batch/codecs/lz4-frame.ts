import { readU32LE, readU64LE } from "./byte-order.ts"
import { corrupt } from "./codec-errors.ts"
import { xxh32 } from "./xxh32.ts"

// The LZ4 frame format (lz4_Frame_format.md), little-endian:
//
//   magic u32 | FLG | BD | content size u64 (FLG bit 3) | dictionary id u32 (FLG bit 0) | header checksum u8
//   (size u32, top bit: stored uncompressed | block | block checksum u32 (FLG bit 4))* | end mark u32 = 0
//   | content checksum u32 (FLG bit 2)
//
// Frames may follow one another, and skippable frames (magic 0x184D2A50 to 5F, size u32, bytes) lie between them.

export const LZ4_FRAME_MAGIC = 0x184d_2204
const SKIPPABLE_MAGIC = 0x184d_2a50

const INDEPENDENT_BLOCKS_FLAG = 0x20
const BLOCK_CHECKSUM_FLAG = 0x10
const CONTENT_SIZE_FLAG = 0x08
const CONTENT_CHECKSUM_FLAG = 0x04
const RESERVED_FLAG = 0x02
const DICTIONARY_FLAG = 0x01
const STORED_BLOCK_BIT = 0x8000_0000

/** A byte of a length adds 255 at most, so a block cannot expand more. */
const MAX_EXPANSION = 255

export interface Lz4Block {
  bytes: Uint8Array
  stored: boolean
  /** Bytes that it may decompress to at most. */
  maxBytes: number
}

export interface Lz4Frame {
  independentBlocks: boolean
  /** Most bytes of one block. */
  blockMaxBytes: number
  blocks: Lz4Block[]
  contentSize: number | undefined
  contentChecksum: number | undefined
}

export interface Lz4Frames {
  frames: Lz4Frame[]
  /** Whether the bytes are just one frame, with none to skip. */
  plain: boolean
  /** What the frames that declare a content size declare together. */
  declaredBytes: number
  /** Bytes that they may decompress to at most. */
  maxBytes: number
}

/** Walks the frames without decompressing them. Throws `corrupt` where a header or checksum is wrong or bytes miss. */
export function readLz4Frames(bytes: Uint8Array): Lz4Frames {
  const frames: Lz4Frame[] = []
  let skipped = 0
  let declaredBytes = 0
  let maxBytes = 0
  let at = 0
  while (at < bytes.length) {
    const magic = at + 8 <= bytes.length ? readU32LE(bytes, at) : 0
    if ((magic & ~0xf) >>> 0 === SKIPPABLE_MAGIC) {
      at += 8 + readU32LE(bytes, at + 4)
      skipped++
    } else {
      const { frame, end } = readFrame(bytes, at, magic)
      for (const block of frame.blocks) maxBytes += block.maxBytes
      declaredBytes += frame.contentSize ?? 0
      frames.push(frame)
      at = end
    }
  }
  if (frames.length === 0 || at > bytes.length) throw corrupt("lz4", "are cut")
  return { frames, plain: frames.length === 1 && skipped === 0, declaredBytes, maxBytes }
}

function readFrame(bytes: Uint8Array, start: number, magic: number): { frame: Lz4Frame; end: number } {
  if (magic !== LZ4_FRAME_MAGIC) throw corrupt("lz4", `have no LZ4 frame at byte ${start}`)
  const flags = bytes[start + 4] ?? 0
  if (flags >>> 6 !== 1 || flags & (RESERVED_FLAG | DICTIONARY_FLAG)) {
    throw corrupt("lz4", `have a frame of an unknown version or with a dictionary (flags ${flags})`)
  }
  const blockMaxBytes = blockMaximum(bytes[start + 5] ?? 0)
  const hasContentSize = (flags & CONTENT_SIZE_FLAG) !== 0
  const checksumAt = start + 6 + (hasContentSize ? 8 : 0)
  requireBytes(bytes, checksumAt + 1)
  if (bytes[checksumAt] !== ((xxh32(bytes.subarray(start + 4, checksumAt)) >>> 8) & 0xff)) {
    throw corrupt("lz4", "have a frame header whose checksum is wrong")
  }
  const { blocks, end } = readBlocks(bytes, checksumAt + 1, blockMaxBytes, (flags & BLOCK_CHECKSUM_FLAG) !== 0)
  const hasContentChecksum = (flags & CONTENT_CHECKSUM_FLAG) !== 0
  if (hasContentChecksum) requireBytes(bytes, end + 4)
  const frame = {
    independentBlocks: (flags & INDEPENDENT_BLOCKS_FLAG) !== 0,
    blockMaxBytes,
    blocks,
    contentSize: hasContentSize ? readU64LE(bytes, start + 6) : undefined,
    contentChecksum: hasContentChecksum ? readU32LE(bytes, end) : undefined,
  }
  return { frame, end: hasContentChecksum ? end + 4 : end }
}

function readBlocks(
  bytes: Uint8Array,
  start: number,
  blockMaxBytes: number,
  checksums: boolean,
): { blocks: Lz4Block[]; end: number } {
  const blocks: Lz4Block[] = []
  let at = start
  for (;;) {
    requireBytes(bytes, at + 4)
    const word = readU32LE(bytes, at)
    at += 4
    if (word === 0) return { blocks, end: at }
    const stored = word >= STORED_BLOCK_BIT
    const size = stored ? word - STORED_BLOCK_BIT : word
    if (size > blockMaxBytes) throw corrupt("lz4", `have a block of ${size} bytes, above the frame's ${blockMaxBytes}`)
    requireBytes(bytes, at + size + (checksums ? 4 : 0))
    const block = bytes.subarray(at, at + size)
    at += size
    if (checksums) {
      if (readU32LE(bytes, at) !== xxh32(block)) throw corrupt("lz4", "have a block whose checksum is wrong")
      at += 4
    }
    blocks.push({ bytes: block, stored, maxBytes: stored ? size : Math.min(blockMaxBytes, size * MAX_EXPANSION) })
  }
}

/** 64 KiB, 256 KiB, 1 MiB or 4 MiB. */
function blockMaximum(descriptor: number): number {
  const code = (descriptor >>> 4) & 7
  if (code < 4 || descriptor & 0x8f) throw corrupt("lz4", `have a bad block size in the frame header (${descriptor})`)
  return 2 ** (8 + 2 * code)
}

function requireBytes(bytes: Uint8Array, end: number): void {
  if (end > bytes.length) throw corrupt("lz4", "are cut")
}
