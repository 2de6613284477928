import type { Crc32c } from "stratalog/record-batch"
import type {
  Awaitable,
  ReadOutcome,
  ReadRequest,
  StoredBatch,
  TimestampOutcome,
  Unavailable,
} from "../../../log/ports.ts"
import { errorCode } from "../files/index.ts"
import type { BatchLocation } from "./batch-index.ts"
import { batchFrameIsWhole, FRAME_HEADER_BYTES } from "./frame.ts"
import type { JournalFiles } from "./journal-files.ts"
import type { Partition } from "./partition.ts"
import { ReadAhead } from "./read-ahead.ts"
import type { ReadHandles } from "./read-handles.ts"
import type { TailMemory } from "./tail-memory.ts"

/** Frames of other partitions in between are read along up to here: a read of its own costs about as much. */
const GAP_BYTES = 16 * 1024

/** Reads of one answer, made side by side. */
const MAX_RUNS = 32

/** Batches next to each other in one file, which one read fetches. */
interface Run {
  readonly fileNumber: number
  readonly start: number
  end: number
  readonly batches: BatchLocation[]
}

type Corrupt = Extract<ReadOutcome, { kind: "corrupt" }>
type Fetched = { readonly kind: "fetched"; readonly batches: readonly StoredBatch[] } | Corrupt | Unavailable

/** Batches on their way, and the offset behind them. */
interface Stretch {
  readonly fetched: Awaitable<Fetched>
  readonly next: number
}

/** Reads batches: from memory at once where they are new enough, from the files otherwise. */
export class Reader {
  readonly #tail: TailMemory
  readonly #handles: ReadHandles
  readonly #files: JournalFiles
  readonly #crc32c: Crc32c
  readonly #ahead = new ReadAhead<Stretch>()

  constructor(tail: TailMemory, handles: ReadHandles, files: JournalFiles, crc32c: Crc32c) {
    this.#tail = tail
    this.#handles = handles
    this.#files = files
    this.#crc32c = crc32c
  }

  read(partition: Partition, request: ReadRequest): Awaitable<ReadOutcome> {
    const { watermarks } = partition
    const refused = outOfRange(partition, request.offset)
    if (refused !== undefined) return refused
    if (request.offset === watermarks.highWatermark) return { kind: "batches", batches: [], watermarks }
    const { fetched } = this.#stretch(partition, request)
    if (!(fetched instanceof Promise)) {
      return fetched.kind === "fetched" ? { kind: "batches", batches: fetched.batches, watermarks } : fetched
    }
    return fetched.then((outcome): ReadOutcome => {
      if (outcome.kind === "fetched") return { kind: "batches", batches: outcome.batches, watermarks }
      // What cannot be read may have been removed meanwhile; only the state says so.
      return partition.gone ? { kind: "unknown_partition" } : (outOfRange(partition, request.offset) ?? outcome)
    })
  }

  findByTimestamp(partition: Partition, timestamp: number): Awaitable<TimestampOutcome> {
    const { watermarks } = partition
    const ordinal = partition.index.findTimestamp(timestamp)
    if (ordinal === -1) return { kind: "none", watermarks }
    const location = partition.index.at(ordinal)
    const answer = (outcome: Fetched): TimestampOutcome => {
      if (outcome.kind !== "fetched") return outcome
      const batch = outcome.batches[0]
      return batch === undefined ? { kind: "none", watermarks } : { kind: "batch", batch, watermarks }
    }
    const fetched = this.#fetch([location])
    if (!(fetched instanceof Promise)) return answer(fetched)
    return fetched.then((outcome): Awaitable<TimestampOutcome> => {
      if (outcome.kind === "fetched") return answer(outcome)
      if (partition.gone) return { kind: "unknown_partition" }
      // The log start has passed the batch while it was read: look again from there.
      const passed = location.baseOffset + location.recordCount <= partition.committed.logStartOffset
      return passed ? this.findByTimestamp(partition, timestamp) : answer(outcome)
    })
  }

