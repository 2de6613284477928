/** Where the states of producers go that a partition has not heard of for long. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync, type StatementSync } from "node:sqlite"
import type { ProducerState } from "../../../log/append/decide.ts"
import { newerFormat } from "../../../log/newer-format.ts"

export interface SpilledProducer {
  readonly topicId: string
  readonly partition: number
  readonly id: number
  readonly state: ProducerState
}

/**
 * Only states of committed batches are saved, so a spilled state never claims a batch that the log lost. One that is
 * older than the log's is harmless: whoever finds both goes by the newest base offset. Failures are thrown.
 */
export interface ProducerSpill {
  /** Durable when it returns. */
  save(producers: readonly SpilledProducer[]): void
  load(topicId: string, partition: number, id: number): ProducerState | undefined
  /** The partitions that have spilled producers. */
  partitions(): readonly { readonly topicId: string; readonly partition: number }[]
  forgetTopic(topicId: string): void
  close(): void
}

/** A spill that is made only when it is needed. */
export interface SpillSource {
  /** Whether an earlier run made it: only then may it know producers that the journal does not tell of. */
  exists(): boolean
  open(): ProducerSpill
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS producers (
    topic_id TEXT NOT NULL, partition INTEGER NOT NULL, producer_id INTEGER NOT NULL,
    last_offset INTEGER NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (topic_id, partition, producer_id)
  ) WITHOUT ROWID, STRICT`

const SAVE = `
  INSERT INTO producers (topic_id, partition, producer_id, last_offset, state) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET last_offset = excluded.last_offset, state = excluded.state
  WHERE excluded.last_offset >= last_offset`

/** An SQLite database of its own beside the journal. */
export function sqliteSpill(directory: string): SpillSource {
  const path = join(directory, "producers.db")
  return { exists: () => existsSync(path), open: () => openSqlite(path) }
}

/** In the file's `user_version`; 0, which the first versions left there, is the same. */
const VERSION = 1

function openSqlite(path: string): ProducerSpill {
  const database = new DatabaseSync(path)
  refuseLater(database, path)
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
  database.exec(`${SCHEMA}; PRAGMA user_version = ${VERSION}`)
  const save = database.prepare(SAVE)
  const load = database.prepare("SELECT state FROM producers WHERE topic_id = ? AND partition = ? AND producer_id = ?")
  return {
    save: (producers) => saveAll(database, save, producers),
    load: (topicId, partition, id) => {
      const text = load.get(topicId, partition, id)?.["state"]
      return typeof text === "string" ? decodeState(text) : undefined
    },
    partitions: () =>
      database
        .prepare("SELECT DISTINCT topic_id, partition FROM producers")
        .all()
        .map((row) => ({ topicId: String(row["topic_id"]), partition: Number(row["partition"]) })),
    forgetTopic: (topicId) => {
      database.prepare("DELETE FROM producers WHERE topic_id = ?").run(topicId)
    },
    close: () => database.close(),
  }
}

function refuseLater(database: DatabaseSync, path: string): void {
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"])
  if (version <= VERSION) return
  database.close()
  throw newerFormat(path, VERSION)
}

function saveAll(database: DatabaseSync, save: StatementSync, producers: readonly SpilledProducer[]): void {
  database.exec("BEGIN IMMEDIATE")
  try {
    for (const { topicId, partition, id, state } of producers) {
      save.run(topicId, partition, id, lastOffsetOf(state), encodeState(state))
    }
    database.exec("COMMIT")
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK")
    throw error
  }
}

/** The base offset of the newest batch: of two states of a producer, the one with the greater is the newer. */
export function lastOffsetOf(state: ProducerState): number {
  return state.batches.at(-1)?.baseOffset ?? -1
}

function encodeState(state: ProducerState): string {
  const batches = state.batches.map((b) => [b.firstSequence, b.lastSequence, b.baseOffset, b.maxTimestamp])
  return JSON.stringify([state.epoch, state.lastSequence, batches])
}

function decodeState(text: string): ProducerState {
  const [epoch, lastSequence, batches]: [number, number, [number, number, number, number][]] = JSON.parse(text)
  return {
    epoch,
    lastSequence,
    batches: batches.map(([firstSequence, lastOfBatch, baseOffset, maxTimestamp]) => ({
      firstSequence,
      lastSequence: lastOfBatch,
      baseOffset,
      maxTimestamp,
    })),
  }
}
