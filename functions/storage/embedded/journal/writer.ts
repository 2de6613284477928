import type { Crc32c } from "stratalog/record-batch"
import type { Unavailable } from "../../../log/ports.ts"
import { type FileLayer, isOutOfSpace, writeFully, writeFullyNow } from "../files/index.ts"
import type { FrameContent } from "./frame.ts"
import type { PartitionHead } from "./heads.ts"
import type { JournalFile, JournalFiles } from "./journal-files.ts"
import { FrameMemory, frameBytes, layOut, type Piece } from "./layout.ts"
import { type ActiveFile, createJournalFile } from "./new-file.ts"
import { RoomAhead } from "./room-ahead.ts"

export interface WriterOptions {
  readonly layer: FileLayer
  readonly files: JournalFiles
  readonly crc32c: Crc32c
  readonly fileBytes: number
  readonly layAheadBytes: number
  readonly heads: () => Iterable<PartitionHead & { readonly topicIdBytes: Uint8Array }>
  readonly nonce: () => number
  readonly now: () => number
  /** The journal goes on in `next`; `old` is to be sealed. */
  readonly onRolled: (old: JournalFile, handle: ActiveFile, next: JournalFile) => void
}

/** Where a group's frames went. */
export interface Written {
  readonly kind: "written"
  readonly file: JournalFile
  readonly pieces: readonly Piece[]
  /** Position of the first frame. */
  readonly position: number
  readonly milliseconds: number
}

interface Failed {
  readonly kind: "failed"
  readonly during: "write" | "sync"
  readonly error: unknown
}

/** Syncs quicker than this, on average, may be waited for on the event loop's own thread: handing them to another costs as much. */
const QUICK_MILLISECONDS = 1
const BYTES_ON_THIS_THREAD = 64 * 1024

/** Writes groups of frames at the end of the journal and makes them durable. One call at a time. */
export class Writer {
  readonly #options: WriterOptions
  readonly #memory = new FrameMemory()
  #active: ActiveFile
  #file: JournalFile
  #ahead: RoomAhead
  #averageMilliseconds = 0
  /** After a failed sync nobody knows what of the file's end reached the disk: nothing more is written to it. */
  #broken = false
  #newest: number

  constructor(options: WriterOptions, active: ActiveFile, file: JournalFile) {
    this.#options = options
    this.#active = active
    this.#file = file
    this.#newest = active.number
    this.#ahead = new RoomAhead(active.file, file.end, options.layAheadBytes, options.fileBytes)
  }

  /** Whether the newest file holds a group: proof that its start was durable, should it ever be found damaged. */
  get hasWritten(): boolean {
    return this.#file.end > this.#active.end
  }

  /** Whether a write of `bytes` can be waited for without blocking the event loop for long. */
  isQuick(bytes: number): boolean {
    return (
      !this.#broken &&
      bytes <= BYTES_ON_THIS_THREAD &&
      this.#averageMilliseconds < QUICK_MILLISECONDS &&
      !this.#needsRoll(bytes) &&
      !this.#ahead.isBusyBelow(this.#file.end + bytes)
    )
  }

