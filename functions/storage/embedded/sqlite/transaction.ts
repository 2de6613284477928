import type { DatabaseSync } from "node:sqlite"
import type { Unavailable } from "../../../log/ports.ts"
import { CLOSING, unavailableFrom } from "./failures.ts"

/**
 * Runs `work` in a transaction that is durable when this returns. A failure of the storage is an answer; another error
 * (a mistake) is thrown. Either way nothing of `work` stays.
 */
export function transact<T>(database: DatabaseSync, work: () => T): T | Unavailable {
  if (!database.isOpen) return CLOSING
  let during: "work" | "commit" = "work"
  try {
    database.exec("BEGIN IMMEDIATE")
    const result = work()
    during = "commit"
    database.exec("COMMIT")
    return result
  } catch (error) {
    // SQLite has rolled back by itself after some errors, and complains when asked twice.
    if (database.isTransaction) database.exec("ROLLBACK")
    const unavailable = unavailableFrom(error, during)
    if (unavailable === undefined) throw error
    return unavailable
  }
}

/** Runs `read`, which sees what is committed. A failure of the storage is an answer; another error is thrown. */
export function query<T>(database: DatabaseSync, read: () => T): T | Unavailable {
  if (!database.isOpen) return CLOSING
  try {
    return read()
  } catch (error) {
    const unavailable = unavailableFrom(error, "work")
    if (unavailable === undefined) throw error
    return unavailable
  }
}
