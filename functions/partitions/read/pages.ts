/** Entries that lie in pages, from an offset on. */
import type { PartitionRef, Unavailable } from "../../log/ports.ts"
import { endOf, type PlacedEntry, withOffsets } from "../head.ts"
import type { PartitionIndex } from "../ports.ts"

export type PageEntriesOutcome =
  /** Gap-free from the one that holds the offset on; `end` is where the last one ends. */
  | { readonly kind: "entries"; readonly entries: readonly PlacedEntry[]; readonly end: number }
  /** No page holds the offset: the log moved on since the head was read. */
  | { readonly kind: "missing" }
  | Unavailable

/**
 * One query. Pages of rollers that raced overlap: of each only what lies past the ones before is taken. Nothing past
 * `before` is, since what was put there may be a page that nobody trimmed for.
 */
export async function readPageEntries(
  index: Pick<PartitionIndex, "pagesAfter">,
  partition: PartitionRef,
  offset: number,
  before: number,
  maxBytes: number,
): Promise<PageEntriesOutcome> {
  const read = await index.pagesAfter(partition, offset, maxBytes)
  if (read.kind === "unavailable") return { ...read, sideEffects: "none" }
  const entries: PlacedEntry[] = []
  let end = offset
  for (const page of read.pages) {
    if (page.baseOffset > end || end >= before) break
    for (const placed of withOffsets(page.entries, page.baseOffset)) {
      if (endOf(placed) <= end || endOf(placed) > before) continue
      entries.push(placed)
      end = endOf(placed)
    }
  }
  return entries.length === 0 ? { kind: "missing" } : { kind: "entries", entries, end }
}
