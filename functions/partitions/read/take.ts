/** How much of what lies ahead goes into one answer. */
import type { ReadRequest, StoredBatch } from "../../log/ports.ts"
import { endOf, type PlacedEntry } from "../head.ts"

/** The entries from the one that holds the offset on, as many as may be in the answer; the first in any case. */
export function takeEntries(entries: readonly PlacedEntry[], request: ReadRequest): readonly PlacedEntry[] {
  return take(entries, request, { endOf, bytesOf: ({ entry }) => entry.bytes })
}

/** The same among batches: an entry may hold several. */
export function takeBatches(batches: readonly StoredBatch[], request: ReadRequest): readonly StoredBatch[] {
  return take(batches, request, {
    endOf: ({ baseOffset, recordCount }) => baseOffset + recordCount,
    bytesOf: ({ bytes }) => bytes.length,
  })
}

interface Measure<Item> {
  endOf(item: Item): number
  bytesOf(item: Item): number
}

function take<Item extends { readonly baseOffset: number }>(
  items: readonly Item[],
  { offset, maxBytes, maxRecords = Number.POSITIVE_INFINITY }: ReadRequest,
  measure: Measure<Item>,
): readonly Item[] {
  const taken: Item[] = []
  let bytes = 0
  for (const item of items) {
    if (measure.endOf(item) <= offset) continue
    bytes += measure.bytesOf(item)
    if (taken.length > 0 && (bytes > maxBytes || item.baseOffset - offset >= maxRecords)) break
    taken.push(item)
  }
  return taken
}
