import { readU32LE } from "./byte-order.ts"

const MIN_MATCH = 4
/** What two bytes can say, in LZ4 and in Snappy's two-byte copies. */
const MAX_DISTANCE = 0xffff
const MAX_HASH_BITS = 14
/** Knuth's multiplicative hash. */
const HASH_FACTOR = 0x9e37_79b1
/** After 2^6 misses in a row the search takes two steps at a time, then three: it hurries over incompressible data. */
const SKIP_SHIFT = 6

/** Receives the literals `[literalStart, literalEnd)` and the copy of `length` bytes, `distance` back, that follows. */
export type OnMatch = (literalStart: number, literalEnd: number, distance: number, length: number) => void

/**
 * Finds repetitions of at least four bytes in `bytes[start, end)`, greedily, with one hash table.
 * The last `tail` bytes are never part of a match (LZ4 wants some literals at the end), nor do matches start within
 * four bytes of them. Returns where the last literals start.
 */
export function findMatches(bytes: Uint8Array, start: number, end: number, tail: number, onMatch: OnMatch): number {
  const limit = end - tail
  const hashShift = 32 - hashBits(end - start)
  const table = new Int32Array(1 << (32 - hashShift)).fill(-1)
  let anchor = start
  let at = start
  let misses = 1 << SKIP_SHIFT
  while (at + MIN_MATCH <= limit) {
    const word = readU32LE(bytes, at)
    const slot = Math.imul(word, HASH_FACTOR) >>> hashShift
    const candidate = table[slot] ?? -1
    table[slot] = at
    if (candidate < 0 || at - candidate > MAX_DISTANCE || readU32LE(bytes, candidate) !== word) {
      at += misses++ >> SKIP_SHIFT
      continue
    }
    const distance = at - candidate
    let matchEnd = at + MIN_MATCH
    while (matchEnd < limit && bytes[matchEnd] === bytes[matchEnd - distance]) matchEnd++
    onMatch(anchor, at, distance, matchEnd - at)
    anchor = at = matchEnd
    misses = 1 << SKIP_SHIFT
  }
  return anchor
}

/** A small input does not pay for clearing a large table. */
function hashBits(size: number): number {
  return Math.min(MAX_HASH_BITS, Math.max(8, 32 - Math.clz32(size)))
}
