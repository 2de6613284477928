import { type FileHandle, open } from "node:fs/promises"

/** A file read at positions, forward as a rule. What a read gives is valid until the next read. */
export interface ByteSource {
  /** Bytes when it was opened; what is appended later is not looked at. */
  readonly size: number
  /** `length` bytes from `at`, fewer at the end. */
  read(at: number, length: number): Promise<Uint8Array>
}

const WINDOW_BYTES = 4 * 1024 * 1024

/** Reads through one buffer, so that a segment of a gigabyte takes a few megabytes and few system calls. Never writes, never locks. */
export class FileWindow implements ByteSource, AsyncDisposable {
  readonly size: number
  readonly #file: FileHandle
  #start = 0
  #window: Uint8Array = new Uint8Array(0)

  private constructor(file: FileHandle, size: number) {
    this.#file = file
    this.size = size
  }

  static async open(path: string): Promise<FileWindow> {
    const file = await open(path, "r")
    return new FileWindow(file, (await file.stat()).size)
  }

  async read(at: number, length: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.size - at))
    const from = at - this.#start
    if (from >= 0 && from + wanted <= this.#window.length) return this.#window.subarray(from, from + wanted)
    await this.#fill(at, Math.min(Math.max(wanted, WINDOW_BYTES), this.size - at))
    return this.#window.subarray(0, Math.min(wanted, this.#window.length))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close()
  }

  async #fill(at: number, length: number): Promise<void> {
    const buffer = new Uint8Array(Math.max(0, length))
    let filled = 0
    while (filled < buffer.length) {
      const { bytesRead } = await this.#file.read(buffer, filled, buffer.length - filled, at + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    this.#start = at
    this.#window = buffer.subarray(0, filled)
  }
}
