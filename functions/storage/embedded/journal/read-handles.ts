import type { FileLayer, OpenFile } from "../files/index.ts"
import type { JournalFiles } from "./journal-files.ts"

interface Handle {
  readonly opening: Promise<OpenFile>
  users: number
  /** Dropped while in use: the last user closes it. */
  dropped: boolean
}

/** Files open for reading: the most recently used stay open, up to a limit. */
export class ReadHandles {
  readonly #layer: FileLayer
  readonly #files: JournalFiles
  readonly #limit: number
  readonly #handles = new Map<number, Handle>()

  constructor(layer: FileLayer, files: JournalFiles, limit: number) {
    this.#layer = layer
    this.#files = files
    this.#limit = limit
  }

  /** Runs `use` with the file open. Rejects where the file cannot be opened. */
  async with<T>(number: number, use: (file: OpenFile) => Promise<T>): Promise<T> {
    const handle = this.#acquire(number)
    handle.users++
    try {
      return await use(await handle.opening)
    } catch (error) {
      // An open that failed, or a descriptor that went bad, is not kept for the next reader.
      this.drop(number)
      throw error
    } finally {
      handle.users--
      if (handle.dropped && handle.users === 0) closeQuietly(handle)
    }
  }

  /** Closes the file once nobody reads it. */
  drop(number: number): void {
    const handle = this.#handles.get(number)
    if (handle === undefined) return
    this.#handles.delete(number)
    handle.dropped = true
    if (handle.users === 0) closeQuietly(handle)
  }

  closeAll(): void {
    for (const number of [...this.#handles.keys()]) this.drop(number)
  }

  #acquire(number: number): Handle {
    const known = this.#handles.get(number)
    if (known !== undefined) {
      this.#handles.delete(number)
      this.#handles.set(number, known)
      return known
    }
    const handle = { opening: this.#layer.open(this.#files.path(number), "read"), users: 0, dropped: false }
    this.#handles.set(number, handle)
    for (const oldest of this.#handles.keys()) {
      if (this.#handles.size <= this.#limit) break
      if (oldest !== number) this.drop(oldest)
    }
    return handle
  }
}

function closeQuietly(handle: Handle): void {
  handle.opening.then((file) => file.close()).catch(() => undefined)
}
