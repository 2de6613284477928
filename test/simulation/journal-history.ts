import { readBatchHeader } from "stratalog/record-batch"
import type { AppendEntry, AppendOutcome, PartitionLog, PartitionRef, StoredBatch } from "../../functions/log/ports.ts"

/** A promise of the log that was broken. */
export class Violation extends Error {
  override readonly name = "Violation"
}

/** One batch that somebody tried to append, possibly several times. Known again by its CRC, as its record is unique. */
export interface Attempt {
  readonly entry: AppendEntry
  readonly crc: number
  /** `failed`: refused for certain; it must never be seen. `open`: nobody knows. */
  state: "open" | "acknowledged" | "failed"
  baseOffset: number | undefined
}

/** What one partition was asked and what it answered, against which its contents are checked. */
export class PartitionHistory {
  readonly ref: PartitionRef
  readonly attempts = new Map<number, Attempt>()
  /** What was seen at each base offset, by an acknowledgement or by a reader: it stays so. */
  readonly #seen = new Map<number, { readonly crc: number; readonly count: number }>()
  #highWatermark = 0
  logStart = { acknowledged: 0, asked: 0 }
  /** The fencing tokens that it may have. */
  fences: (string | undefined)[] = [undefined]
  deleted: "no" | "asked" | "yes" = "no"

  constructor(ref: PartitionRef) {
    this.ref = ref
  }

  get highWatermark(): number {
    return this.#highWatermark
  }

  answered(attempt: Attempt, outcome: AppendOutcome): void {
    if (outcome.kind === "appended" || (outcome.kind === "duplicate" && outcome.baseOffset !== undefined)) {
      attempt.state = "acknowledged"
      attempt.baseOffset = outcome.baseOffset
      this.#see(outcome.baseOffset ?? -1, attempt.crc, attempt.entry.recordCount)
    } else if (outcome.kind === "duplicate") attempt.state = "acknowledged"
    else if (outcome.kind === "sequence_gap" || outcome.kind === "stale_epoch") {
      throw new Violation(`lost producer state: ${JSON.stringify(outcome)} to the next sequence of a producer`)
    } else if (outcome.kind !== "unavailable" || outcome.sideEffects === "none") {
      // A retry that is refused says nothing of the attempts before it.
      if (attempt.state === "open" && attempt.entry.producer === undefined) attempt.state = "failed"
    }
  }

  saw(batch: StoredBatch): void {
    const header = readBatchHeader(batch.bytes)
    const attempt = this.attempts.get(header.crc)
    if (attempt === undefined) throw new Violation(`phantom: a batch at ${batch.baseOffset} that nobody appended`)
    if (attempt.state === "failed") throw new Violation(`aborted read: the batch at ${batch.baseOffset} had failed`)
    if (header.baseOffset !== batch.baseOffset || header.recordCount !== batch.recordCount) {
      throw new Violation(`the batch at ${batch.baseOffset} says it is at ${header.baseOffset}`)
    }
    if (!sameRecords(batch.bytes, attempt.entry.batch)) {
      throw new Violation(`damaged: the batch at ${batch.baseOffset} is not what was appended`)
    }
    if (attempt.baseOffset !== undefined && attempt.baseOffset !== batch.baseOffset) {
      throw new Violation(`duplicate: a batch at ${attempt.baseOffset} and at ${batch.baseOffset}`)
    }
    attempt.baseOffset = batch.baseOffset
    this.#see(batch.baseOffset, header.crc, batch.recordCount)
  }

  #see(baseOffset: number, crc: number, count: number): void {
    const known = this.#seen.get(baseOffset)
    if (known !== undefined && known.crc !== crc) {
      throw new Violation(`inconsistent offsets: two batches at offset ${baseOffset}`)
    }
    this.#seen.set(baseOffset, { crc, count })
    this.#highWatermark = Math.max(this.#highWatermark, baseOffset + count)
  }

  /** Reads the whole partition and checks it against everything known. */
  async verify(log: PartitionLog, maxBytes: number): Promise<void> {
    const described = await log.describe(this.ref)
    if (described.kind !== "partition") {
      if (described.kind === "unknown_partition" && this.deleted !== "no") {
        this.deleted = "yes"
        return
      }
      throw new Violation(`lost partition: ${JSON.stringify(described)}`)
    }
    if (this.deleted === "yes") throw new Violation("a deleted partition came back")
    const { logStartOffset, highWatermark, fencingToken } = described.state
    if (highWatermark < this.#highWatermark) {
      throw new Violation(`lost write: the log ends at ${highWatermark}, acknowledged up to ${this.#highWatermark}`)
    }
    if (logStartOffset < this.logStart.acknowledged || logStartOffset > this.logStart.asked) {
      throw new Violation(`log start ${logStartOffset}, not in ${JSON.stringify(this.logStart)}`)
    }
    if (!this.fences.includes(fencingToken)) throw new Violation(`fence ${fencingToken}, not in ${this.fences}`)
    this.fences = [fencingToken]
    this.logStart = { acknowledged: logStartOffset, asked: logStartOffset }
    await this.#readThrough(log, logStartOffset, highWatermark, maxBytes)
  }

  async #readThrough(log: PartitionLog, from: number, to: number, maxBytes: number): Promise<void> {
    for (let offset = from; offset < to; ) {
      const outcome = await log.read(this.ref, { offset, maxBytes })
      if (outcome.kind !== "batches") throw new Violation(`unreadable at ${offset}: ${JSON.stringify(outcome)}`)
      if (outcome.batches.length === 0) throw new Violation(`empty answer at ${offset} below ${to}`)
      for (const batch of outcome.batches) {
        const holds = batch.baseOffset <= offset && batch.baseOffset + batch.recordCount > offset
        if (!holds) throw new Violation(`gap: asked for ${offset}, got the batch at ${batch.baseOffset}`)
        this.saw(batch)
        offset = batch.baseOffset + batch.recordCount
      }
    }
  }
}

/** Everything behind the base offset and the leader epoch, which the log writes. */
function sameRecords(a: Uint8Array, b: Uint8Array): boolean {
  const from = 16
  return Buffer.compare(a.subarray(from), b.subarray(from)) === 0
}
