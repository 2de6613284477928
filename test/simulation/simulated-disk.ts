import { basename, dirname } from "node:path"
import {
  DirectoryLockedError,
  type DirectorySyncPurpose,
  type FileLayer,
  type OpenFile,
  type SyncPurpose,
} from "../../functions/storage/embedded/files/index.ts"
import type { Random } from "./random.ts"
import { SimulatedFile } from "./simulated-file.ts"

export type Operation =
  | "open"
  | "create"
  | "write"
  | "sync"
  | "truncate"
  | "remove"
  | "rename"
  | "list"
  | "read"
  | "directory"

/** What may go wrong with one operation: an error code to fail with, and whether a write stops half-way first. */
export type Fault = { readonly code: "ENOSPC" | "EIO"; readonly short: boolean } | undefined

export interface SimulatedDiskOptions {
  readonly random: Random
  /** Asked for each operation while the power is on. */
  readonly fault?: (operation: Operation, purpose: SyncPurpose | undefined) => Fault
  /** Syncs that answer without syncing anything: the mistake of leaving one out. */
  readonly skipSync?: (purpose: SyncPurpose | DirectorySyncPurpose) => boolean
}

interface Entry {
  /** What the name stands for now. */
  current: SimulatedFile | undefined
  durable: SimulatedFile | undefined
  /** What the name has stood for since the directory's last sync. */
  since: (SimulatedFile | undefined)[]
}

/** The process is dead, or the handle is of one that died. */
export class PowerLostError extends Error {
  override readonly name = "PowerLostError"
}

/**
 * A file system that loses power: everything that no sync covered may be there or not, by sectors, sizes and directory
 * entries each for itself. Deterministic: time passes by turns of the event loop, chance comes from the generator.
 */
export class SimulatedDisk {
  readonly #options: SimulatedDiskOptions
  readonly #directories = new Map<string, Map<string, Entry>>()
  /** Directories whose own entry no sync has covered yet. */
  readonly #unsyncedDirectories = new Set<string>()
  readonly #locked = new Set<string>()
  /** Counts runs of the process: handles of an earlier one are dead. */
  #life = 0
  #operationsLeft = Number.POSITIVE_INFINITY

  constructor(options: SimulatedDiskOptions) {
    this.#options = options
    this.#directories.set("/", new Map())
  }

  /** Whether the process is dead: nothing it answers from now on reaches anybody. */
  get dead(): boolean {
    return this.#operationsLeft <= 0
  }

  /** The process dies before its operation number `operations` from now on. */
  dieAfter(operations: number): void {
    this.#operationsLeft = operations
  }

  /** A new process; what the old one wrote and did not sync is still in the page cache. */
  restart(): void {
    this.#life++
    this.#operationsLeft = Number.POSITIVE_INFINITY
    this.#locked.clear()
  }

