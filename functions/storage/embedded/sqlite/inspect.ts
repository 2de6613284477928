/** Looks at the database without opening it for work: nothing is written or migrated, also beside a running server. */
import { DatabaseSync } from "node:sqlite"
import { unavailableFrom } from "./failures.ts"
import { integer, type Row, text } from "./rows.ts"
import { APPLICATION_ID, MIGRATIONS } from "./schema.ts"
import { type SegmentFacts, segmentFacts } from "./segment-index.ts"

export interface InspectedSegment extends SegmentFacts {
  readonly topicId: string
  /** Undefined where the topic is deleted. */
  readonly topic: string | undefined
  readonly partition: number
}

export interface InspectedDatabase {
  /** Steps of the schema that the file has taken, and those that this version knows. */
  readonly schemaVersion: number
  readonly knownVersion: number
  /** What SQLite finds wrong in the file; empty: nothing. */
  problems(): readonly string[]
  counts(): { readonly topics: number; readonly groups: number }
  /** In the order of topic, partition and offset. */
  segments(): readonly InspectedSegment[]
  /** Whether the entry is still there: a running server replaces them. */
  isCurrent(segment: InspectedSegment): boolean
  close(): void
}

const SEGMENTS_SINCE = 2

const SEGMENTS = `
  SELECT s.topic_id, t.name, s.partition, s.base_offset, s.end_offset, s.object_key, s.bytes, s.crc32c, s.max_timestamp
  FROM segments s LEFT JOIN topics t ON t.id = s.topic_id
  ORDER BY s.topic_id, s.partition, s.base_offset`

/** Throws a sentence where the file cannot be read, or is none of ours. */
export function inspectDatabase(path: string): InspectedDatabase {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true })
    return inspected(database, path)
  } catch (error) {
    database?.close()
    const failure = unavailableFrom(error, "work")
    throw failure === undefined ? error : new Error(`${path} cannot be read: ${failure.detail}.`, { cause: error })
  }
}

function inspected(database: DatabaseSync, path: string): InspectedDatabase {
  const pragma = (name: string) => integer(database.prepare(`PRAGMA ${name}`).get() ?? {}, name)
  if (pragma("application_id") !== APPLICATION_ID) throw new Error(`${path} is a database of another program.`)
  const schemaVersion = pragma("user_version")
  const hasSegments = schemaVersion >= SEGMENTS_SINCE
  const count = (query: string) => integer(database.prepare(query).get() ?? {}, "count")
  return {
    schemaVersion,
    knownVersion: MIGRATIONS.length,
    problems: () => {
      const found = database.prepare("PRAGMA quick_check").all()
      return found.map((row) => text(row, "quick_check")).filter((line) => line !== "ok")
    },
    counts: () => ({
      topics: count("SELECT count(*) AS count FROM topics"),
      groups: count("SELECT count(DISTINCT group_name) AS count FROM committed_offsets"),
    }),
    segments: () => (hasSegments ? database.prepare(SEGMENTS).all().map(segmentOf) : []),
    isCurrent: ({ topicId, partition, baseOffset, objectKey }) =>
      database
        .prepare("SELECT 1 FROM segments WHERE topic_id = ? AND partition = ? AND base_offset = ? AND object_key = ?")
        .get(topicId, partition, baseOffset, objectKey) !== undefined,
    close: () => database.close(),
  }
}

function segmentOf(row: Row): InspectedSegment {
  return {
    topicId: text(row, "topic_id"),
    topic: row["name"] === null ? undefined : text(row, "name"),
    partition: integer(row, "partition"),
    ...segmentFacts(row),
  }
}
