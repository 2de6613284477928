import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Crc32c } from "stratalog/record-batch"
import { nativeCodecs } from "../codecs/native-codecs.ts"
import { errorCode } from "../storage/embedded/files/index.ts"
import { checksumOf, listObjectFiles, objectFileOf } from "../storage/embedded/objects/inspect.ts"
import { type InspectedDatabase, type InspectedSegment, inspectDatabase } from "../storage/embedded/sqlite/inspect.ts"

/** A segment that the index names, or a file that no segment names. */
export interface SegmentEntry {
  readonly kind: "segment"
  /** Below the data directory. */
  readonly file: string
  /** `unused`: nobody refers to the file; it was left over, or is about to be used. */
  readonly state: "whole" | "missing" | "damaged" | "unused"
  readonly sizeInBytes?: number
  readonly topicId?: string
  readonly topic?: string
  readonly partition?: number
  readonly baseOffset?: number
  /** The offset behind its last one. */
  readonly endOffset?: number
  /** Epoch milliseconds. */
  readonly maxTimestamp?: number
  /** What is wrong. */
  readonly detail?: string
}

/**
 * The segments of a data directory, each read whole and compared with what the index says of it, and then the files that
 * no segment names. Nothing where the directory has no segments. Reads only, also beside a running server.
 */
export async function* inspectSegments(directory: string): AsyncGenerator<SegmentEntry> {
  const [path, root] = [join(directory, "stratalog.db"), join(directory, "objects")]
  if (!existsSync(path) || !existsSync(root)) return
  const database = inspectDatabase(path)
  try {
    const named = new Set<string>()
    const { crc32c } = nativeCodecs()
    // Listed first: what is written from now on is in neither.
    const files = await listObjectFiles(root)
    for (const segment of database.segments()) {
      const file = objectFileOf(segment.objectKey)
      named.add(file)
      const entry = await inspectSegment(database, segment, join(root, file), crc32c)
      if (entry !== undefined) yield { ...entry, file: join("objects", file) }
    }
    for (const file of files) {
      if (!named.has(file)) yield { kind: "segment", state: "unused", file: join("objects", file) }
    }
  } finally {
    database.close()
  }
}

/** Undefined where a running server has replaced the segment meanwhile. */
async function inspectSegment(
  database: InspectedDatabase,
  segment: InspectedSegment,
  path: string,
  crc32c: Crc32c,
): Promise<Omit<SegmentEntry, "file"> | undefined> {
  const { topicId, topic, partition, baseOffset, endOffset, maxTimestamp, bytes: sizeInBytes } = segment
  const place = { topicId, ...(topic === undefined ? {} : { topic }), partition, baseOffset, endOffset }
  const facts = { kind: "segment", ...place, maxTimestamp, sizeInBytes } as const
  try {
    const found = await checksumOf(path, crc32c)
    if (found.bytes !== sizeInBytes) {
      return { ...facts, state: "damaged", detail: `It has ${found.bytes} bytes, and should have ${sizeInBytes}.` }
    }
    if (found.crc32c === segment.crc32c) return { ...facts, state: "whole" }
    return { ...facts, state: "damaged", detail: "Its checksum is not the one that the index has." }
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error
    if (!database.isCurrent(segment)) return undefined
    return { ...facts, state: "missing", detail: "The index names it, and there is no such file." }
  }
}
