/** The bytes behind entries: in the entry, in an item, or in an object. */
import { patchBaseOffset, RecordBatchError, readBatchHeader, splitBatches, verifyBatch } from "stratalog/record-batch"
import type { PartitionRef, StoredBatch, Unavailable } from "../../log/ports.ts"
import type { GetObjectOutcome } from "../../segments/ports.ts"
import type { ReadDeps } from "../dependencies.ts"
import type { PlacedEntry } from "../head.ts"
import { objectKey } from "../place/place.ts"

export type ReadEntriesOutcome =
  /** One list for each entry, in their order, up to the first that cannot be read. */
  | { readonly kind: "batches"; readonly batches: readonly (readonly StoredBatch[])[] }
  /** What an entry refers to is gone; `where` names it. */
  | { readonly kind: "missing"; readonly where: string }
  | { readonly kind: "corrupt"; readonly where: string; readonly detail: string }
  | Unavailable

export async function readEntries(
  deps: ReadDeps,
  partition: PartitionRef,
  entries: readonly PlacedEntry[],
): Promise<ReadEntriesOutcome> {
  const keys = entries.flatMap(({ entry: { placement } }) => (placement.kind === "item" ? [placement.key] : []))
  const reading = keys.length === 0 ? NO_ITEMS : deps.index.items(partition, keys)
  const objects = entries.map(({ entry: { placement } }) =>
    placement.kind === "object" ? deps.objects.get(objectKey(partition, placement.key)) : undefined,
  )
  const items = await reading
  if (items.kind === "unavailable") return { ...items, sideEffects: "none" }
  const itemOf = new Map(keys.map((key, at) => [key, items.items[at]]))
  const batches: (readonly StoredBatch[])[] = []
  for (const [at, placed] of entries.entries()) {
    const read = readEntry(deps, partition, placed, itemOf, await objects[at])
    // What lies before a part that is damaged can be read all the same.
    if (!Array.isArray(read)) return at > 0 ? { kind: "batches", batches } : read
    batches.push(read)
  }
  return { kind: "batches", batches }
}

function readEntry(
  deps: ReadDeps,
  partition: PartitionRef,
  placed: PlacedEntry,
  items: ReadonlyMap<string, Uint8Array | undefined>,
  object: GetObjectOutcome | undefined,
): StoredBatch[] | Exclude<ReadEntriesOutcome, { kind: "batches" }> {
  if (object?.kind === "unavailable") return { ...object, sideEffects: "none" }
  const { placement } = placed.entry
  const bytes = bytesOf(placement, items, object)
  const where = placement.kind === "inline" ? `entry at offset ${placed.baseOffset}` : nameOf(partition, placement)
  if (bytes === undefined) return { kind: "missing", where }
  const read = storedBatches(deps, placed, bytes)
  return typeof read === "string" ? { kind: "corrupt", where, detail: read } : read
}

const NO_ITEMS = { kind: "items", items: [] } as const

function bytesOf(
  placement: PlacedEntry["entry"]["placement"],
  items: ReadonlyMap<string, Uint8Array | undefined>,
  object: GetObjectOutcome | undefined,
): Uint8Array | undefined {
  if (placement.kind === "inline") return placement.batches
  if (placement.kind === "item") return items.get(placement.key)
  return object?.kind === "object" ? object.bytes : undefined
}

function nameOf(
  partition: PartitionRef,
  placement: Exclude<PlacedEntry["entry"]["placement"], { kind: "inline" }>,
): string {
  return placement.kind === "item" ? `item ${placement.key}` : `object ${objectKey(partition, placement.key)}`
}

/** Copies with their offsets in them: what is kept in heads and pages is shared. Or a sentence that says what is damaged. */
function storedBatches({ crc32c }: ReadDeps, placed: PlacedEntry, bytes: Uint8Array): StoredBatch[] | string {
  const { entry, baseOffset } = placed
  if (bytes.length !== entry.bytes) return `It holds ${bytes.length} bytes; ${entry.bytes} were written.`
  try {
    const whole = splitBatches(bytes.slice())
    let next = baseOffset
    return whole.map((batch) => {
      verifyBatch(batch, crc32c)
      const { lastOffsetDelta, maxTimestamp } = readBatchHeader(batch)
      const recordCount = whole.length === 1 ? entry.recordCount : lastOffsetDelta + 1
      patchBaseOffset(batch, next)
      const stored = { baseOffset: next, recordCount, maxTimestamp, bytes: batch }
      next += recordCount
      return stored
    })
  } catch (error) {
    if (error instanceof RecordBatchError) return error.message
    throw error
  }
}
