import { join } from "node:path"

/** One file of the journal. */
export interface JournalFile {
  readonly number: number
  /** Bytes that count; what lies behind was never committed, or is room laid out for later. */
  end: number
  /** Batches in it that can still be read. */
  live: number
  /** Bytes of these batches. */
  liveBytes: number
  /** It has been cut to its end, durably: nothing about it depends on the file after it any more. */
  sealed: boolean
}

const NAME = /^(\d{20})\.(journal|index)$/

/** The files of the journal's directory, by number. */
export class JournalFiles {
  readonly directory: string
  readonly #files = new Map<number, JournalFile>()

  constructor(directory: string) {
    this.directory = directory
  }

  get size(): number {
    return this.#files.size
  }

  get bytes(): number {
    let sum = 0
    for (const file of this.#files.values()) sum += file.end
    return sum
  }

  get(number: number): JournalFile | undefined {
    return this.#files.get(number)
  }

  all(): JournalFile[] {
    return [...this.#files.values()].sort((a, b) => a.number - b.number)
  }

  add(file: JournalFile): void {
    this.#files.set(file.number, file)
  }

  forget(number: number): void {
    this.#files.delete(number)
  }

  /** A batch of `size` bytes of this file can be read no more; answers the file if it was the last. */
  dropBatch(number: number, size: number): JournalFile | undefined {
    const file = this.#files.get(number)
    if (file === undefined) return undefined
    file.live--
    file.liveBytes -= size
    return file.live === 0 ? file : undefined
  }

  path(number: number): string {
    return join(this.directory, `${padded(number)}.journal`)
  }

  sidecarPath(number: number): string {
    return join(this.directory, `${padded(number)}.index`)
  }
}

export function parseName(name: string): { readonly number: number; readonly kind: "journal" | "index" } | undefined {
  const match = NAME.exec(name)
  if (match === null) return undefined
  return { number: Number(match[1]), kind: match[2] === "index" ? "index" : "journal" }
}

function padded(number: number): string {
  return String(number).padStart(20, "0")
}
