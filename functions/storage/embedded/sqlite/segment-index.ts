import type { DatabaseSync } from "node:sqlite"
import type { PartitionRef, Unavailable } from "../../../log/ports.ts"
import type { IndexPoint, Segment, SegmentIndex } from "../../../segments/ports.ts"
import type { GroupCommit } from "./group-commit.ts"
import { blob, integer, type Row, text } from "./rows.ts"
import { query } from "./transaction.ts"

const OF_PARTITION = "topic_id = ? AND partition = ?"

const INSERT = `
  INSERT INTO segments (topic_id, partition, base_offset, end_offset, object_key, bytes, crc32c, max_timestamp,
    created_at, compacted_to, version, points)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO NOTHING`

const UPDATE = `
  UPDATE segments SET end_offset = ?, object_key = ?, bytes = ?, crc32c = ?, max_timestamp = ?, created_at = ?,
    compacted_to = ?, version = ?, points = ?
  WHERE ${OF_PARTITION} AND base_offset = ? AND version = ?`

export interface SqliteSegmentIndex extends SegmentIndex {
  /** Bytes of the objects of the segments that hold anything from `from` to before `to`. */
  bytesBetween(partition: PartitionRef, from: number, to: number): number | Unavailable
}

export function createSegmentIndex(database: DatabaseSync, groupCommit: GroupCommit): SqliteSegmentIndex {
  const atOrBelow = database.prepare(
    `SELECT * FROM segments WHERE ${OF_PARTITION} AND base_offset <= ? ORDER BY base_offset DESC LIMIT 1`,
  )
  const from = database.prepare(
    `SELECT * FROM segments WHERE ${OF_PARTITION} AND base_offset >= ? ORDER BY base_offset LIMIT ?`,
  )
  const at = database.prepare(`SELECT * FROM segments WHERE ${OF_PARTITION} AND base_offset = ?`)
  const insert = database.prepare(INSERT)
  const update = database.prepare(UPDATE)
  const remove = database.prepare(`DELETE FROM segments WHERE ${OF_PARTITION} AND base_offset = ? AND version = ?`)
  const sum = database.prepare(
    `SELECT coalesce(sum(bytes), 0) AS bytes FROM segments WHERE ${OF_PARTITION} AND end_offset > ? AND base_offset < ?`,
  )

  const stored = ({ topicId, partition }: PartitionRef, baseOffset: number): Segment | undefined => {
    const row = at.get(topicId, partition, baseOffset)
    return row === undefined ? undefined : decode(row)
  }

  return {
    find: ({ topicId, partition }, offset) =>
      query(database, () => {
        const row = atOrBelow.get(topicId, partition, offset)
        return row === undefined ? { kind: "none" } : { kind: "segment", segment: decode(row) }
      }),
    list: ({ topicId, partition }, base, limit) =>
      query(database, () => {
        // One more than asked for tells whether there are further ones.
        const segments = from.all(topicId, partition, base, limit + 1).map(decode)
        return { kind: "segments", segments: segments.slice(0, limit), more: segments.length > limit }
      }),
    put: (ref, segment) =>
      groupCommit.run(() => {
        const { baseOffset } = segment
        const { changes } = insert.run(ref.topicId, ref.partition, baseOffset, ...contentOf(segment, 1))
        const existing = changes === 0 ? stored(ref, baseOffset) : undefined
        return existing === undefined ? { kind: "put" } : { kind: "exists", segment: existing }
      }),
    replace: (ref, segment) =>
      groupCommit.run(() => {
        const { baseOffset, version } = segment
        const key = [ref.topicId, ref.partition, baseOffset, version - 1] as const
        const { changes } = update.run(...contentOf(segment, version), ...key)
        return changes === 0 ? { kind: "lost", segment: stored(ref, baseOffset) } : { kind: "changed" }
      }),
    remove: (ref, { baseOffset, version }) =>
      groupCommit.run(() => {
        const { changes } = remove.run(ref.topicId, ref.partition, baseOffset, version)
        return changes === 0 ? { kind: "lost", segment: stored(ref, baseOffset) } : { kind: "changed" }
      }),
    bytesBetween: ({ topicId, partition }, start, end) =>
      query(database, () => integer(sum.get(topicId, partition, start, end) ?? {}, "bytes")),
  }
}

/** The columns behind the key, in their order. */
function contentOf(segment: Segment, version: number) {
  const { endOffset, objectKey, bytes, crc32c, maxTimestamp, createdAt, compactedTo, points } = segment
  const encoded = encodePoints(points)
  return [endOffset, objectKey, bytes, crc32c, maxTimestamp, createdAt, compactedTo, version, encoded] as const
}

/** A segment's offsets and its object. */
export type SegmentFacts = Pick<Segment, "baseOffset" | "endOffset" | "objectKey" | "bytes" | "crc32c" | "maxTimestamp">

export function segmentFacts(row: Row): SegmentFacts {
  return {
    baseOffset: integer(row, "base_offset"),
    endOffset: integer(row, "end_offset"),
    objectKey: text(row, "object_key"),
    bytes: integer(row, "bytes"),
    crc32c: integer(row, "crc32c"),
    maxTimestamp: integer(row, "max_timestamp"),
  }
}

function decode(row: Row): Segment {
  return {
    ...segmentFacts(row),
    createdAt: integer(row, "created_at"),
    compactedTo: integer(row, "compacted_to"),
    version: integer(row, "version"),
    points: decodePoints(blob(row, "points")),
  }
}

const NUMBERS_A_POINT = 3
const BYTES_A_POINT = NUMBERS_A_POINT * Float64Array.BYTES_PER_ELEMENT

/** Offset, position and timestamp of each point, as little-endian 64-bit floats. */
function encodePoints(points: readonly IndexPoint[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(points.length * BYTES_A_POINT))
  for (const [index, { offset, position, maxTimestampBefore }] of points.entries()) {
    const start = index * BYTES_A_POINT
    view.setFloat64(start, offset, true)
    view.setFloat64(start + 8, position, true)
    view.setFloat64(start + 16, maxTimestampBefore, true)
  }
  return new Uint8Array(view.buffer)
}

function decodePoints(stored: Uint8Array): IndexPoint[] {
  const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength)
  return Array.from({ length: stored.length / BYTES_A_POINT }, (_, index) => {
    const start = index * BYTES_A_POINT
    return {
      offset: view.getFloat64(start, true),
      position: view.getFloat64(start + 8, true),
      maxTimestampBefore: view.getFloat64(start + 16, true),
    }
  })
}
