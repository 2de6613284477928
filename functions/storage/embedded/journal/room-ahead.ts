import { type OpenFile, writeFully } from "../files/index.ts"

/** Groups bigger than this on average gain nothing: writing the zeros costs as much as it saves. */
const SMALL_GROUP_BYTES = 32 * 1024

/**
 * Writes zeros ahead of the journal's end. A sync of bytes inside the file's size is cheaper than one that also has to
 * record a new size and new blocks (about a third of the time on ext4). Done in the background, only while groups are
 * small; recovery takes zeros behind the last frame for the end.
 *
 * The zeros are not synced here but with the next group: of two syncs of one file that run side by side, only one hears
 * that a page could not be written, and the group's must be the one.
 */
export class RoomAhead {
  readonly #file: OpenFile
  readonly #step: number
  readonly #limit: number
  /** Zeros are written up to here. */
  #laidOut: number
  #averageBytes = 0
  #running: Promise<void> | undefined
  #enabled: boolean

  constructor(file: OpenFile, end: number, step: number, limit: number) {
    this.#file = file
    this.#laidOut = end
    this.#step = step
    this.#limit = limit
    this.#enabled = step > 0
  }

  /** Whether zeros are being written where a group that ends at `end` would go. */
  isBusyBelow(end: number): boolean {
    return this.#running !== undefined && end > this.#laidOut
  }

  async quietBelow(end: number): Promise<void> {
    if (this.isBusyBelow(end)) await this.#running
  }

  async quiet(): Promise<void> {
    await this.#running
  }

  /** A group was written from `position` to `end`. */
  written(position: number, end: number): void {
    this.#averageBytes += (end - position - this.#averageBytes) / 8
    if (end > this.#laidOut && this.#running === undefined) this.#laidOut = end
    const wanted = this.#enabled && this.#running === undefined && this.#averageBytes < SMALL_GROUP_BYTES
    if (!wanted || this.#laidOut - end > this.#step / 2) return
    const to = Math.min(this.#laidOut + this.#step, this.#limit)
    if (to > this.#laidOut) this.#running = this.#layOut(this.#laidOut, to)
  }

  /** The file was cut to `end`. It was for lack of room, so no more is taken ahead in this file. */
  cut(end: number): void {
    this.#laidOut = end
    this.#enabled = false
  }

  async #layOut(from: number, to: number): Promise<void> {
    try {
      const zeros = new Uint8Array(to - from)
      await writeFully(this.#file, [{ position: from, bytes: zeros }])
      this.#laidOut = to
    } catch {
      // It only saves time: without it the file grows with each group.
      this.#enabled = false
    } finally {
      this.#running = undefined
    }
  }
}
