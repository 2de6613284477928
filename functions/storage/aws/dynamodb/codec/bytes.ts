/**
 * Numbers in as few bytes as they need. A varint is unsigned, seven bits a byte, lowest first; signed numbers are zigzag:
 * 0, -1, 1, -2. Both hold every safe integer.
 */

export class BlobWriter {
  #bytes = new Uint8Array(256)
  #length = 0

  u8(value: number): void {
    const at = this.#room(1)
    this.#bytes[at] = value
  }

  /** Big-endian, the lowest `count` bytes. */
  unsigned(value: number, count: number): void {
    let at = this.#room(count) + count
    let rest = value
    for (let left = count; left > 0; left -= 1) {
      at -= 1
      this.#bytes[at] = rest % 256
      rest = Math.floor(rest / 256)
    }
  }

  /** Throws a RangeError for a number that is negative, broken or not exact. */
  varint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no unsigned number`)
    let rest = value
    while (rest > 127) {
      this.u8((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    this.u8(rest)
  }

  signed(value: number): void {
    // A negative one is odd; twice a safe integer need not be safe, so the lowest seven bits go first.
    const magnitude = value < 0 ? -(value + 1) : value
    const low = (magnitude % 64) * 2 + (value < 0 ? 1 : 0)
    const high = Math.floor(magnitude / 64)
    this.u8(high > 0 ? low + 128 : low)
    if (high > 0) this.varint(high)
  }

  bytes(value: Uint8Array): void {
    const at = this.#room(value.length)
    this.#bytes.set(value, at)
  }

  /** Length and UTF-8. */
  text(value: string): void {
    const encoded = Buffer.from(value)
    this.varint(encoded.length)
    this.bytes(encoded)
  }

  done(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length)
  }

  #room(count: number): number {
    const at = this.#length
    this.#length += count
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2))
      grown.set(this.#bytes)
      this.#bytes = grown
    }
    return at
  }
}

/** Reads what BlobWriter wrote. Throws a RangeError past the end. */
export class BlobReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  u8(): number {
    const value = this.#bytes[this.#at]
    if (value === undefined) throw new RangeError("the bytes end early")
    this.#at += 1
    return value
  }

  unsigned(count: number): number {
    let value = 0
    for (let left = count; left > 0; left -= 1) value = value * 256 + this.u8()
    return value
  }

  varint(): number {
    let value = 0
    for (let unit = 1; ; unit *= 128) {
      const byte = this.u8()
      value += (byte % 128) * unit
      if (byte < 128) return value
    }
  }

  signed(): number {
    const low = this.u8()
    const high = low > 127 ? this.varint() : 0
    const magnitude = high * 64 + Math.floor((low % 128) / 2)
    return low % 2 === 0 ? magnitude : -magnitude - 1
  }

  /** A view. */
  bytes(count: number): Uint8Array {
    if (count > this.left) throw new RangeError("the bytes end early")
    this.#at += count
    return this.#bytes.subarray(this.#at - count, this.#at)
  }

  text(): string {
    return Buffer.from(this.bytes(this.varint())).toString()
  }
}
