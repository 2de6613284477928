import { RecordBatchError } from "./errors.ts"
import { MIN_RECORD_BYTES } from "./layout.ts"
import type { HeaderPair } from "./types.ts"
import { readUtf8 } from "./utf8.ts"

const TWO_32 = 0x1_0000_0000
const NO_HEADERS: readonly HeaderPair[] = Object.freeze([])

/** Reads records one field after another, never beyond the record's own end. Every failure is `bad_record`. */
export class RecordReader {
  readonly bytes: Uint8Array
  /** Position of the next byte. */
  at: number
  /** Number of the record being read, for messages. */
  private index = -1
  /** End of the record being read; between records, of all records. */
  private limit: number
  private readonly end: number

  constructor(bytes: Uint8Array, start: number, recordCount: number) {
    this.bytes = bytes
    this.at = start
    this.limit = bytes.length
    this.end = bytes.length
    // Also keeps a huge count over few bytes from costing anything.
    if (recordCount * MIN_RECORD_BYTES > this.end - start) {
      throw new RecordBatchError(
        "bad_count",
        `The header counts ${recordCount} records, which cannot fit the ${this.end - start} bytes of records.`,
      )
    }
  }

  /** Reads the length prefix and attributes (which have no meaning yet, so that any are accepted). */
  beginRecord(): void {
    this.index++
    const length = this.varint()
    if (length < MIN_RECORD_BYTES - 1 || length > this.end - this.at) {
      throw this.bad(`has length ${length} where ${this.end - this.at} bytes are left`)
    }
    this.limit = this.at + length
    this.at++
  }

  endRecord(): void {
    if (this.at !== this.limit) throw this.bad(`ends ${this.limit - this.at} bytes before its length says`)
    this.limit = this.end
  }

  endRecords(): void {
    if (this.at !== this.end) {
      throw new RecordBatchError("bad_count", `${this.end - this.at} bytes follow the last record at byte ${this.at}.`)
    }
  }

  varint(): number {
    const byte = this.at < this.limit ? (this.bytes[this.at] ?? 0) : 0x80
    if (byte > 0x7f) return this.longVarint()
    this.at++
    return (byte >>> 1) ^ -(byte & 1)
  }

  varlong(): number {
    const byte = this.at < this.limit ? (this.bytes[this.at] ?? 0) : 0x80
    if (byte > 0x7f) return this.longVarlong()
    this.at++
    return (byte >>> 1) ^ -(byte & 1)
  }

  /** Skips a key or value; returns its size, -1 for null. */
  skipBlob(): number {
    const length = this.blobLength()
    if (length > 0) this.at += length
    return length
  }

  /** A view of a key or value. A plain Uint8Array even over a Buffer, so that callers see one type. */
  blob(): Uint8Array | null {
    const length = this.blobLength()
    if (length < 0) return null
    const view = new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + this.at, length)
    this.at += length
    return view
  }

  headers(): readonly HeaderPair[] {
    const count = this.headerCount()
    if (count === 0) return NO_HEADERS
    const headers: HeaderPair[] = []
    for (let index = 0; index < count; index++) headers.push([this.headerKey(), this.blob()])
    return headers
  }

  /** Checks the headers as `headers` does, without keeping them. */
  skipHeaders(): void {
    const count = this.headerCount()
    for (let index = 0; index < count; index++) {
      this.headerKey()
      this.skipBlob()
    }
  }

  bad(sentence: string): RecordBatchError {
    return new RecordBatchError("bad_record", `Record ${this.index} ${sentence} (at byte ${this.at}).`)
  }

  private blobLength(): number {
    const length = this.varint()
    if (length < -1 || length > this.limit - this.at) {
      throw this.bad(`has a field of length ${length} where ${this.limit - this.at} bytes are left`)
    }
    return length
  }

  private headerCount(): number {
    const count = this.varint()
    if (count < 0) throw this.bad(`counts ${count} headers`)
    return count
  }

  private headerKey(): string {
    const length = this.blobLength()
    if (length < 0) throw this.bad("has a header without a key")
    const key = readUtf8(this.bytes, this.at, this.at + length)
    if (key === undefined) throw this.bad("has a header key that is not valid UTF-8")
    this.at += length
    return key
  }

  private longVarint(): number {
    let zigzag = 0
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = this.nextByte()
      if (shift === 28 && byte > 0x0f) throw this.bad("has a varint of more than 32 bits")
      zigzag |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    return (zigzag >>> 1) ^ -(zigzag & 1)
  }

  /** In 28-bit pieces, since a number holds 53 bits exactly and bit operations 32. */
  private longVarlong(): number {
    let low = 0
    let middle = 0
    let high = 0
    for (let shift = 0; shift <= 63; shift += 7) {
      const byte = this.nextByte()
      if (shift === 63 && byte > 1) throw this.bad("has a varlong of more than 64 bits")
      if (shift < 28) low |= (byte & 0x7f) << shift
      else if (shift < 56) middle |= (byte & 0x7f) << (shift - 28)
      else high |= (byte & 0x7f) << (shift - 56)
      if (byte < 0x80) break
    }
    return this.fromZigzag64((low | (middle << 28)) >>> 0, (middle >>> 4) | (high << 24))
  }

  private fromZigzag64(zigzagLow: number, zigzagHigh: number): number {
    const sign = -(zigzagLow & 1)
    const low = ((zigzagLow >>> 1) | (zigzagHigh << 31)) ^ sign
    const high = (zigzagHigh >>> 1) ^ sign
    const value = high * TWO_32 + (low >>> 0)
    if (!Number.isSafeInteger(value)) {
      throw new RecordBatchError(
        "out_of_range",
        `Record ${this.index} has a timestamp delta beyond 2^53 (at byte ${this.at}), which cannot be represented.`,
      )
    }
    return value
  }

  private nextByte(): number {
    if (this.at >= this.limit) throw this.bad("is cut in the middle of a number")
    return this.bytes[this.at++] ?? 0
  }
}
