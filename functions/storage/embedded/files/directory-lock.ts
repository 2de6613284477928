import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { type DirectoryLock, DirectoryLockedError } from "./file-layer.ts"

const SQLITE_BUSY = 5
const SQLITE_READONLY = 8

/**
 * Node has no flock; SQLite takes a lock of the operating system on its file, which the kernel releases when the
 * process ends however it ends. So neither a crash nor a process id used again can block a restart. SQLite also tells
 * apart two connections of one process, which POSIX locks alone do not. The database stays empty; the holder's process
 * id stands in a file beside it, for the message only.
 */
export function lockDirectory(directory: string): DirectoryLock {
  const holder = join(directory, "lock.pid")
  const database = new DatabaseSync(join(directory, "lock.db"))
  try {
    database.exec("BEGIN EXCLUSIVE")
  } catch (error) {
    database.close()
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) {
      throw new DirectoryLockedError(
        `The data directory ${directory} is in use by process ${readHolder(holder)}; stop it or choose another directory.`,
      )
    }
    throw error
  }
  writeFileSync(holder, `${process.pid}\n`)
  return { release: () => database.close() }
}

/**
 * The process that has the directory; undefined where none has. It asks as a reader, for a moment: only a server that
 * starts in that very moment would find the directory taken.
 */
export function lockHolder(directory: string): string | undefined {
  const path = join(directory, "lock.db")
  if (!existsSync(path)) return undefined
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    database.prepare("SELECT count(*) FROM sqlite_schema").get()
    return undefined
  } catch (error) {
    const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : undefined
    if (code === SQLITE_BUSY) return readHolder(join(directory, "lock.pid"))
    // The holder died, and a reader may not roll back what it left.
    if (code === SQLITE_READONLY) return undefined
    throw error
  } finally {
    database.close()
  }
}

function readHolder(path: string): string {
  try {
    return readFileSync(path, "utf8").trim() || "(starting)"
  } catch {
    return "(starting)"
  }
}
