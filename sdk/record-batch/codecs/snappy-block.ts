import { readU16LE, readU24LE, readU32LE } from "./byte-order.ts"
import { corrupt } from "./codec-errors.ts"
import { copyMatch } from "./copy-match.ts"
import { findMatches } from "./lz-matches.ts"

// A raw Snappy block (google/snappy, format_description.txt): the decompressed length as a varint, then elements
// whose first byte says in its two low bits what they are:
//
//   0 literal:  6 bits length-1, or 60..63: the length-1 follows in 1..4 bytes; then the bytes
//   1 copy:     3 bits length-4, 11 bits distance (3 above, one byte after)
//   2 copy:     6 bits length-1, distance in 2 bytes          3 copy: the same with 4 bytes

const MAX_COPY = 64

/** Decompressed length that a raw block declares, and where its elements start. Throws `corrupt`. */
export function readSnappyLength(block: Uint8Array): { length: number; start: number } {
  let length = 0
  for (let at = 0; at < 5 && at < block.length; at++) {
    const byte = block[at] ?? 0
    length += (byte & 0x7f) * 2 ** (7 * at)
    if (byte < 0x80 && length <= 0xffff_ffff) return { length, start: at + 1 }
  }
  throw corrupt("snappy", "do not start with a length")
}

/** Decompresses a raw block whose declared length the caller found acceptable. Throws `corrupt`. */
export function decompressSnappyBlock(block: Uint8Array): Uint8Array {
  const { length, start } = readSnappyLength(block)
  // No element turns one byte into more than 64: do not allocate for a length that cannot come true.
  if (length > block.length * MAX_COPY) throw corrupt("snappy", `declare ${length} bytes, more than they can hold`)
  const out = new Uint8Array(length)
  let at = start
  let to = 0
  while (at < block.length) {
    const tag = block[at++] ?? 0
    if ((tag & 3) === 0) {
      const extra = Math.max((tag >>> 2) - 59, 0)
      const size = 1 + (extra === 0 ? tag >>> 2 : readLittleEndian(block, at, extra))
      at += extra
      if (size > block.length - at || size > length - to) throw corrupt("snappy", `have a bad literal at byte ${at}`)
      out.set(block.subarray(at, at + size), to)
      at += size
      to += size
    } else {
      const distanceBytes = (tag & 3) === 3 ? 4 : tag & 3
      const size = (tag & 3) === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1
      const distance = readLittleEndian(block, at, distanceBytes) + ((tag & 3) === 1 ? (tag >>> 5) << 8 : 0)
      at += distanceBytes
      if (at > block.length || distance === 0 || distance > to || size > length - to) {
        throw corrupt("snappy", `have a bad copy before byte ${at}`)
      }
      copyMatch(out, to, distance, size)
      to += size
    }
  }
  if (to !== length) throw corrupt("snappy", `hold ${to} bytes but declare ${length}`)
  return out
}

/** Compresses as one raw block. */
export function compressSnappyBlock(bytes: Uint8Array): Uint8Array {
  // The worst case of the reference implementation.
  const out = new Uint8Array(32 + bytes.length + Math.ceil(bytes.length / 6))
  let to = writeLength(out, bytes.length)
  const lastLiterals = findMatches(bytes, 0, bytes.length, 0, (literalStart, literalEnd, distance, length) => {
    to = writeLiteral(out, to, bytes, literalStart, literalEnd)
    to = writeCopies(out, to, distance, length)
  })
  to = writeLiteral(out, to, bytes, lastLiterals, bytes.length)
  return out.subarray(0, to)
}

function readLittleEndian(bytes: Uint8Array, at: number, size: number): number {
  if (size === 1) return bytes[at] ?? 0
  if (size === 2) return readU16LE(bytes, at)
  return size === 3 ? readU24LE(bytes, at) : readU32LE(bytes, at)
}

function writeLength(out: Uint8Array, length: number): number {
  let rest = length
  let to = 0
  for (; rest > 0x7f; rest >>>= 7) out[to++] = (rest & 0x7f) | 0x80
  out[to++] = rest
  return to
}

function writeLiteral(out: Uint8Array, at: number, bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return at
  const last = end - start - 1
  let to = at
  if (last < 60) {
    out[to++] = last << 2
  } else {
    const extra = Math.ceil((32 - Math.clz32(last)) / 8)
    out[to++] = (59 + extra) << 2
    for (let index = 0; index < extra; index++) out[to++] = last >>> (8 * index)
  }
  out.set(bytes.subarray(start, end), to)
  return to + end - start
}

/** Copies with a two-byte distance, 64 bytes at most each. */
function writeCopies(out: Uint8Array, at: number, distance: number, length: number): number {
  let to = at
  for (let rest = length; rest > 0; rest -= MAX_COPY) {
    out[to++] = ((Math.min(rest, MAX_COPY) - 1) << 2) | 2
    out[to++] = distance
    out[to++] = distance >>> 8
  }
  return to
}
