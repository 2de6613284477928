import { DatabaseSync } from "node:sqlite"
import { NewerFormat } from "../../../log/newer-format.ts"
import { unavailableFrom } from "./failures.ts"
import { integer, text } from "./rows.ts"
import { APPLICATION_ID, MIGRATIONS } from "./schema.ts"

/**
 * Opens the database file, made where it is missing, and brings its tables up to date. Commits are durable when they
 * return (WAL with synchronous=FULL). Throws with a sentence for the operator where the file cannot be used.
 */
export function openDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path)
    prepare(database, path)
    return database
  } catch (error) {
    database?.close()
    const failure = unavailableFrom(error, "work")
    throw failure === undefined ? error : new Error(`${path} cannot be used: ${failure.detail}.`, { cause: error })
  }
}

function prepare(database: DatabaseSync, path: string): void {
  refuseForeign(database, path)
  const mode = text(database.prepare("PRAGMA journal_mode = WAL").get() ?? {}, "journal_mode")
  if (mode !== "wal") {
    throw new Error(`${path} cannot have a write-ahead log here; put the data directory on a local disk.`)
  }
  database.exec("PRAGMA synchronous = FULL")
  migrate(database, path)
}

function refuseForeign(database: DatabaseSync, path: string): void {
  const found = pragma(database, "application_id")
  if (found === APPLICATION_ID) return
  const empty = database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined
  if (!empty) throw new Error(`${path} is a database of another program; choose another data directory.`)
}

function migrate(database: DatabaseSync, path: string): void {
  const version = pragma(database, "user_version")
  if (version > MIGRATIONS.length) {
    throw new NewerFormat(
      `${path} has schema version ${version}, this version of Stratalog knows up to ${MIGRATIONS.length}. ` +
        "Run the version that wrote it, or a newer one.",
    )
  }
  for (const [index, step] of MIGRATIONS.entries()) {
    if (index < version) continue
    // The version changes in the transaction of its step: a crash leaves the file before the step or after it.
    database.exec(
      `BEGIN IMMEDIATE; ${step}; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${index + 1}; COMMIT`,
    )
  }
}

function pragma(database: DatabaseSync, name: "application_id" | "user_version"): number {
  return integer(database.prepare(`PRAGMA ${name}`).get() ?? {}, name)
}
