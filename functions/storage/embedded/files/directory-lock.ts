import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { type DirectoryLock, DirectoryLockedError } from "./file-layer.ts"

const SQLITE_BUSY = 5

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

function readHolder(path: string): string {
  try {
    return readFileSync(path, "utf8").trim() || "(starting)"
  } catch {
    return "(starting)"
  }
}