  /** What answers `request`; where that comes from disk and the reader goes through the log in order, what follows is begun. */
  #stretch(partition: Partition, request: ReadRequest): Stretch {
    const { offset, maxBytes, maxRecords } = request
    if (maxRecords !== undefined) return this.#begin(partition, request)
    const stretch = this.#ahead.take(partition, offset, maxBytes) ?? this.#begin(partition, request)
    if (stretch.fetched instanceof Promise) {
      this.#ahead.follow(partition, offset, stretch.next, maxBytes, () => {
        if (stretch.next >= partition.watermarks.highWatermark) return undefined
        const following = this.#begin(partition, { offset: stretch.next, maxBytes })
        return following.fetched instanceof Promise ? following : undefined
      })
    }
    return stretch
  }

  #begin(partition: Partition, request: ReadRequest): Stretch {
    const selected = select(partition, request)
    const last = selected.at(-1)
    return {
      fetched: this.#fetch(selected),
      next: last === undefined ? request.offset : last.baseOffset + last.recordCount,
    }
  }

  #fetch(locations: readonly BatchLocation[]): Awaitable<Fetched> {
    const batches: StoredBatch[] = []
    const runs: Run[] = []
    for (const location of locations) {
      const bytes = this.#tail.find(location.fileNumber, location.position + FRAME_HEADER_BYTES, location.size)
      if (bytes !== undefined) batches.push(storedBatch(location, bytes))
      else if (!addToRuns(runs, location)) break
    }
    // What memory holds is the newest: if anything has to be read, it comes before all of that.
    return runs.length === 0 ? { kind: "fetched", batches } : this.#readRuns(runs, batches)
  }

  async #readRuns(runs: readonly Run[], newer: readonly StoredBatch[]): Promise<Fetched> {
    const parts = await Promise.all(runs.map((run) => this.#readRun(run)))
    const batches: StoredBatch[] = []
    for (const part of parts) {
      if (part.kind !== "fetched") return part
      batches.push(...part.batches)
    }
    const last = batches.at(-1)
    // Runs may have been cut short of what memory holds: an answer has no gap.
    const next = last === undefined ? -1 : last.baseOffset + last.recordCount
    return { kind: "fetched", batches: newer[0]?.baseOffset === next ? [...batches, ...newer] : batches }
  }

  async #readRun(run: Run): Promise<Fetched> {
    const bytes = new Uint8Array(Buffer.allocUnsafeSlow(run.end - run.start).buffer)
    let count: number
    try {
      count = await this.#handles.with(run.fileNumber, (file) => file.read(bytes, run.start))
    } catch (error) {
      const where = this.#files.path(run.fileNumber)
      if (errorCode(error) === "ENOENT") return { kind: "corrupt", where, detail: "The file is missing." }
      const detail = `${where} cannot be read: ${error instanceof Error ? error.message : String(error)}`
      return { kind: "unavailable", reason: "storage_failed", sideEffects: "none", detail }
    }
    return this.#cut(run, bytes.subarray(0, count))
  }

  #cut(run: Run, bytes: Uint8Array): Fetched {
    const batches: StoredBatch[] = []
    for (const location of run.batches) {
      const at = location.position - run.start
      if (!batchFrameIsWhole(bytes, at, location, this.#crc32c)) {
        const where = `${this.#files.path(run.fileNumber)} at byte ${location.position}`
        const detail = `The batch at offset ${location.baseOffset} is not what was written: the disk has damaged it.`
        return { kind: "corrupt", where, detail }
      }
      const start = at + FRAME_HEADER_BYTES
      batches.push(storedBatch(location, bytes.subarray(start, start + location.size)))
    }
    return { kind: "fetched", batches }
  }
}

function outOfRange(partition: Partition, offset: number): ReadOutcome | undefined {
  const { watermarks } = partition
  if (offset < watermarks.logStartOffset) return { kind: "below_start", watermarks }
  if (offset > watermarks.highWatermark) return { kind: "beyond_end", watermarks }
  return undefined
}

/** The batches that answer `request`, which is within the log. */
function select(partition: Partition, request: ReadRequest): BatchLocation[] {
  const { index } = partition
  const selected: BatchLocation[] = []
  const { offset, maxBytes, maxRecords = Number.POSITIVE_INFINITY } = request
  let bytes = 0
  for (let ordinal = index.find(offset); ordinal < index.length; ordinal++) {
    const location = index.at(ordinal)
    bytes += location.size
    if (selected.length > 0 && bytes > maxBytes) break
    selected.push(location)
    if (location.baseOffset + location.recordCount - offset >= maxRecords) break
  }
  return selected
}

/** Answers false where no further run may be begun. */
function addToRuns(runs: Run[], location: BatchLocation): boolean {
  const end = location.position + FRAME_HEADER_BYTES + location.size
  const last = runs.at(-1)
  if (
    last !== undefined &&
    last.fileNumber === location.fileNumber &&
    location.position - last.end <= Math.min(GAP_BYTES, 2 * (last.end - last.start))
  ) {
    last.end = end
    last.batches.push(location)
    return true
  }
  if (runs.length === MAX_RUNS) return false
  runs.push({ fileNumber: location.fileNumber, start: location.position, end, batches: [location] })
  return true
}

function storedBatch(location: BatchLocation, bytes: Uint8Array): StoredBatch {
  const { baseOffset, recordCount, maxTimestamp } = location
  return { baseOffset, recordCount, maxTimestamp, bytes }
}
