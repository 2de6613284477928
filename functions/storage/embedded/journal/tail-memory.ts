interface Extent {
  readonly fileNumber: number
  readonly position: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** In the place of what was given back, until the list is cut: it must not keep the memory. */
const EVICTED: Extent = { fileNumber: -1, position: 0, bytes: new Uint8Array(0) }

/** Merged extents stay below this, so that memory is given back in small steps. */
const MERGED_BYTES = 64 * 1024

/**
 * The newest bytes of the journal, kept in memory so that readers at the tail are answered without touching the disk.
 * Oldest first out: what is kept is always a suffix of the journal, found by binary search.
 */
export class TailMemory {
  readonly #maxBytes: number
  #extents: Extent[] = []
  #first = 0
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Takes bytes that were written at the journal's end. Their memory is kept, and must not change any more. */
  add(fileNumber: number, position: number, bytes: Uint8Array<ArrayBuffer>): void {
    const last = this.#extents.at(-1)
    const merged = last === undefined ? undefined : mergedExtent(last, fileNumber, position, bytes)
    if (merged === undefined) this.#extents.push({ fileNumber, position, bytes })
    else this.#extents[this.#extents.length - 1] = merged
    this.#bytes += bytes.length
    this.#evict()
  }

  /** The bytes at this place of the journal, or `undefined` where they are not in memory any more. */
  find(fileNumber: number, position: number, size: number): Uint8Array<ArrayBuffer> | undefined {
    let low = this.#first
    let high = this.#extents.length - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const extent = this.#extents[middle]
      if (extent === undefined) return undefined
      if (extent.fileNumber > fileNumber || (extent.fileNumber === fileNumber && extent.position > position)) {
        high = middle - 1
      } else low = middle + 1
    }
    const found = high < this.#first ? undefined : this.#extents[high]
    if (found === undefined || found.fileNumber !== fileNumber) return undefined
    const at = position - found.position
    return at + size > found.bytes.length ? undefined : found.bytes.subarray(at, at + size)
  }

  #evict(): void {
    while (this.#bytes > this.#maxBytes) {
      const extent = this.#extents[this.#first]
      if (extent === undefined) return
      this.#bytes -= extent.bytes.length
      this.#extents[this.#first++] = EVICTED
    }
    if (this.#first > 64 && this.#first * 2 > this.#extents.length) {
      this.#extents = this.#extents.slice(this.#first)
      this.#first = 0
    }
  }
}

/** One extent for both, where they follow each other in the file and in memory. */
function mergedExtent(
  last: Extent,
  fileNumber: number,
  position: number,
  bytes: Uint8Array<ArrayBuffer>,
): Extent | undefined {
  const before = last.bytes
  const follows =
    last.fileNumber === fileNumber &&
    last.position + before.length === position &&
    before.buffer === bytes.buffer &&
    before.byteOffset + before.length === bytes.byteOffset
  if (!follows || before.length + bytes.length > MERGED_BYTES) return undefined
  const whole = new Uint8Array(bytes.buffer, before.byteOffset, before.length + bytes.length)
  return { fileNumber, position: last.position, bytes: whole }
}
