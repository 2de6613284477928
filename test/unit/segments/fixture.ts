/** Batches, segments of them and what reads them, in memory. */
import { createHash } from "node:crypto"
import { encodeBatch, portableCodecs, type RecordInput } from "stratalog/record-batch"
import type { PartitionRef, StoredBatch } from "../../../functions/log/ports.ts"
import type { SegmentDependencies } from "../../../functions/segments/dependencies.ts"
import type { Segment } from "../../../functions/segments/ports.ts"
import { SegmentMemory } from "../../../functions/segments/read/segment-memory.ts"
import { buildSegment } from "../../../functions/segments/segment/build.ts"
import { segmentKey } from "../../../functions/segments/segment/object-key.ts"
import { MemoryObjectStore } from "../../fakes/memory-object-store.ts"
import { createMemorySegmentIndex, type MemorySegmentIndex } from "../../fakes/memory-segment-index.ts"

export const partition: PartitionRef = { topicId: "3e0c3f0a-7b1e-4f5c-9a52-0d8f6c1f2b11", partition: 3 }
export const codecs = portableCodecs()

export interface SegmentStorage extends SegmentDependencies {
  readonly objects: MemoryObjectStore
  readonly index: MemorySegmentIndex
}

export function newMemory(): SegmentMemory {
  return new SegmentMemory({ segments: 1024 ** 2, blocks: 8 * 1024 ** 2 })
}

export function segmentStorage(now?: () => number): SegmentStorage {
  return {
    objects: new MemoryObjectStore(now),
    index: createMemorySegmentIndex(),
    crc32c: codecs.crc32c,
    memory: newMemory(),
  }
}

/** What a process has that was started just now: the same storage, nothing in memory. */
export function afresh(storage: SegmentStorage): SegmentStorage {
  return { ...storage, memory: newMemory() }
}

export function batchOf(records: readonly RecordInput[], baseOffset: number): StoredBatch {
  const bytes = encodeBatch({ records, baseOffset }, codecs.crc32c)
  const maxTimestamp = Math.max(...records.map(({ timestamp }) => timestamp))
  return { baseOffset, recordCount: records.length, maxTimestamp, bytes }
}

export interface BatchShape {
  readonly records: number
  /** Of each value. */
  readonly bytes: number
  readonly timestamp: number
}

/** Batches one after another from `baseOffset` on, each value different from all others. */
export function batchesOf(shapes: readonly BatchShape[], baseOffset = 0): StoredBatch[] {
  let next = baseOffset
  return shapes.map(({ records, bytes, timestamp }) => {
    const batch = batchOf(
      Array.from({ length: records }, (_, index) => ({
        timestamp: timestamp + index,
        key: Buffer.from(`k${(next + index) % 7}`),
        value: valueAt(next + index, bytes),
      })),
      next,
    )
    next += records
    return batch
  })
}

function valueAt(offset: number, bytes: number): Uint8Array {
  return Buffer.alloc(bytes, createHash("sha256").update(String(offset)).digest())
}

export function endOf(batch: StoredBatch): number {
  return batch.baseOffset + batch.recordCount
}

/** Writes object and entry, as tiering does. */
export async function storeSegment(
  { objects, index }: Pick<SegmentStorage, "objects" | "index">,
  batches: readonly StoredBatch[],
  over: Partial<Segment> = {},
): Promise<Segment> {
  const baseOffset = over.baseOffset ?? batches[0]?.baseOffset ?? 0
  const last = batches.at(-1)
  const place = {
    baseOffset,
    endOffset: last === undefined ? baseOffset : endOf(last),
    objectKey: segmentKey(partition, baseOffset, "made"),
    createdAt: 1000,
    compactedTo: 0,
    version: 1,
    ...over,
  }
  const { segment, parts } = buildSegment(batches, place, codecs.crc32c)
  await objects.put(segment.objectKey, parts)
  await index.put(partition, segment)
  return segment
}

/** What a read has to give, from the list of all batches. */
export function readFromModel(
  batches: readonly StoredBatch[],
  {
    offset,
    maxBytes,
    maxRecords = Number.POSITIVE_INFINITY,
  }: { offset: number; maxBytes: number; maxRecords?: number },
): StoredBatch[] {
  const given: StoredBatch[] = []
  let bytes = 0
  for (const batch of batches) {
    if (endOf(batch) <= offset) continue
    bytes += batch.bytes.length
    if (given.length > 0 && (bytes > maxBytes || batch.baseOffset - offset >= maxRecords)) break
    given.push(batch)
  }
  return given
}
