import { readU32LE } from "./byte-order.ts"

const PRIME_1 = 0x9e37_79b1
const PRIME_2 = 0x85eb_ca77
const PRIME_3 = 0xc2b2_ae3d
const PRIME_4 = 0x27d4_eb2f
const PRIME_5 = 0x1656_67b1

/** xxHash32 with seed 0, the checksum of the LZ4 frame format, as an unsigned 32-bit number. */
export function xxh32(bytes: Uint8Array): number {
  const length = bytes.length
  let at = 0
  let hash = PRIME_5
  if (length >= 16) {
    let lane1 = (PRIME_1 + PRIME_2) | 0
    let lane2 = PRIME_2 | 0
    let lane3 = 0
    let lane4 = -PRIME_1 | 0
    for (; at <= length - 16; at += 16) {
      lane1 = round(lane1, readU32LE(bytes, at))
      lane2 = round(lane2, readU32LE(bytes, at + 4))
      lane3 = round(lane3, readU32LE(bytes, at + 8))
      lane4 = round(lane4, readU32LE(bytes, at + 12))
    }
    hash = rotate(lane1, 1) + rotate(lane2, 7) + rotate(lane3, 12) + rotate(lane4, 18)
  }
  hash = (hash + length) | 0
  for (; at <= length - 4; at += 4) {
    hash = Math.imul(rotate((hash + Math.imul(readU32LE(bytes, at), PRIME_3)) | 0, 17), PRIME_4)
  }
  for (; at < length; at++) {
    hash = Math.imul(rotate((hash + Math.imul(bytes[at] ?? 0, PRIME_5)) | 0, 11), PRIME_1)
  }
  return avalanche(hash)
}

function round(lane: number, input: number): number {
  return Math.imul(rotate((lane + Math.imul(input, PRIME_2)) | 0, 13), PRIME_1)
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

function avalanche(input: number): number {
  let hash = Math.imul(input ^ (input >>> 15), PRIME_2)
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3)
  return (hash ^ (hash >>> 16)) >>> 0
}
