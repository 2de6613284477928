import type { Catalog } from "./catalog.ts"
import { FRAME_TYPES, type FrameContent } from "./frame.ts"
import type { Group } from "./group.ts"
import type { JournalFile, JournalFiles } from "./journal-files.ts"
import { frameBytes } from "./layout.ts"
import type { Partition } from "./partition.ts"
import type { ProducerMemory } from "./producer-memory.ts"
import type { TailMemory } from "./tail-memory.ts"
import { wake } from "./watches.ts"
import type { Written } from "./writer.ts"

export interface CommitParts {
  readonly catalog: Catalog
  readonly files: JournalFiles
  readonly producers: ProducerMemory
  readonly tail: TailMemory
  /** A file holds nothing any more. */
  readonly emptied: (file: JournalFile) => void
}

/** Makes a durable group visible: its batches, the new states of its partitions, and then those who wait for them. */
export function commitGroup(parts: CommitParts, group: Group, written: Written): void {
  const { tail, producers, catalog } = parts
  for (const { position, bytes } of written.pieces) tail.add(written.file.number, position, bytes)
  let position = written.position
  for (const { frame, partition } of group.planned) {
    if (frame.type === FRAME_TYPES.batch && partition !== undefined) index(partition, written.file, frame, position)
    position += frameBytes(frame)
  }
  for (const partition of group.changed) apply(parts, partition)
  for (const effect of group.effects) effect()
  producers.spillOverflow(catalog.partitions())
  for (const partition of group.changed) wake(partition)
}

/** Makes a topic whose deletion is durable unknown, and wakes those who wait for its partitions. */
export function deleteTopic(parts: CommitParts, topicId: string): void {
  const partitions = parts.catalog.delete(topicId)
  parts.producers.forget(partitions)
  for (const partition of partitions) {
    partition.gone = true
    drop(parts, partition, Number.POSITIVE_INFINITY)
    wake(partition)
  }
  if (partitions.some((partition) => partition.hasSpilled)) parts.producers.forgetSpilled(topicId)
}

function index(partition: Partition, file: JournalFile, frame: FrameContent, position: number): void {
  const size = frame.payload.length
  partition.index.push(frame.baseOffset, frame.recordCount, frame.maxTimestamp, file.number, position, size)
  file.live++
  file.liveBytes += size
}

function apply(parts: CommitParts, partition: Partition): void {
  const { pending, committed } = partition
  if (pending === undefined) return
  const startMoved = pending.logStartOffset !== committed.logStartOffset
  committed.nextOffset = pending.nextOffset
  committed.logStartOffset = pending.logStartOffset
  committed.fencingToken = pending.fencingToken
  partition.pending = undefined
  for (const [id, state] of pending.producers ?? []) parts.producers.remember(partition, id, state)
  if (startMoved) drop(parts, partition, committed.logStartOffset)
}

function drop(parts: CommitParts, partition: Partition, before: number): void {
  partition.index.trim(before, (number, size) => {
    const emptied = parts.files.dropBatch(number, size)
    if (emptied !== undefined) parts.emptied(emptied)
  })
}
