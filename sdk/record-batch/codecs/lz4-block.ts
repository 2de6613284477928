import { readU16LE } from "./byte-order.ts"
import { corrupt } from "./codec-errors.ts"
import { copyMatch } from "./copy-match.ts"
import { findMatches } from "./lz-matches.ts"

// An LZ4 block (lz4_Block_format.md) is a series of sequences:
//
//   token: 4 bits literal length, 4 bits match length-4 | more literal length | literals
//   | distance u16 | more match length
//
// 15 in a length of the token means that bytes to add follow, up to the first that is not 255.
// The last sequence has literals only.

const MIN_MATCH = 4
const LENGTH_MASK = 15
/** A compressor must leave the last 5 bytes literal and start no match in the last 12. */
const LAST_LITERALS = 12

/**
 * Decompresses a block into `out` from `start`, never past `limit`; returns the position after it.
 * Matches may reach back to `historyStart`: the block's own start, or the frame's where blocks are linked.
 * Throws `corrupt`, and what `overflow` makes where the block holds more than fits.
 */
export function decompressLz4Block(
  block: Uint8Array,
  out: Uint8Array,
  start: number,
  limit: number,
  historyStart: number,
  overflow: () => Error,
): number {
  let to = start
  let at = 0
  const readLength = (nibble: number): number => {
    if (nibble < LENGTH_MASK) return nibble
    let length = nibble
    for (;;) {
      if (at >= block.length) throw corrupt("lz4", "have a length that is cut")
      const byte = block[at++] ?? 0
      length += byte
      if (byte !== 255) return length
    }
  }
  while (at < block.length) {
    const token = block[at++] ?? 0
    const literals = readLength(token >>> 4)
    if (literals > block.length - at) throw corrupt("lz4", "have literals beyond the end of a block")
    if (literals > limit - to) throw overflow()
    out.set(block.subarray(at, at + literals), to)
    at += literals
    to += literals
    if (at === block.length) return to
    if (block.length - at < 2) throw corrupt("lz4", "have a match that is cut")
    const distance = readU16LE(block, at)
    at += 2
    const length = readLength(token & LENGTH_MASK) + MIN_MATCH
    if (distance === 0 || distance > to - historyStart) throw corrupt("lz4", "have a match before the start")
    if (length > limit - to) throw overflow()
    copyMatch(out, to, distance, length)
    to += length
  }
  throw corrupt("lz4", "have a block that does not end with literals")
}

/** Bytes that compressing `size` bytes may take at most. */
export function maxLz4BlockSize(size: number): number {
  return size + Math.ceil(size / 255) + 16
}

/** Compresses `bytes[start, end)` into `out` from `at`; returns the position after the block. */
export function compressLz4Block(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  let to = at
  const lastLiterals = findMatches(bytes, start, end, LAST_LITERALS, (literalStart, literalEnd, distance, length) => {
    const tokenAt = to++
    const literals = literalEnd - literalStart
    const extra = length - MIN_MATCH
    out[tokenAt] = (Math.min(literals, LENGTH_MASK) << 4) | Math.min(extra, LENGTH_MASK)
    to = writeLength(out, to, literals)
    out.set(bytes.subarray(literalStart, literalEnd), to)
    to += literals
    out[to++] = distance
    out[to++] = distance >>> 8
    to = writeLength(out, to, extra)
  })
  const literals = end - lastLiterals
  out[to++] = Math.min(literals, LENGTH_MASK) << 4
  to = writeLength(out, to, literals)
  out.set(bytes.subarray(lastLiterals, end), to)
  return to + literals
}

/** The bytes by which a length exceeds what the token says. */
function writeLength(out: Uint8Array, at: number, length: number): number {
  if (length < LENGTH_MASK) return at
  let to = at
  let rest = length - LENGTH_MASK
  for (; rest >= 255; rest -= 255) out[to++] = 255
  out[to++] = rest
  return to
}