  /** As `write`, on the caller's thread; only where `isQuick`. A failure goes to `repair`. */
  writeNow(frames: readonly FrameContent[]): Written | Failed {
    const started = this.#options.now()
    const pieces = this.#layOut(frames)
    let during: Failed["during"] = "write"
    try {
      writeFullyNow(this.#active.file, pieces)
      during = "sync"
      this.#active.file.datasyncNow("append")
    } catch (error) {
      return { kind: "failed", during, error }
    }
    return this.#written(pieces, started)
  }

  /** Durable when it answers `written`; otherwise nothing of it is, unless the answer says `unknown`. */
  async write(frames: readonly FrameContent[]): Promise<Written | Unavailable> {
    const bytes = frames.reduce((sum, frame) => sum + frameBytes(frame), 0)
    try {
      if (this.#broken || this.#needsRoll(bytes)) await this.#roll()
    } catch (error) {
      // Nothing was written for this group, and a file that could not be begun holds no group.
      return unavailable(error, "none", "a new journal file could not be made")
    }
    const started = this.#options.now()
    let during: Failed["during"] = "write"
    try {
      // Nothing waits here without need: the sync is on its way before the callers of the group before are answered.
      if (this.#ahead.isBusyBelow(this.#file.end + bytes)) await this.#ahead.quietBelow(this.#file.end + bytes)
      const pieces = this.#layOut(frames)
      if (this.#isSmall(bytes)) writeFullyNow(this.#active.file, pieces)
      else await writeFully(this.#active.file, pieces)
      during = "sync"
      await this.#active.file.datasync("append")
      return this.#written(pieces, started)
    } catch (error) {
      return this.repair({ kind: "failed", during, error })
    }
  }

  /**
   * Takes back what a failed write or sync may have left behind the durable end, and says what became of the group.
   *
   * No room while writing: the file is cut back to its durable end, and once that is synced the group is gone for good.
   * A sync or any other write that failed: the kernel may have dropped the pages and marked them clean, so neither
   * reading nor syncing again tells what is on the disk, and cutting this file would rely on the same doubtful state.
   * Instead the journal goes on in a new file, whose first frame says where this one ends: recovery believes that, so
   * once the new file is durable the group is gone for good, whatever became of its bytes. Until a new file can be made
   * the group's fate is unknown and every later append is refused.
   */
  async repair({ during, error }: Failed): Promise<Unavailable> {
    if (during === "write" && isOutOfSpace(error) && (await this.#cutBack())) {
      return unavailable(error, "none", "the disk is full")
    }
    this.#broken = true
    try {
      await this.#roll()
      return unavailable(error, "none", "the journal could not be written and went on in a new file")
    } catch {
      return unavailable(error, "unknown", "the journal could not be written")
    }
  }

  async close(): Promise<void> {
    await this.#ahead.quiet()
    await this.#active.file.close()
  }

  #needsRoll(bytes: number): boolean {
    return this.#file.end > this.#active.end && this.#file.end + bytes > this.#options.fileBytes
  }

  #layOut(frames: readonly FrameContent[]): Piece[] {
    const { end } = this.#file
    const place = { fileNumber: this.#active.number, nonce: this.#active.nonce, syncedUpTo: end }
    return layOut(frames, this.#memory, place, end, this.#options.crc32c)
  }

  /** Writing so little into the page cache is quicker on this thread than handed over; only the sync has to wait. */
  #isSmall(bytes: number): boolean {
    return bytes <= BYTES_ON_THIS_THREAD && this.#averageMilliseconds < QUICK_MILLISECONDS
  }

  #written(pieces: readonly Piece[], started: number): Written {
    const position = this.#file.end
    const last = pieces.at(-1)
    if (last !== undefined) this.#file.end = last.position + last.bytes.length
    const milliseconds = this.#options.now() - started
    this.#averageMilliseconds += (milliseconds - this.#averageMilliseconds) / 8
    this.#ahead.written(position, this.#file.end)
    return { kind: "written", file: this.#file, pieces, position, milliseconds }
  }

  async #cutBack(): Promise<boolean> {
    try {
      await this.#ahead.quiet()
      await this.#active.file.truncate(this.#file.end)
      await this.#active.file.sync("undo")
      this.#ahead.cut(this.#file.end)
      return true
    } catch {
      return false
    }
  }

  async #roll(): Promise<void> {
    const { layer, files, crc32c, fileBytes, layAheadBytes } = this.#options
    await this.#ahead.quiet()
    // A number of its own for every attempt: what a failed one left behind is not in the chain of files.
    this.#newest++
    const active = await createJournalFile({
      layer,
      files,
      crc32c,
      number: this.#newest,
      nonce: this.#options.nonce(),
      previous: this.#active.number,
      previousEnd: this.#file.end,
      heads: this.#options.heads(),
    })
    const old = this.#file
    const oldActive = this.#active
    this.#active = active
    this.#file = { number: active.number, end: active.end, live: 0, liveBytes: 0, sealed: false }
    this.#ahead = new RoomAhead(active.file, active.end, layAheadBytes, fileBytes)
    this.#broken = false
    this.#options.onRolled(old, oldActive, this.#file)
  }
}

function unavailable(error: unknown, sideEffects: "none" | "unknown", what: string): Unavailable {
  const detail = `${what}: ${error instanceof Error ? error.message : String(error)}`
  return { kind: "unavailable", reason: isOutOfSpace(error) ? "storage_full" : "storage_failed", sideEffects, detail }
}
