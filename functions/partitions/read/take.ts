/** How much of what lies ahead goes into one answer. */
import type { ReadRequest, StoredBatch } from "../../log/ports.ts"
import { endOf, type PlacedEntry } from "../head.ts"

/** The entries from the one that holds the offset on, as many as may be in the answer; the first in any case. */
export function takeEntries(entries: readonly PlacedEntry[], request: ReadRequest): readonly PlacedEntry[] {
  const { offset, maxBytes, maxRecords = Number.POSITIVE_INFINITY } = request
  const taken: PlacedEntry[] = []
  let bytes = 0
  for (const placed of entries) {
    if (endOf(placed) <= offset) continue
    bytes += placed.entry.bytes
    if (taken.length > 0 && (bytes > maxBytes || placed.baseOffset - offset >= maxRecords)) break
    taken.push(placed)
  }
  return taken
}

/** The same among batches: an entry may hold several. */
export function takeBatches(batches: readonly StoredBatch[], request: ReadRequest): readonly StoredBatch[] {
  const { offset, maxBytes, maxRecords = Number.POSITIVE_INFINITY } = request
  const taken: StoredBatch[] = []
  let bytes = 0
  for (const batch of batches) {
    if (batch.baseOffset + batch.recordCount <= offset) continue
    bytes += batch.bytes.length
    if (taken.length > 0 && (bytes > maxBytes || batch.baseOffset - offset >= maxRecords)) break
    taken.push(batch)
  }
  return taken
}
