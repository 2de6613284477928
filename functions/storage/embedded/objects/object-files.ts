/** Objects as files of this machine, below one directory. Contract suite: test/contract/object-store.ts. */
import { dirname, join } from "node:path"
import type { Unavailable } from "../../../log/ports.ts"
import type {
  GetObjectOutcome,
  ListObjectsOutcome,
  ObjectStore,
  PutObjectOutcome,
  RemoveObjectsOutcome,
  StoredObject,
} from "../../../segments/ports.ts"
import {
  errorCode,
  type FileLayer,
  ifThere,
  makeDurableDirectory,
  nodeFiles,
  type OpenFile,
  type PlacedBytes,
  writeFully,
} from "../files/index.ts"
import { unavailableFrom } from "./failures.ts"
import { folderOf, pathOf } from "./paths.ts"

export interface ObjectFilesOptions {
  /** Of the objects alone, in a data directory that the caller has locked. */
  readonly directory: string
  readonly files?: FileLayer
}

/** Holds files that are not whole yet. No key can name it. */
const UNFINISHED = "~unfinished"

/** Opens the objects in a directory, made where it is missing. What a crash left unfinished is removed. */
export async function openObjectFiles({ directory, files = nodeFiles }: ObjectFilesOptions): Promise<ObjectStore> {
  const unfinished = join(directory, UNFINISHED)
  await makeDurableDirectory(files, unfinished)
  for (const name of await files.list(unfinished)) await files.remove(join(unfinished, name))
  return new ObjectFiles(files, directory)
}

class ObjectFiles implements ObjectStore {
  readonly #files: FileLayer
  readonly #root: string
  /** Directories whose entry is durable, or is being made so. */
  readonly #directories = new Map<string, Promise<void>>()
  #written = 0

  constructor(files: FileLayer, root: string) {
    this.#files = files
    this.#root = root
  }

  async put(key: string, parts: readonly Uint8Array[]): Promise<PutObjectOutcome> {
    const { directory, file } = pathOf(this.#root, key)
    const unfinished = join(this.#root, UNFINISHED, String(++this.#written))
    let sideEffects: Unavailable["sideEffects"] = "none"
    try {
      await this.#haveDirectory(directory)
      await this.#write(unfinished, parts)
      // From here on a reader may find it, and so may the next start.
      sideEffects = "unknown"
      await this.#files.rename(unfinished, file)
      await this.#files.syncDirectory(directory, "object_entry")
      return { kind: "stored" }
    } catch (error) {
      await this.#files.remove(unfinished).catch(() => undefined)
      return unavailableFrom(error, sideEffects, `put ${key}`)
    }
  }

  async get(...[key, range]: Parameters<ObjectStore["get"]>): Promise<GetObjectOutcome> {
    const { file } = pathOf(this.#root, key)
    try {
      const opened = await this.#files.open(file, "read")
      try {
        const size = await opened.size()
        const start = Math.min(range?.start ?? 0, size)
        return { kind: "object", bytes: await readWhole(opened, start, Math.min(range?.end ?? size, size)) }
      } finally {
        await opened.close()
      }
    } catch (error) {
      if (errorCode(error) === "ENOENT") return { kind: "missing" }
      return unavailableFrom(error, "none", `read ${key}`)
    }
  }

  async remove(keys: readonly string[]): Promise<RemoveObjectsOutcome> {
    const paths = keys.map((key) => pathOf(this.#root, key))
    try {
      for (const { file } of paths) await ifThere(this.#files.remove(file))
      // Also where nothing was there: an earlier removal may have failed before this.
      for (const directory of new Set(paths.map((path) => path.directory))) {
        await ifThere(this.#files.syncDirectory(directory, "object_removal"))
      }
      return { kind: "removed" }
    } catch (error) {
      return unavailableFrom(error, "unknown", `remove ${keys.length} objects`)
    }
  }

  async list({ prefix, after, limit }: Parameters<ObjectStore["list"]>[0]): Promise<ListObjectsOutcome> {
    try {
      const keys = (await this.#keys(prefix)).filter((key) => after === undefined || key > after).sort()
      const page = keys.slice(0, limit)
      const objects = await Promise.all(page.map((key) => this.#stored(key)))
      const last = page.at(-1)
      return {
        kind: "page",
        objects: objects.filter((object) => object !== undefined),
        ...(keys.length > limit && last !== undefined ? { next: last } : {}),
      }
    } catch (error) {
      return unavailableFrom(error, "none", `list ${prefix}`)
    }
  }

  async #haveDirectory(directory: string): Promise<void> {
    let made = this.#directories.get(directory)
    if (made === undefined) {
      made = this.#makeDirectory(directory)
      this.#directories.set(directory, made)
      made.catch(() => this.#directories.delete(directory))
    }
    await made
  }

  /** One that exists may have been made by a process that died before it synced it. */
  async #makeDirectory(directory: string): Promise<void> {
    await this.#files.makeDirectory(directory)
    await this.#files.syncDirectory(dirname(directory), "object_folder")
  }

  async #write(path: string, parts: readonly Uint8Array[]): Promise<void> {
    const file = await this.#files.open(path, "create")
    try {
      await writeFully(file, oneAfterAnother(parts))
      await file.sync("object")
    } finally {
      await file.close()
    }
  }

  async #keys(prefix: string): Promise<readonly string[]> {
    const keys: string[] = []
    for (const name of await this.#files.list(this.#root)) {
      const folder = folderOf(name)
      if (name === UNFINISHED || !(folder.startsWith(prefix) || prefix.startsWith(folder))) continue
      for (const file of await this.#files.list(join(this.#root, name))) {
        if (`${folder}${file}`.startsWith(prefix)) keys.push(`${folder}${file}`)
      }
    }
    return keys
  }

  /** Undefined where it was removed meanwhile. */
  async #stored(key: string): Promise<StoredObject | undefined> {
    const facts = await ifThere(this.#files.facts(pathOf(this.#root, key).file))
    return facts && { key, size: facts.size, storedAt: facts.modifiedAt }
  }
}

function oneAfterAnother(parts: readonly Uint8Array[]): readonly PlacedBytes[] {
  let position = 0
  return parts.flatMap((bytes) => {
    const placed = { position, bytes }
    position += bytes.length
    return bytes.length === 0 ? [] : [placed]
  })
}

async function readWhole(file: OpenFile, start: number, end: number): Promise<Uint8Array> {
  // Not zeroed first, as all of it is read over.
  const bytes = new Uint8Array(Buffer.allocUnsafeSlow(end - start).buffer)
  const count = end > start ? await file.read(bytes, start) : 0
  return bytes.subarray(0, count)
}
