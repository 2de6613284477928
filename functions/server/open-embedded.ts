/** Composes the embedded log: journal and SQLite in one data directory, the features over them, the API on top. */
import { randomUUID } from "node:crypto"
import { join } from "node:path"
import { type Limits, limits } from "stratalog/protocol"
import type { BatchCodecs } from "stratalog/record-batch"
import { nativeCodecs } from "../codecs/native-codecs.ts"
import { storageHealth } from "../compose/storage-health.ts"
import type { ApiDependencies } from "../http/dependencies.ts"
import type { PartitionLog } from "../log/ports.ts"
import type { FileLayer } from "../storage/embedded/files/index.ts"
import { type JournalEvent, type JournalLog, openJournal } from "../storage/embedded/journal/index.ts"
import { openSqliteStores, type SqliteStores } from "../storage/embedded/sqlite/index.ts"
import { removeOrphans } from "../topics/delete/remove-orphans.ts"
import { version } from "./version.ts"

export interface EmbeddedOptions {
  readonly dataDir: string
  /** Bytes; the size at which the journal goes on in a new file. */
  readonly journalFileBytes?: number
  readonly limits?: Limits
  readonly onJournalEvent?: (event: JournalEvent) => void
  /** Hears of a removal of leftovers that failed at the start and is tried again at the next. */
  readonly onLeftBehind?: (detail: string) => void
  /** Where the files lie, if not in the operating system's file system. */
  readonly files?: FileLayer
  /** Stands between the API and the journal, for tests that inject faults. */
  readonly wrapLog?: (log: PartitionLog) => PartitionLog
}

export interface Embedded {
  readonly deps: ApiDependencies
  readonly journal: JournalLog
  /** Flushes what waits and frees the data directory. */
  close(): Promise<void>
}

export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const codecs = nativeCodecs()
  const health = storageHealth()
  const journal = await openJournal({
    directory: options.dataDir,
    crc32c: codecs.crc32c,
    ...(options.files && { files: options.files }),
    ...(options.journalFileBytes !== undefined && { fileBytes: options.journalFileBytes }),
    onEvent: (event) => {
      if (event.kind === "flush") health.succeeded()
      if (event.kind === "refused") health.failed(event.failure)
      options.onJournalEvent?.(event)
    },
  })
  try {
    // The journal's lock stands for the whole directory, so the database is opened after it.
    const stores = openSqliteStores({ path: join(options.dataDir, "stratalog.db") })
    const storedIds = [...journal.topicIds(), ...stores.committedTopicIds()]
    const swept = await removeOrphans({ ...stores, log: journal }, storedIds)
    if (swept.kind === "unavailable") options.onLeftBehind?.(swept.detail)
    return {
      journal,
      deps: dependencies(options, journal, stores, codecs, health.check),
      close: () => closeBoth(journal, stores),
    }
  } catch (error) {
    await journal.close()
    throw error
  }
}

function dependencies(
  options: EmbeddedOptions,
  journal: JournalLog,
  { topics, groups, producers }: SqliteStores,
  codecs: BatchCodecs,
  health: ApiDependencies["health"],
): ApiDependencies {
  let turn = 0
  return {
    log: options.wrapLog?.(journal) ?? journal,
    topics,
    groups,
    producers,
    codecs,
    version,
    limits: options.limits ?? limits,
    clock: { now: Date.now },
    topicIds: { next: randomUUID },
    pickPartition: (count) => turn++ % count,
    health,
  }
}

/** The database first: the journal's lock is what keeps another process out. */
async function closeBoth(journal: JournalLog, stores: SqliteStores): Promise<void> {
  try {
    stores.close()
  } finally {
    await journal.close()
  }
}
