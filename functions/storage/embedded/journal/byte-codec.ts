/**
 * Writes numbers and text one after another, growing as needed. Big-endian.
 *
 * Each takes its room in a statement of its own: growing replaces the view, and `view.set(room(), value)` would have
 * looked the old one up before.
 */
export class ByteWriter {
  #bytes = new Uint8Array(4096)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  get length(): number {
    return this.#length
  }

  u8(value: number): void {
    const at = this.#room(1)
    this.#view.setUint8(at, value)
  }

  i16(value: number): void {
    const at = this.#room(2)
    this.#view.setInt16(at, value)
  }

  i32(value: number): void {
    const at = this.#room(4)
    this.#view.setInt32(at, value)
  }

  u32(value: number): void {
    const at = this.#room(4)
    this.#view.setUint32(at, value)
  }

  f64(value: number): void {
    const at = this.#room(8)
    this.#view.setFloat64(at, value)
  }

  bytes(value: Uint8Array): void {
    const at = this.#room(value.length)
    this.#bytes.set(value, at)
  }

  /** Length (-1: `undefined`) and UTF-8. */
  text(value: string | undefined): void {
    const encoded = value === undefined ? undefined : Buffer.from(value)
    this.i32(encoded?.length ?? -1)
    if (encoded !== undefined) this.bytes(encoded)
  }

  /** What was written so far; the writer starts again. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, this.#length)
    this.#length = 0
    return taken
  }

  #room(bytes: number): number {
    const at = this.#length
    const needed = at + bytes
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
      grown.set(this.#bytes)
      this.#bytes = grown
      this.#view = new DataView(grown.buffer)
    }
    this.#length = needed
    return at
  }
}

/** Reads what ByteWriter wrote. Throws a RangeError past the end. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  get done(): boolean {
    return this.#at === this.#bytes.length
  }

  u8(): number {
    return this.#view.getUint8(this.#next(1))
  }

  i16(): number {
    return this.#view.getInt16(this.#next(2))
  }

  i32(): number {
    return this.#view.getInt32(this.#next(4))
  }

  u32(): number {
    return this.#view.getUint32(this.#next(4))
  }

  f64(): number {
    return this.#view.getFloat64(this.#next(8))
  }

  bytes(count: number): Uint8Array {
    const at = this.#next(count)
    if (this.#at > this.#bytes.length) throw new RangeError("the bytes end early")
    return this.#bytes.subarray(at, at + count)
  }

  text(): string | undefined {
    const length = this.i32()
    return length === -1 ? undefined : Buffer.from(this.bytes(length)).toString()
  }

  #next(bytes: number): number {
    const at = this.#at
    this.#at += bytes
    return at
  }
}
