// LZ4 and Zstandard frames are little-endian, unlike everything of Kafka's.

export function readU16LE(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
}

export function readU24LE(bytes: Uint8Array, at: number): number {
  return readU16LE(bytes, at) | ((bytes[at + 2] ?? 0) << 16)
}

export function readU32LE(bytes: Uint8Array, at: number): number {
  return (readU24LE(bytes, at) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
}

/** Inexact above 2^53, which is good enough to compare with a bound. */
export function readU64LE(bytes: Uint8Array, at: number): number {
  return readU32LE(bytes, at) + readU32LE(bytes, at + 4) * 0x1_0000_0000
}

export function writeU32LE(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value
  bytes[at + 1] = value >>> 8
  bytes[at + 2] = value >>> 16
  bytes[at + 3] = value >>> 24
}
