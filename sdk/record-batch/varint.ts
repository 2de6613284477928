// Zigzag varints as in Protocol Buffers: `varint` holds 32 bits in up to 5 bytes, `varlong` 64 bits in up to 10.

const TWO_32 = 0x1_0000_0000

/** Bytes that a 32-bit integer takes as a zigzag varint. */
export function varintSize(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0
  if (zigzag < 0x80) return 1
  if (zigzag < 0x4000) return 2
  if (zigzag < 0x20_0000) return 3
  return zigzag < 0x1000_0000 ? 4 : 5
}

/** Writes a 32-bit integer as a zigzag varint; returns the position after it. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let zigzag = ((value << 1) ^ (value >> 31)) >>> 0
  let next = at
  while (zigzag > 0x7f) {
    bytes[next++] = (zigzag & 0x7f) | 0x80
    zigzag >>>= 7
  }
  bytes[next++] = zigzag
  return next
}

/** Bytes that a safe integer takes as a zigzag varlong. */
export function varlongSize(value: number): number {
  if (value === (value | 0)) return varintSize(value)
  let limit = value < 0 ? -1 - value : value
  let size = 1
  // 6 bits of magnitude in the first byte, beside the sign; 7 in each further one.
  while (limit >= 64) {
    limit = Math.floor(limit / 128)
    size++
  }
  return size
}

/** Writes a safe integer as a zigzag varlong; returns the position after it. */
export function writeVarlong(bytes: Uint8Array, at: number, value: number): number {
  if (value === (value | 0)) return writeVarint(bytes, at, value)
  const high = Math.floor(value / TWO_32)
  const low = value | 0
  const sign = high >> 31
  let zigzagLow = ((low << 1) ^ sign) >>> 0
  let zigzagHigh = (((high << 1) | (low >>> 31)) ^ sign) >>> 0
  let next = at
  while (zigzagHigh !== 0 || zigzagLow > 0x7f) {
    bytes[next++] = (zigzagLow & 0x7f) | 0x80
    zigzagLow = ((zigzagLow >>> 7) | (zigzagHigh << 25)) >>> 0
    zigzagHigh >>>= 7
  }
  bytes[next++] = zigzagLow
  return next
}
