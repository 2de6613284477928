/** One partition on its way: batch after batch, each on condition of the target's end. */

import { readBatchHeader } from "../../record-batch/header.ts"
import type { Position } from "./align.ts"
import { otherWriter, recordTooLarge, targetShrank, timeChanged } from "./copy-failure.ts"
import { fillerBatch, isFiller, MOST_FILLERS } from "./fillers.ts"
import { gathered } from "./gather.ts"
import { type FetchOutcome, offsetsAt, type PartitionOf } from "./log-end.ts"
import { markCommit, writeMarks } from "./mark.ts"
import { OffsetMap } from "./offset-map.ts"
import { endOf, type Piece, piecesOf, RecordTooLarge } from "./pieces.ts"
import { alignBoth, type BothEnds, recordsOf } from "./walk.ts"

export interface CopyEnds extends BothEnds {
  /** Batches are written together up to so many bytes; 0: each by itself. */
  readonly gatherBytes: number
}

/** What is read again at most when a copy goes on that was killed. */
const MARK_EVERY_BYTES = 64 * 1024 ** 2
const MARK_EVERY_BATCHES = 1_000
const FETCH_BYTES = 2 * 1024 ** 2

export class PartitionCopy {
  readonly at: PartitionOf
  readonly topicId: string
  readonly start: Position
  readonly map: OffsetMap
  /** Records that this copy has appended. */
  records = 0
  #position: Position
  #behindMark = { bytes: 0, batches: 0 }
  readonly #ends: CopyEnds

  constructor(ends: CopyEnds, at: PartitionOf, topicId: string, start: Position) {
    this.#ends = ends
    this.at = at
    this.topicId = topicId
    this.start = start
    this.#position = start
    this.map = new OffsetMap(start)
  }

  /** All before it is copied. */
  get position(): Position {
    return this.#position
  }

