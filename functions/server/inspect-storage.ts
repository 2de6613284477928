import { join } from "node:path"
import { NewerFormat } from "../log/newer-format.ts"
import { lockHolder } from "../storage/embedded/files/directory-lock.ts"
import { checkFormat, nodeFiles } from "../storage/embedded/files/index.ts"
import { inspectDatabase } from "../storage/embedded/sqlite/inspect.ts"

export interface StorageFacts {
  /** Of a directory that this version may not open: why. */
  readonly laterFormat: string | undefined
  /** The id of the process that works in the directory; undefined where none does. */
  readonly holder: string | undefined
  readonly database:
    | {
        readonly kind: "read"
        readonly schemaVersion: number
        /** The newest that this version understands. */
        readonly knownVersion: number
        /** What SQLite finds wrong in the file. */
        readonly problems: readonly string[]
        readonly topics: number
        readonly groups: number
      }
    | { readonly kind: "unreadable"; readonly detail: string }
}

/** Who works in a data directory, and what its database is like. Reads only, also beside a running server. */
export async function inspectStorage(directory: string): Promise<StorageFacts> {
  const laterFormat = await laterFormatOf(directory)
  return { laterFormat, holder: lockHolder(directory), database: databaseFacts(join(directory, "stratalog.db")) }
}

async function laterFormatOf(directory: string): Promise<string | undefined> {
  try {
    await checkFormat(nodeFiles, directory)
    return undefined
  } catch (error) {
    if (error instanceof NewerFormat) return error.message
    throw error
  }
}

function databaseFacts(path: string): StorageFacts["database"] {
  try {
    const database = inspectDatabase(path)
    try {
      const { schemaVersion, knownVersion } = database
      return { kind: "read", schemaVersion, knownVersion, problems: database.problems(), ...database.counts() }
    } finally {
      database.close()
    }
  } catch (error) {
    return { kind: "unreadable", detail: error instanceof Error ? error.message : String(error) }
  }
}
