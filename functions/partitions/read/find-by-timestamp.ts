/** The first batch whose records are as young as a timestamp: in segments, then in pages, then in the tail. */
import type { PartitionRef, StoredBatch, TimestampOutcome } from "../../log/ports.ts"
import { backOff } from "../backoff.ts"
import type { ReadDeps } from "../dependencies.ts"
import { endOf, type PlacedEntry, tailEntries } from "../head.ts"
import { type Head, tailBase } from "../ports.ts"
import { readPageEntries } from "./pages.ts"
import { readEntries } from "./placed-batches.ts"
import { watermarksOf } from "./read.ts"

const LOOKS = 4
const QUERY_BYTES = 1024 * 1024

export async function findByTimestamp(
  deps: ReadDeps,
  partition: PartitionRef,
  timestamp: number,
): Promise<TimestampOutcome> {
  for (let look = 0; ; look += 1) {
    const read = await deps.index.head(partition)
    if (read.kind !== "head") return read.kind === "unavailable" ? { ...read, sideEffects: "none" } : read
    const watermarks = watermarksOf(read.head)
    const found = await findIn(deps, partition, read.head, timestamp)
    if (found.kind === "batch" || found.kind === "none") return { ...found, watermarks }
    if (found.kind !== "missing") return found
    if (look === LOOKS) {
      const detail = "The log has not moved, and a part of it is not there."
      return { kind: "corrupt", where: found.where, detail }
    }
    await backOff(deps, look)
  }
}

type Found =
  | { readonly kind: "batch"; readonly batch: StoredBatch }
  | { readonly kind: "none" }
  | { readonly kind: "missing"; readonly where: string }
  | Extract<TimestampOutcome, { kind: "corrupt" | "unavailable" }>

async function findIn(deps: ReadDeps, partition: PartitionRef, head: Head, timestamp: number): Promise<Found> {
  const { logStartOffset, tieredTo } = head
  if (logStartOffset < tieredTo) {
    const old = await deps.segments.findByTimestamp(partition, logStartOffset, timestamp, tieredTo)
    if (old.kind === "missing") return { kind: "missing", where: "the segments" }
    if (old.kind !== "none") return old
  }
  const base = tailBase(head)
  for (let offset = Math.max(logStartOffset, tieredTo); offset < base; ) {
    const pages = await readPageEntries(deps.index, partition, offset, base, QUERY_BYTES)
    if (pages.kind === "missing") return { kind: "missing", where: `the page of offset ${offset}` }
    if (pages.kind === "unavailable") return pages
    const found = await firstSince(deps, partition, pages.entries, timestamp, logStartOffset)
    if (found.kind !== "none") return found
    offset = pages.end
  }
  return firstSince(deps, partition, tailEntries(head), timestamp, logStartOffset)
}

async function firstSince(
  deps: ReadDeps,
  partition: PartitionRef,
  entries: readonly PlacedEntry[],
  timestamp: number,
  logStartOffset: number,
): Promise<Found> {
  const young = entries.filter((placed) => placed.entry.maxTimestamp >= timestamp && endOf(placed) > logStartOffset)
  for (const placed of young) {
    const read = await readEntries(deps, partition, [placed])
    if (read.kind !== "batches") return read
    const batch = read.batches
      .flat()
      .find((each) => each.maxTimestamp >= timestamp && each.baseOffset + each.recordCount > logStartOffset)
    if (batch !== undefined) return { kind: "batch", batch }
  }
  return { kind: "none" }
}
