import { RecordBatchError } from "./errors.ts"

// Plain byte arithmetic: a DataView allocated per batch would cost more than the fields it reads.
// Callers have checked the bounds; `?? 0` only satisfies the type of an index access.

const TWO_32 = 0x1_0000_0000

export function readI16(bytes: Uint8Array, at: number): number {
  return (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16)) >> 16
}

export function readI32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
}

export function readU32(bytes: Uint8Array, at: number): number {
  return readI32(bytes, at) >>> 0
}

/** Throws `out_of_range` where the value is not exact as a number; `field` names it in the message. */
export function readI64(bytes: Uint8Array, at: number, field: string): number {
  const value = readI32(bytes, at) * TWO_32 + readU32(bytes, at + 4)
  if (!Number.isSafeInteger(value)) {
    throw new RecordBatchError("out_of_range", `${field} at byte ${at} is beyond 2^53 and cannot be represented.`)
  }
  return value
}

export function writeI16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8
  bytes[at + 1] = value
}

export function writeI32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 24
  bytes[at + 1] = value >> 16
  bytes[at + 2] = value >> 8
  bytes[at + 3] = value
}

export function writeI64(bytes: Uint8Array, at: number, value: number): void {
  writeI32(bytes, at, Math.floor(value / TWO_32))
  writeI32(bytes, at + 4, value)
}

/** Throws `out_of_range` unless `value` is an integer within the bounds (both included). */
export function requireInteger(field: string, value: number, min: number, max: number): void {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new RecordBatchError("out_of_range", `${field} is ${value}; it must be an integer from ${min} to ${max}.`)
  }
}
