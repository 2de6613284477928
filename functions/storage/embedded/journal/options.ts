import { randomInt } from "node:crypto"
import type { Crc32c } from "stratalog/record-batch"
import { type FileLayer, nodeFiles } from "../files/index.ts"
import type { JournalEvent } from "./events.ts"
import { type SpillSource, sqliteSpill } from "./producer-spill.ts"

export interface JournalOptions {
  /** Made where it is missing. One process at a time. */
  readonly directory: string
  readonly crc32c: Crc32c
  readonly files?: FileLayer
  /** A journal file is followed by the next at this size; 64 MiB. At most 2 GiB. */
  readonly fileBytes?: number
  /** The newest batches kept in memory for readers, all partitions together; 32 MiB. */
  readonly cacheBytes?: number
  /** Zeros written ahead of the journal's end while appends are small; 1 MiB. 0: none. */
  readonly layAheadBytes?: number
  /** Room on the disk kept for making room when it is full; 1 MiB. 0: none. */
  readonly reserveBytes?: number
  /** Producers of a partition kept in memory; 1,000. The others are looked up on disk when they come back. */
  readonly rememberedProducers?: number
  /** Producers kept in memory, all partitions together; 50,000. Each new journal file starts with them. */
  readonly rememberedProducersInAll?: number
  /** Where producers go that memory has no room for; an SQLite database in the directory. */
  readonly spill?: SpillSource
  /** Files kept open for reading; 64. */
  readonly openFiles?: number
  readonly onEvent?: (event: JournalEvent) => void
  /** Milliseconds from a monotonic clock. */
  readonly now?: () => number
  /** A random unsigned 32-bit number. */
  readonly nonce?: () => number
}

export type JournalSettings = Required<JournalOptions>

const MEBIBYTE = 1024 * 1024
const LARGEST_FILE_BYTES = 2 ** 31

/** The options with their defaults. Throws a RangeError on sizes that the journal's format cannot hold. */
export function journalSettings(options: JournalOptions): JournalSettings {
  const settings = {
    files: nodeFiles,
    fileBytes: 64 * MEBIBYTE,
    cacheBytes: 32 * MEBIBYTE,
    layAheadBytes: MEBIBYTE,
    reserveBytes: MEBIBYTE,
    rememberedProducers: 1_000,
    rememberedProducersInAll: 50_000,
    spill: sqliteSpill(options.directory),
    openFiles: 64,
    onEvent: () => undefined,
    now: () => performance.now(),
    nonce: () => randomInt(2 ** 32),
    ...options,
  }
  if (settings.fileBytes > LARGEST_FILE_BYTES) {
    throw new RangeError(
      `fileBytes is ${settings.fileBytes}; a journal file holds at most ${LARGEST_FILE_BYTES} bytes.`,
    )
  }
  return settings
}
