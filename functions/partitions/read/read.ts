/** Reads a partition wherever the offset lies: in segments, in pages, or in the tail. */
import type { PartitionRef, ReadOutcome, ReadRequest, StoredBatch, Watermarks } from "../../log/ports.ts"
import { backOff } from "../backoff.ts"
import type { ReadDeps } from "../dependencies.ts"
import { type PlacedEntry, tailEntries } from "../head.ts"
import { type Head, tailBase } from "../ports.ts"
import { readPageEntries } from "./pages.ts"
import { readEntries } from "./placed-batches.ts"
import { takeBatches, takeEntries } from "./take.ts"

/** What is missing must be explained by a log that moved: after so many looks that it did not, it is damage. */
const LOOKS = 4

export async function readPartition(
  deps: ReadDeps,
  partition: PartitionRef,
  request: ReadRequest,
): Promise<ReadOutcome> {
  for (let look = 0; ; look += 1) {
    const read = await deps.index.head(partition)
    if (read.kind !== "head") return read.kind === "unavailable" ? { ...read, sideEffects: "none" } : read
    const { head } = read
    const watermarks = watermarksOf(head)
    if (request.offset < watermarks.logStartOffset) return { kind: "below_start", watermarks }
    if (request.offset > watermarks.highWatermark) return { kind: "beyond_end", watermarks }
    if (request.offset === watermarks.highWatermark) return { kind: "batches", batches: [], watermarks }
    const found = await readAt(deps, partition, head, request)
    if (found.kind === "batches") return { ...found, watermarks }
    if (found.kind !== "missing") return found
    if (look === LOOKS) return damaged(found.where, request.offset)
    await backOff(deps, look)
  }
}

export function watermarksOf({ logStartOffset, nextOffset }: Head): Watermarks {
  return { logStartOffset, highWatermark: nextOffset }
}

function damaged(where: string, offset: number): ReadOutcome {
  return { kind: "corrupt", where, detail: `Offset ${offset} should lie there, and nothing does.` }
}

type FoundAt =
  | { readonly kind: "batches"; readonly batches: readonly StoredBatch[] }
  | { readonly kind: "missing"; readonly where: string }
  | Exclude<ReadOutcome, { kind: "batches" | "below_start" | "beyond_end" | "unknown_partition" }>

async function readAt(deps: ReadDeps, partition: PartitionRef, head: Head, request: ReadRequest): Promise<FoundAt> {
  const { offset } = request
  if (offset < head.tieredTo) {
    const read = await deps.segments.read(partition, request, head.tieredTo)
    return read.kind === "missing" ? { kind: "missing", where: `the segments of offset ${offset}` } : read
  }
  const recent = await recentEntries(deps, partition, head, request)
  if (recent.kind !== "entries") return recent
  const read = await readEntries(deps, partition, takeEntries(recent.entries, request))
  return read.kind === "batches" ? { kind: "batches", batches: takeBatches(read.batches.flat(), request) } : read
}

type RecentEntries =
  | { readonly kind: "entries"; readonly entries: readonly PlacedEntry[] }
  | Exclude<FoundAt, { kind: "batches" | "corrupt" }>

/** A page holds at most its entries' bytes, so that an answer's bytes bound what is asked for; and a query's answer ends at 1 MiB. */
const QUERY_BYTES = 1024 * 1024

async function recentEntries(
  { index }: ReadDeps,
  partition: PartitionRef,
  head: Head,
  { offset, maxBytes }: ReadRequest,
): Promise<RecentEntries> {
  const base = tailBase(head)
  if (offset >= base) return { kind: "entries", entries: tailEntries(head) }
  const pages = await readPageEntries(index, partition, offset, base, Math.min(maxBytes, QUERY_BYTES))
  if (pages.kind === "missing") return { kind: "missing", where: `the page of offset ${offset}` }
  if (pages.kind === "unavailable") return pages
  // Where the pages reach the tail, it is in hand already.
  return { kind: "entries", entries: pages.end === base ? [...pages.entries, ...tailEntries(head)] : pages.entries }
}