  losePower(): void {
    const { random } = this.#options
    const lost = [...this.#unsyncedDirectories].filter(() => random.chance(0.5))
    for (const [path, entries] of this.#directories) {
      if (lost.some((directory) => path === directory || path.startsWith(`${directory}/`))) entries.clear()
      for (const [name, entry] of entries) {
        const kept = random.pick([entry.durable, ...entry.since])
        if (kept === undefined) entries.delete(name)
        else entries.set(name, { current: kept, durable: kept, since: [] })
        kept?.losePower(random)
      }
    }
    this.#unsyncedDirectories.clear()
  }

  layer(): FileLayer {
    const life = this.#life
    const step = (operation: Operation, purpose?: SyncPurpose): Fault => {
      if (life !== this.#life || this.#operationsLeft-- <= 0) throw new PowerLostError("the power is off")
      return this.#options.fault?.(operation, purpose)
    }
    const turns = async (): Promise<void> => {
      for (let left = this.#options.random.below(3); left > 0; left--) {
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    const plain = async (operation: Operation): Promise<void> => {
      await turns()
      raise(step(operation))
    }
    return {
      open: async (path, mode) => {
        await plain(mode === "create" ? "create" : "open")
        return this.#handle(this.#open(path, mode), step, turns)
      },
      makeDirectory: async (path) => {
        await plain("directory")
        return this.#makeDirectory(path)
      },
      list: async (path) => {
        await plain("list")
        const files = [...this.#entries(path)].filter(([, entry]) => entry.current !== undefined)
        const below = [...this.#directories.keys()].filter((each) => each !== "/" && dirname(each) === path)
        return [...files.map(([name]) => name), ...below.map((each) => basename(each))]
      },
      remove: async (path) => {
        await plain("remove")
        this.#take(path)
      },
      rename: async (from, to) => {
        await plain("rename")
        this.#name(to, this.#take(from))
      },
      facts: async (path) => {
        await plain("list")
        return { size: this.#open(path, "read").size, modifiedAt: 0 }
      },
      syncDirectory: async (path, purpose) => {
        await plain("directory")
        if (!this.#skips(purpose)) this.#syncDirectory(path)
      },
      lock: (directory) => {
        if (this.#locked.has(directory)) throw new DirectoryLockedError(`${directory} is in use`)
        this.#locked.add(directory)
        return { release: () => this.#locked.delete(directory) }
      },
    }
  }

  #handle(
    file: SimulatedFile,
    step: (operation: Operation, purpose?: SyncPurpose) => Fault,
    turns: () => Promise<void>,
  ): OpenFile {
    const { random } = this.#options
    const writeNow = (buffers: readonly Uint8Array[], position: number): number => {
      const bytes = Buffer.concat(buffers)
      const fault = step("write")
      // Short writes are no failure by themselves: the caller goes on, and is told why the next time.
      const count = fault === undefined ? bytes.length : fault.short ? random.below(bytes.length) : 0
      if (fault !== undefined && count === 0) throw failure(fault.code)
      file.write(bytes.subarray(0, count), position)
      return count
    }
    const syncNow = (purpose: SyncPurpose): void => {
      const fault = step("sync", purpose)
      if (this.#skips(purpose)) return
      file.beginSync().finish(fault === undefined, random)
      raise(fault)
    }
    const sync = async (purpose: SyncPurpose): Promise<void> => {
      const begun = this.#skips(purpose) ? undefined : file.beginSync()
      await turns()
      const fault = step("sync", purpose)
      begun?.finish(fault === undefined, random)
      if (begun !== undefined) raise(fault)
    }
    return {
      write: async (buffers, position) => {
        await turns()
        return writeNow(buffers, position)
      },
      writeNow,
      datasync: sync,
      datasyncNow: syncNow,
      sync,
      read: async (into, position) => {
        await turns()
        raise(step("read"))
        return file.read(into, position)
      },
      truncate: async (length) => {
        await turns()
        raise(step("truncate"))
        file.truncate(length)
      },
      size: async () => file.size,
      close: async () => undefined,
    }
  }

  #skips(purpose: SyncPurpose | DirectorySyncPurpose): boolean {
    return this.#options.skipSync?.(purpose) ?? false
  }

  #open(path: string, mode: "read" | "write" | "create"): SimulatedFile {
    const entries = this.#entries(dirname(path))
    const entry = entries.get(basename(path))
    const found = entry?.current
    if (mode !== "create") {
      if (found === undefined) throw failure("ENOENT")
      return found
    }
    if (found !== undefined) throw failure("EEXIST")
    const file = new SimulatedFile()
    this.#name(path, file)
    return file
  }

  #name(path: string, file: SimulatedFile): void {
    const entries = this.#entries(dirname(path))
    const entry = entries.get(basename(path))
    const since = [...(entry?.since ?? []), file]
    entries.set(basename(path), { current: file, durable: entry?.durable, since })
  }

  /** What the name stood for, which it does no more. */
  #take(path: string): SimulatedFile {
    const entry = this.#entries(dirname(path)).get(basename(path))
    const file = entry?.current
    if (entry === undefined || file === undefined) throw failure("ENOENT")
    entry.current = undefined
    entry.since.push(undefined)
    return file
  }

  #makeDirectory(path: string): string | undefined {
    if (this.#directories.has(path)) return undefined
    const above = this.#makeDirectory(dirname(path))
    this.#directories.set(path, new Map())
    this.#unsyncedDirectories.add(path)
    return above ?? path
  }

  #syncDirectory(path: string): void {
    for (const [name, entry] of this.#entries(path)) {
      if (entry.current === undefined) this.#entries(path).delete(name)
      entry.durable = entry.current
      entry.since = []
    }
    for (const below of this.#unsyncedDirectories) {
      if (dirname(below) === path) this.#unsyncedDirectories.delete(below)
    }
  }

  #entries(path: string): Map<string, Entry> {
    const entries = this.#directories.get(path)
    if (entries === undefined) throw failure("ENOENT")
    return entries
  }
}

function raise(fault: Fault): void {
  if (fault !== undefined) throw failure(fault.code)
}

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code })
}
