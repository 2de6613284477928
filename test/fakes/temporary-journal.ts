/** A journal in a temporary folder, and batches to put into it. */
import { mkdtempSync, rmSync } from "node:fs"
import { readdir } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { encodeBatch, portableCrc32c } from "stratalog/record-batch"
import type { AppendEntry, ProducerSequence } from "../../functions/log/ports.ts"
import {
  type JournalEvent,
  type JournalLog,
  type JournalOptions,
  openJournal,
} from "../../functions/storage/embedded/journal/index.ts"

export const TOPIC = "0b8f6a3e-63a5-4b0e-8a53-6a5a0b6a7c01"
export const P0 = { topicId: TOPIC, partition: 0 }

export interface TemporaryJournal {
  readonly directory: string
  readonly events: JournalEvent[]
  open(options?: Partial<JournalOptions>): Promise<JournalLog>
  /** Names in the journal's folder, sorted. */
  files(): Promise<string[]>
  path(file: string): string
  dispose(): void
}

export function temporaryJournal(): TemporaryJournal {
  const directory = mkdtempSync(join(tmpdir(), "stratalog-journal-"))
  const events: JournalEvent[] = []
  const path = (file: string): string => join(directory, "journal", file)
  return {
    directory,
    events,
    path,
    open: (options = {}) =>
      openJournal({ directory, crc32c: portableCrc32c, onEvent: (event) => events.push(event), ...options }),
    files: async () => (await readdir(join(directory, "journal"))).filter((name) => name !== "reserve").toSorted(),
    dispose: () => rmSync(directory, { recursive: true }),
  }
}

/** A batch of one record of about `bytes`. */
export function entryOf(bytes = 100, producer?: ProducerSequence): AppendEntry {
  const records = [{ timestamp: 1, key: null, value: Buffer.alloc(bytes, "v") }]
  const batch = encodeBatch(producer === undefined ? { records } : { records, producer }, portableCrc32c)
  const entry = { batch, recordCount: 1, maxTimestamp: 1 }
  return producer === undefined ? entry : { ...entry, producer }
}
