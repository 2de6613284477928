/** Composes the embedded log: journal and SQLite in one data directory, the features over them, the API on top. */
import { randomUUID } from "node:crypto"
import { join } from "node:path"
import { type Limits, limits } from "stratalog/protocol"
import type { BatchCodecs } from "stratalog/record-batch"
import type { AccessStore } from "../access/ports.ts"
import { limitedCodecs } from "../codecs/limited-codecs.ts"
import { nativeCodecs } from "../codecs/native-codecs.ts"
import { storageHealth } from "../compose/storage-health.ts"
import type { ApiDependencies } from "../http/dependencies.ts"
import type { Clock, PartitionLog } from "../log/ports.ts"
import type { UpkeepSettings } from "../segments/dependencies.ts"
import type { FileLayer } from "../storage/embedded/files/index.ts"
import { type JournalEvent, type JournalLog, openJournal } from "../storage/embedded/journal/index.ts"
import { openSqliteStores, type SqliteStores } from "../storage/embedded/sqlite/index.ts"
import { type OpenTiering, openTiering } from "../storage/embedded/tiering/index.ts"
import { removeOrphans } from "../topics/delete/remove-orphans.ts"
import { DECOMPRESSIONS } from "./bounds/bounds.ts"
import { type EmbeddedUpkeep, embeddedUpkeep } from "./embedded-upkeep.ts"
import { version } from "./version.ts"

export interface EmbeddedOptions {
  readonly dataDir: string
  /** Bytes; the size at which the journal goes on in a new file. */
  readonly journalFileBytes?: number
  readonly limits?: Limits
  readonly onJournalEvent?: (event: JournalEvent) => void
  /** What upkeep does otherwise than by default. */
  readonly upkeep?: Partial<UpkeepSettings>
  /** Hears of a removal of leftovers that failed at the start and is tried again at the next. */
  readonly onLeftBehind?: (detail: string) => void
  /** Where the files lie, if not in the operating system's file system. */
  readonly files?: FileLayer
  /** Stands between the API and the log, for tests that inject faults. */
  readonly wrapLog?: (log: PartitionLog) => PartitionLog
}

const clock: Clock = { now: Date.now }

export interface Embedded {
  readonly deps: ApiDependencies
  /** API keys and access control lists. `deps` ask for none. */
  readonly access: AccessStore
  readonly journal: JournalLog
  /** A round of retention, compaction and tiering; who opens the log calls it from time to time. */
  readonly upkeep: EmbeddedUpkeep
  /** Flushes what waits and frees the data directory. */
  close(): Promise<void>
}

export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const codecs = limitedCodecs(nativeCodecs(), DECOMPRESSIONS)
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
    try {
      return await openOver(options, { journal, stores, codecs, health: health.check })
    } catch (error) {
      stores.close()
      throw error
    }
  } catch (error) {
    await journal.close()
    throw error
  }
}

interface Opened {
  readonly journal: JournalLog
  readonly stores: SqliteStores
  readonly codecs: BatchCodecs
  readonly health: ApiDependencies["health"]
}

async function openOver(options: EmbeddedOptions, opened: Opened): Promise<Embedded> {
  const { journal, stores, codecs } = opened
  const { dataDir: directory, files } = options
  const { crc32c } = codecs
  const tiering = await openTiering({ directory, ...(files && { files }), journal, stores, crc32c, clock })
  const leftBehind = await removeLeftovers(journal, stores, tiering)
  if (leftBehind !== undefined) options.onLeftBehind?.(leftBehind)
  return {
    journal,
    access: stores.access,
    deps: dependencies(options, tiering.log, opened),
    upkeep: embeddedUpkeep({ tiering, stores, codecs, clock, ...(options.upkeep && { settings: options.upkeep }) }),
    close: () => closeBoth(journal, stores),
  }
}

/** What a crash in the middle of a creation or a deletion left; a sentence where some of it could not be removed. */
async function removeLeftovers(
  journal: JournalLog,
  stores: SqliteStores,
  tiering: OpenTiering,
): Promise<string | undefined> {
  const tiered = await tiering.topicIds()
  if ("kind" in tiered) return tiered.detail
  const storedIds = [...journal.topicIds(), ...stores.committedTopicIds(), ...tiered]
  const removed = await removeOrphans({ ...stores, log: tiering.log }, storedIds)
  return removed.kind === "unavailable" ? removed.detail : undefined
}

function dependencies(options: EmbeddedOptions, log: PartitionLog, opened: Opened): ApiDependencies {
  const { topics, groups, producers, sessionClock, upkeepRecords } = opened.stores
  const { codecs, health } = opened
  let turn = 0
  return {
    log: options.wrapLog?.(log) ?? log,
    topics,
    groups,
    producers,
    upkeepRecords,
    codecs,
    version,
    limits: options.limits ?? limits,
    clock,
    sessionClock,
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
