/** Where one batch lies. */
export interface BatchLocation {
  readonly baseOffset: number
  readonly recordCount: number
  readonly maxTimestamp: number
  readonly fileNumber: number
  /** Position of the frame; the batch follows its header. */
  readonly position: number
  /** Bytes of the batch. */
  readonly size: number
}

const CHUNK = 1024
const FIRST_CAPACITY = 8

interface Columns {
  readonly baseOffset: Float64Array
  readonly maxTimestamp: Float64Array
  readonly fileNumber: Uint32Array
  readonly position: Uint32Array
  readonly size: Uint32Array
  readonly recordCount: Uint32Array
}

interface Chunk {
  columns: Columns
  capacity: number
  used: number
  greatestTimestamp: number
}

/**
 * The batches of one partition in offset order, as columns of 32 bytes a batch: tens of millions of them must fit in
 * memory, which they would not as objects. Grows at the end, is trimmed at the start.
 */
export class BatchIndex {
  readonly #chunks: Chunk[] = []
  /** Trimmed entries at the start of the first chunk. */
  #skipped = 0
  #length = 0
  #bytes = 0

  get length(): number {
    return this.#length
  }

  /** Sum of the batches' sizes. */
  get bytes(): number {
    return this.#bytes
  }

  push(
    baseOffset: number,
    recordCount: number,
    maxTimestamp: number,
    fileNumber: number,
    position: number,
    size: number,
  ): void {
    const chunk = this.#chunkWithRoom()
    const { columns, used } = chunk
    columns.baseOffset[used] = baseOffset
    columns.maxTimestamp[used] = maxTimestamp
    columns.fileNumber[used] = fileNumber
    columns.position[used] = position
    columns.size[used] = size
    columns.recordCount[used] = recordCount
    chunk.used++
    if (maxTimestamp > chunk.greatestTimestamp) chunk.greatestTimestamp = maxTimestamp
    this.#length++
    this.#bytes += size
  }

  /** Entry `ordinal`, counted from the first that is not trimmed. Throws a RangeError where there is none. */
  at(ordinal: number): BatchLocation {
    const slot = ordinal + this.#skipped
    const columns = this.#chunks[Math.floor(slot / CHUNK)]?.columns
    if (columns === undefined || ordinal < 0 || ordinal >= this.#length) throw new RangeError(`no batch ${ordinal}`)
    const at = slot % CHUNK
    return {
      baseOffset: columns.baseOffset[at] ?? 0,
      recordCount: columns.recordCount[at] ?? 0,
      maxTimestamp: columns.maxTimestamp[at] ?? 0,
      fileNumber: columns.fileNumber[at] ?? 0,
      position: columns.position[at] ?? 0,
      size: columns.size[at] ?? 0,
    }
  }

  /** The last entry whose base offset is at or below `offset`: the one that holds it, if any does; -1 where none is. */
  find(offset: number): number {
    let low = 0
    let high = this.#length - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      if (this.#baseOffset(middle) <= offset) low = middle + 1
      else high = middle - 1
    }
    return high
  }

  /** The first entry whose greatest timestamp is at or after `timestamp`; -1 where none is. Skips whole chunks. */
  findTimestamp(timestamp: number): number {
    for (const [number, chunk] of this.#chunks.entries()) {
      if (chunk.greatestTimestamp < timestamp) continue
      for (let at = number === 0 ? this.#skipped : 0; at < chunk.used; at++) {
        if ((chunk.columns.maxTimestamp[at] ?? 0) >= timestamp) return number * CHUNK + at - this.#skipped
      }
    }
    return -1
  }

  /** The first entry in file `fileNumber` or a later one; `length` where there is none. Files only grow along the index. */
  findFile(fileNumber: number): number {
    let low = 0
    let high = this.#length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.at(middle).fileNumber < fileNumber) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Drops the batches that end at or before `offset`, telling the file and size of each. */
  trim(offset: number, dropped: (fileNumber: number, size: number) => void): void {
    while (this.#length > 0) {
      const first = this.at(0)
      if (first.baseOffset + first.recordCount > offset) return
      dropped(first.fileNumber, first.size)
      this.#bytes -= first.size
      this.#length--
      this.#skipped++
      if (this.#skipped === CHUNK || this.#length === 0) {
        this.#chunks.shift()
        this.#skipped = 0
      }
    }
  }

  #baseOffset(ordinal: number): number {
    const slot = ordinal + this.#skipped
    return this.#chunks[Math.floor(slot / CHUNK)]?.columns.baseOffset[slot % CHUNK] ?? 0
  }

  #chunkWithRoom(): Chunk {
    const last = this.#chunks.at(-1)
    if (last !== undefined && last.used < last.capacity) return last
    if (last !== undefined && last.capacity < CHUNK) {
      last.capacity = Math.min(CHUNK, last.capacity * 4)
      last.columns = columnsOf(last.capacity, last.columns)
      return last
    }
    const capacity = last === undefined ? FIRST_CAPACITY : CHUNK
    const chunk = { columns: columnsOf(capacity), capacity, used: 0, greatestTimestamp: Number.NEGATIVE_INFINITY }
    this.#chunks.push(chunk)
    return chunk
  }
}

function columnsOf(capacity: number, old?: Columns): Columns {
  const grown: Columns = {
    baseOffset: new Float64Array(capacity),
    maxTimestamp: new Float64Array(capacity),
    fileNumber: new Uint32Array(capacity),
    position: new Uint32Array(capacity),
    size: new Uint32Array(capacity),
    recordCount: new Uint32Array(capacity),
  }
  if (old === undefined) return grown
  grown.baseOffset.set(old.baseOffset)
  grown.maxTimestamp.set(old.maxTimestamp)
  grown.fileNumber.set(old.fileNumber)
  grown.position.set(old.position)
  grown.size.set(old.size)
  grown.recordCount.set(old.recordCount)
  return grown
}
