import type { Crc32c } from "stratalog/record-batch"
import type { Unavailable } from "../../../log/ports.ts"
import { type FileLayer, ifThere } from "../files/index.ts"
import type { Catalog } from "./catalog.ts"
import type { JournalEvent } from "./events.ts"
import type { JournalFile, JournalFiles } from "./journal-files.ts"
import type { ActiveFile } from "./new-file.ts"
import type { ReadHandles } from "./read-handles.ts"
import type { Reserve } from "./reserve.ts"
import { encodeSidecar, writeSidecar } from "./sidecar.ts"

export interface UpkeepOptions {
  readonly layer: FileLayer
  readonly files: JournalFiles
  readonly catalog: Catalog
  readonly handles: ReadHandles
  readonly reserve: Reserve
  readonly crc32c: Crc32c
  /** Makes it durable that the file holds nothing any more. */
  readonly recordRemoval: (fileNumber: number) => Promise<Unavailable | undefined>
  readonly onEvent: (event: JournalEvent) => void
}

/**
 * What happens to files behind the writer's back, one thing after another: a file that is full is sealed, one whose
 * batches are all gone is removed. What fails or is cut short by a crash is tried again at the next occasion or start.
 */
export class Upkeep {
  readonly #options: UpkeepOptions
  #last: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(options: UpkeepOptions) {
    this.#options = options
  }

  /** Seals `file`, which nobody writes to any more. */
  seal(file: JournalFile, open?: ActiveFile): void {
    this.#run("sealing a journal file", () => this.#seal(file, open))
    this.reclaim()
  }

  /** A file holds no batch any more. The one being written is looked at again when it is sealed. */
  emptied(file: JournalFile): void {
    if (file.sealed) this.reclaim()
  }

  /** Removes the files that hold nothing any more. */
  reclaim(): void {
    this.#run("removing a journal file", async () => {
      for (const file of this.#options.files.all()) {
        // Where a file ends that is not sealed, only the one after it tells.
        if (!file.sealed) return
        if (file.live === 0) await this.#remove(file)
      }
    })
  }

  /** Takes the room that is kept for a full disk. */
  holdReserve(): void {
    this.#run("keeping room for a full disk", () => this.#options.reserve.hold())
  }

  /** Resolves when what was asked for so far is done. */
  idle(): Promise<void> {
    return this.#last
  }

  /** Starts nothing more. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#last
  }

  #run(during: string, task: () => Promise<void>): void {
    this.#last = this.#last.then(async () => {
      if (this.#stopped) return
      try {
        await task()
      } catch (error) {
        this.#options.onEvent({ kind: "failure", during, error })
      }
    })
  }

  async #seal(record: JournalFile, open: ActiveFile | undefined): Promise<void> {
    const { layer, files, catalog, crc32c } = this.#options
    const file = open?.file ?? (await layer.open(files.path(record.number), "write"))
    try {
      await file.truncate(record.end)
      await file.sync("seal")
    } finally {
      await file.close()
    }
    record.sealed = true
    const start = { fileNumber: record.number, end: record.end }
    const bytes = await encodeSidecar(start, catalog.partitions(), crc32c)
    await writeSidecar(layer, files.sidecarPath(record.number), bytes)
    await layer.syncDirectory(files.directory, "sidecar")
  }

  /** The directory is synced last: a crash before brings back files that hold nothing, and the next start removes them again. */
  async #remove(file: JournalFile): Promise<void> {
    const { layer, files, handles, recordRemoval, onEvent } = this.#options
    const failure = await recordRemoval(file.number)
    if (failure !== undefined) return
    files.forget(file.number)
    handles.drop(file.number)
    await ifThere(layer.remove(files.path(file.number)))
    await ifThere(layer.remove(files.sidecarPath(file.number)))
    await layer.syncDirectory(files.directory, "removal")
    onEvent({ kind: "reclaimed", file: file.number, bytes: file.end })
    this.holdReserve()
  }
}
