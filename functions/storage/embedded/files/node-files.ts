import * as fs from "node:fs"
import { mkdir, open, readdir, rename, stat, unlink } from "node:fs/promises"
import { lockDirectory } from "./directory-lock.ts"
import { errorCode, type FileLayer, type OpenFile } from "./file-layer.ts"

const FLAGS = {
  read: fs.constants.O_RDONLY,
  write: fs.constants.O_RDWR,
  create: fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_EXCL,
}

/** The file system of this machine. */
export const nodeFiles: FileLayer = {
  open: (path, mode) =>
    new Promise((resolve, reject) => {
      fs.open(path, FLAGS[mode], 0o644, (error, fd) => (error ? reject(error) : resolve(nodeFile(fd))))
    }),
  // The log is nobody's business but its owner's: what is made in there needs no modes of its own.
  makeDirectory: (path) => mkdir(path, { recursive: true, mode: 0o700 }),
  list: (path) => readdir(path),
  remove: (path) => unlink(path),
  rename: (from, to) => rename(from, to),
  facts: async (path) => {
    const { size, mtimeMs } = await stat(path)
    return { size, modifiedAt: Math.floor(mtimeMs) }
  },
  syncDirectory,
  lock: lockDirectory,
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, fs.constants.O_RDONLY)
  try {
    await directory.sync()
  } catch (error) {
    // Windows cannot sync a directory; NTFS journals its entries by itself.
    if (process.platform !== "win32" || errorCode(error) !== "EPERM") throw error
  } finally {
    await directory.close()
  }
}

/** Callbacks rather than FileHandle: half the overhead per call, and the synchronous calls need the descriptor anyway. */
function nodeFile(fd: number): OpenFile {
  return {
    write: (buffers, position) =>
      new Promise((resolve, reject) => {
        fs.writev(fd, buffers, position, (error, written) => (error ? reject(error) : resolve(written)))
      }),
    writeNow: (buffers, position) => fs.writevSync(fd, buffers, position),
    datasync: () => done((callback) => fs.fdatasync(fd, callback)),
    datasyncNow: () => fs.fdatasyncSync(fd),
    sync: () => done((callback) => fs.fsync(fd, callback)),
    read: (into, position) => readFully(fd, into, position),
    truncate: (length) => done((callback) => fs.ftruncate(fd, length, callback)),
    size: () =>
      new Promise((resolve, reject) => {
        fs.fstat(fd, (error, stats) => (error ? reject(error) : resolve(stats.size)))
      }),
    close: () => done((callback) => fs.close(fd, callback)),
  }
}

function done(start: (callback: (error: Error | null | undefined) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()))
  })
}

function readFully(fd: number, into: Uint8Array, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const next = (filled: number): void => {
      fs.read(fd, into, filled, into.length - filled, position + filled, (error, count) => {
        if (error) reject(error)
        else if (count === 0 || filled + count === into.length) resolve(filled + count)
        else next(filled + count)
      })
    }
    next(0)
  })
}
