import type { Codec } from "../types.ts"
import { writeU32LE } from "./byte-order.ts"
import { corrupt, guarded, tooLarge } from "./codec-errors.ts"
import { compressLz4Block, decompressLz4Block, maxLz4BlockSize } from "./lz4-block.ts"
import { LZ4_FRAME_MAGIC, type Lz4Frame, type Lz4Frames, readLz4Frames } from "./lz4-frame.ts"
import { xxh32 } from "./xxh32.ts"

/** What Kafka's Java client writes: version 1, independent blocks of 64 KiB at most, no checksums. */
const FLAGS = 0x60
const BLOCK_DESCRIPTOR = 0x40
const BLOCK_BYTES = 0x1_0000
const HEADER_BYTES = 7
const STORED_BLOCK_BIT = 0x8000_0000

/** An LZ4 frame implementation; `decompress` is called only for one plain, complete frame within the bound. */
export interface Lz4FrameLibrary {
  compress(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
  decompress(frame: Uint8Array): Uint8Array | Promise<Uint8Array>
}

/** The lz4 codec in plain JavaScript, or through `library` wherever that is sure to stay within the bound. */
export function lz4Codec(library?: Lz4FrameLibrary): Codec {
  return {
    compress: (bytes) => (library === undefined ? compressLz4(bytes) : library.compress(bytes)),
    decompress: (bytes, maxBytes) =>
      guarded("lz4", () => {
        const frames = readLz4Frames(bytes)
        if (frames.declaredBytes > maxBytes) throw tooLarge("lz4", maxBytes)
        const eligible = frames.plain && frames.maxBytes <= maxBytes
        return library !== undefined && eligible ? library.decompress(bytes) : decompressLz4(frames, maxBytes)
      }),
  }
}

function decompressLz4({ frames, maxBytes: most }: Lz4Frames, maxBytes: number): Uint8Array {
  const out = new Uint8Array(Math.min(most, maxBytes))
  let to = 0
  for (const frame of frames) to = decompressFrame(frame, out, to, maxBytes)
  // The bound may be far above what came out: do not keep that memory alive behind a view.
  return to * 2 < out.length ? out.slice(0, to) : out.subarray(0, to)
}

function decompressFrame(frame: Lz4Frame, out: Uint8Array, start: number, maxBytes: number): number {
  let to = start
  for (const block of frame.blocks) {
    const blockEnd = to + frame.blockMaxBytes
    const limit = Math.min(out.length, blockEnd)
    const overflow = () =>
      limit === blockEnd ? corrupt("lz4", "have a block that is too long") : tooLarge("lz4", maxBytes)
    if (block.stored) {
      if (block.bytes.length > limit - to) throw overflow()
      out.set(block.bytes, to)
      to += block.bytes.length
    } else {
      to = decompressLz4Block(block.bytes, out, to, limit, frame.independentBlocks ? to : start, overflow)
    }
  }
  if (frame.contentSize !== undefined && frame.contentSize !== to - start) {
    throw corrupt("lz4", `hold ${to - start} bytes but declare ${frame.contentSize}`)
  }
  if (frame.contentChecksum !== undefined && frame.contentChecksum !== xxh32(out.subarray(start, to))) {
    throw corrupt("lz4", "do not match their content checksum")
  }
  return to
}

function compressLz4(bytes: Uint8Array): Uint8Array {
  const blockCount = Math.ceil(bytes.length / BLOCK_BYTES)
  const out = new Uint8Array(HEADER_BYTES + blockCount * 4 + maxLz4BlockSize(bytes.length) + blockCount * 16 + 4)
  writeU32LE(out, 0, LZ4_FRAME_MAGIC)
  out[4] = FLAGS
  out[5] = BLOCK_DESCRIPTOR
  out[6] = (xxh32(out.subarray(4, 6)) >>> 8) & 0xff
  let to = HEADER_BYTES
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    to = writeBlock(bytes, start, Math.min(start + BLOCK_BYTES, bytes.length), out, to)
  }
  writeU32LE(out, to, 0)
  return out.subarray(0, to + 4)
}

function writeBlock(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  const blockEnd = compressLz4Block(bytes, start, end, out, at + 4)
  const size = blockEnd - at - 4
  if (size < end - start) {
    writeU32LE(out, at, size)
    return blockEnd
  }
  writeU32LE(out, at, (STORED_BLOCK_BIT | (end - start)) >>> 0)
  out.set(bytes.subarray(start, end), at + 4)
  return at + 4 + end - start
}
