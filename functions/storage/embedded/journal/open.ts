import { join } from "node:path"
import { NewerFormat } from "../../../log/newer-format.ts"
import {
  checkFormat,
  type DirectoryLock,
  DirectoryLockedError,
  makeDurableDirectory,
  markFormat,
} from "../files/index.ts"
import { Catalog } from "./catalog.ts"
import { type CommitParts, commitGroup, deleteTopic } from "./commit.ts"
import { JournalOpenError } from "./events.ts"
import { Flusher } from "./flusher.ts"
import { controlFrame, FRAME_TYPES } from "./frame.ts"
import { Group } from "./group.ts"
import { Journal, type JournalLog } from "./journal.ts"
import { JournalFiles } from "./journal-files.ts"
import { createJournalFile } from "./new-file.ts"
import { type JournalOptions, type JournalSettings, journalSettings } from "./options.ts"
import { ProducerMemory } from "./producer-memory.ts"
import { ReadHandles } from "./read-handles.ts"
import { Reader } from "./reader.ts"
import { type Recovered, recover } from "./recover.ts"
import { Replay } from "./replay.ts"
import { fileRemovedRequest } from "./requests.ts"
import { Reserve } from "./reserve.ts"
import { TailMemory } from "./tail-memory.ts"
import { Upkeep } from "./upkeep.ts"
import { Writer } from "./writer.ts"

/**
 * Opens the journal in a directory, made where it is missing. Throws JournalOpenError: `locked` where another process
 * has it, `corrupt` where acknowledged records are damaged or missing, `unsupported` where a later version wrote it.
 */
export async function openJournal(options: JournalOptions): Promise<JournalLog> {
  const settings = journalSettings(options)
  const journalDirectory = join(settings.directory, "journal")
  await makeDurableDirectory(settings.files, journalDirectory)
  const lock = takeLock(settings)
  try {
    const format = await checkFormat(settings.files, settings.directory)
    const journal = await openLocked(settings, new JournalFiles(journalDirectory), lock)
    if (format === undefined) await markOpened(settings)
    return journal
  } catch (error) {
    lock.release()
    if (error instanceof NewerFormat) throw new JournalOpenError("unsupported", error.message, { cause: error })
    throw error
  }
}

/** What has no mark is of the first format, so nothing is lost where there is no room for one. */
async function markOpened({ files, directory, onEvent }: JournalSettings): Promise<void> {
  try {
    await markFormat(files, directory)
  } catch (error) {
    onEvent({ kind: "failure", during: "marking the data directory's format", error })
  }
}

function takeLock({ files, directory }: JournalSettings): DirectoryLock {
  try {
    return files.lock(directory)
  } catch (error) {
    if (error instanceof DirectoryLockedError) throw new JournalOpenError("locked", error.message, { cause: error })
    throw error
  }
}

async function openLocked(settings: JournalSettings, files: JournalFiles, lock: DirectoryLock): Promise<JournalLog> {
  const { files: layer, crc32c, onEvent } = settings
  const catalog = new Catalog()
  const known = settings.spill.exists() ? settings.spill.open() : undefined
  const producers = new ProducerMemory(
    {
      perPartition: settings.rememberedProducers,
      total: settings.rememberedProducersInAll,
      openSpill: () => settings.spill.open(),
      onFailure: (error) => onEvent({ kind: "failure", during: "spilling producers", error }),
    },
    known,
  )
  try {
    const spilled = known?.partitions() ?? []
    const names = new Set(spilled.map(({ topicId, partition }) => `${topicId}/${partition}`))
    const replay = new Replay(catalog, producers, names, (file, size) => files.dropBatch(file, size))
    const recovered = (await recover({ layer, files, crc32c, replay })) ?? (await beginJournal(settings, files))
    for (const topicId of new Set(spilled.map((one) => one.topicId))) {
      if (catalog.topic(topicId) === undefined) producers.forgetSpilled(topicId)
    }
    producers.spillOverflow(catalog.partitions())
    onEvent({
      kind: "recovered",
      files: files.size,
      entries: replay.entries,
      truncatedBytes: recovered.truncatedBytes,
    })
    return assemble(settings, { files, catalog, producers, recovered, lock })
  } catch (error) {
    producers.close()
    throw error
  }
}

async function beginJournal(settings: JournalSettings, files: JournalFiles): Promise<Recovered> {
  const { files: layer, crc32c, nonce } = settings
  const active = await createJournalFile({
    layer,
    files,
    crc32c,
    number: 1,
    nonce: nonce(),
    previous: 0,
    previousEnd: 0,
    heads: [],
  })
  const file = { number: 1, end: active.end, live: 0, liveBytes: 0, sealed: false }
  files.add(file)
  return { active, file, truncatedBytes: 0 }
}

interface Opened {
  readonly files: JournalFiles
  readonly catalog: Catalog
  readonly producers: ProducerMemory
  readonly recovered: Recovered
  readonly lock: DirectoryLock
}

function assemble(settings: JournalSettings, { files, catalog, producers, recovered, lock }: Opened): JournalLog {
  const { files: layer, crc32c, onEvent } = settings
  const tail = new TailMemory(settings.cacheBytes)
  const handles = new ReadHandles(layer, files, settings.openFiles)
  const writer = new Writer(
    {
      layer,
      files,
      crc32c,
      fileBytes: settings.fileBytes,
      layAheadBytes: settings.layAheadBytes,
      nonce: settings.nonce,
      now: settings.now,
      heads: function* () {
        for (const partition of catalog.partitions()) yield partition.head()
      },
      onRolled: (old, handle, next) => {
        files.add(next)
        onEvent({ kind: "roll", file: next.number })
        upkeep.seal(old, handle)
      },
    },
    recovered.active,
    recovered.file,
  )
  const reserve = new Reserve(layer, join(files.directory, "reserve"), settings.reserveBytes)
  const commitParts: CommitParts = { catalog, files, producers, tail, emptied: (file) => upkeep.emptied(file) }
  const flusher = new Flusher({
    writer,
    reserve,
    newGroup: () => new Group(catalog, producers),
    commit: (group, written) => {
      commitGroup(commitParts, group, written)
      const { milliseconds } = written
      onEvent({ kind: "flush", entries: group.planned.length, bytes: group.bytes, milliseconds })
    },
    failed: (failure) => onEvent({ kind: "refused", failure }),
  })
  const upkeep = new Upkeep({
    layer,
    files,
    catalog,
    handles,
    reserve,
    crc32c,
    onEvent,
    recordRemoval: (file) =>
      writer.hasWritten
        ? Promise.resolve(undefined)
        : new Promise((resolve) => flusher.submit(fileRemovedRequest(file, resolve))),
  })
  for (const file of files.all()) if (file !== recovered.file && !file.sealed) upkeep.seal(file)
  upkeep.reclaim()
  upkeep.holdReserve()
  return new Journal({
    catalog,
    files,
    producers,
    flusher,
    reader: new Reader(tail, handles, files, crc32c),
    cachedBytes: () => tail.bytes,
    deleteTopic: (topicId) => deleteTopic(commitParts, topicId),
    close: async () => {
      await flusher.close()
      await upkeep.stop()
      // Best effort: it only tells a later reader that the end is no write that a crash cut short.
      await writer.write([controlFrame(FRAME_TYPES.closed)])
      await writer.close()
      handles.closeAll()
      producers.close()
      lock.release()
    },
  })
}