  /** Up to `end` of the source or a little further. `onStep` hears how many offsets of the source were done. */
  async copyUpTo(end: number, stop: AbortSignal | undefined, onStep: (offsets: number) => void): Promise<void> {
    let ahead: { readonly from: number; readonly fetching: Promise<FetchOutcome> } | undefined
    const begun = this.#position.source
    while (this.#position.source < end) {
      const from = this.#position.source
      const fetched = await (ahead?.from === from ? ahead.fetching : this.#fetch(from, stop))
      if (fetched.kind === "gone") {
        await this.#passOver(fetched.logStartOffset, stop)
      } else {
        const { nextOffset } = fetched
        if (nextOffset <= from) break
        if (nextOffset < end) ahead = { from: nextOffset, fetching: this.#fetch(nextOffset, stop) }
        // A failure counts where the answer is needed.
        ahead?.fetching.catch(() => undefined)
        for (const batches of gathered(fetched.batches, this.#ends.gatherBytes)) {
          const before = this.#position.source
          const isThere = await this.#copyBatches(batches, stop)
          onStep(this.#position.source - before)
          if (!isThere) break
        }
      }
    }
    if (this.#position.source > begun) await this.#mark(stop)
  }

  /**
   * The target ends at `end`, further than expected: what is there has to be the source's, by an append whose answer was
   * lost or by another copy.
   */
  async catchUpTo(end: number, stop: AbortSignal | undefined): Promise<void> {
    if (end < this.#position.target) throw targetShrank(this.at, end, this.#position.target)
    const { highWatermark } = await offsetsAt(this.#ends.source, this.at, stop)
    const bounds = { source: highWatermark, target: end, until: "target" } as const
    const aligned = await alignBoth(this.#ends, this.at, this.#position, bounds, stop, (mine, copied) =>
      this.map.note(mine.offset, copied.offset),
    )
    if (aligned.kind === "differ") throw otherWriter(this.at, aligned.at.target)
    this.records += aligned.same
    this.#position = aligned.position
  }

  #fetch(offset: number, stop: AbortSignal | undefined): Promise<FetchOutcome> {
    const { source } = this.#ends
    return source.fetch(this.at, offset, Math.min(FETCH_BYTES, source.limits.maxFetchBytes), stop)
  }

  /** Whether all of it went where it should; otherwise the target went on without it, and the position is found anew. */
  async #copyBatches(batches: readonly Uint8Array[], stop: AbortSignal | undefined): Promise<boolean> {
    for (const piece of await this.#piecesOf(batches)) {
      const outcome = await this.#ends.target.append(this.at, piece.bytes, this.#position.target, stop)
      if (outcome.kind === "moved") {
        await this.catchUpTo(outcome.nextOffset, stop)
        return false
      }
      if (outcome.timestamp !== piece.maxTimestamp) throw timeChanged(this.at)
      this.#note(piece)
      this.records += piece.count
      this.#position = { source: piece.next, target: this.#position.target + piece.count }
      const behind = this.#behindMark
      behind.bytes += piece.bytes.length
      if (behind.bytes >= MARK_EVERY_BYTES || ++behind.batches >= MARK_EVERY_BATCHES) await this.#mark(stop)
    }
    // Compaction may have left nothing at their end.
    const ends = batches.map((batch) => endOf(readBatchHeader(batch)))
    this.#position = { ...this.#position, source: Math.max(this.#position.source, ...ends) }
    return true
  }

  async #piecesOf(batches: readonly Uint8Array[]): Promise<readonly Piece[]> {
    const { limits } = this.#ends.target
    const maxBytes = Math.min(limits.maxBatchBytes, limits.maxRequestBytes)
    const { maxDecompressedBytes } = limits
    try {
      return await piecesOf(batches, this.#position.source, {
        codecs: this.#ends.codecs,
        maxBytes,
        maxDecompressedBytes,
      })
    } catch (error) {
      throw error instanceof RecordTooLarge ? recordTooLarge(this.at, error, maxBytes) : error
    }
  }

  #note({ first, offsets = [first] }: Piece): void {
    offsets.forEach((offset, index) => {
      this.map.note(offset, this.#position.target + index)
    })
  }

  /** The source begins further on. While offsets are the same on both sides they stay the same. */
  async #passOver(logStartOffset: number, stop: AbortSignal | undefined): Promise<void> {
    const { source, target } = this.#position
    if (source === target) await this.#fillUpTo(logStartOffset, stop)
    else this.#position = { source: logStartOffset, target }
  }

  async #fillUpTo(offset: number, stop: AbortSignal | undefined): Promise<void> {
    const { target, codecs } = this.#ends
    while (this.#position.target < offset) {
      const from = this.#position.target
      const count = Math.min(offset - from, MOST_FILLERS)
      const outcome = await target.append(this.at, await fillerBatch(count, codecs), from, stop)
      const end = outcome.kind === "moved" ? outcome.nextOffset : from + count
      if (end < from) throw targetShrank(this.at, end, from)
      const filled = Math.min(end, offset)
      const stranger = await strangerAmongFillers(this.#ends, this.at, { from, to: filled }, stop)
      if (stranger !== undefined) throw otherWriter(this.at, stranger)
      this.#position = { source: filled, target: filled }
      if (end > offset) await this.catchUpTo(end, stop)
    }
    await target.log.topic(this.at.topic).deleteRecords(this.at.partition, { before: offset, signal: stop })
    await this.#mark(stop)
  }

  async #mark(stop: AbortSignal | undefined): Promise<void> {
    const { topicId, position } = this
    await writeMarks(this.#ends.target, [markCommit(this.at, { topicId, position })], stop)
    this.#behindMark = { bytes: 0, batches: 0 }
  }
}

/** What lies there is to be deleted: so it may be nothing of anybody's. The offset of a record that is, at either end. */
export async function strangerAmongFillers(
  { target, codecs }: CopyEnds,
  at: PartitionOf,
  { from, to }: { readonly from: number; readonly to: number },
  stop: AbortSignal | undefined,
): Promise<number | undefined> {
  for (const offset of [from, to - 1]) {
    for await (const record of recordsOf(target, at, { from: offset, to: offset + 1 }, { codecs, stop })) {
      if (!isFiller(record)) return record.offset
    }
  }
  return undefined
}
