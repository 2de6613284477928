/** Moves the first offset that can be read forward; what lies below is removed later. */
import type { MoveLogStartOutcome, PartitionRef, Unavailable } from "../log/ports.ts"
import { backOff } from "./backoff.ts"
import type { ControlDeps } from "./dependencies.ts"
import { endOf, type PlacedEntry, tailEntries } from "./head.ts"
import { type Head, tailBase } from "./ports.ts"
import { readPageEntries } from "./read/pages.ts"
import { watermarksOf } from "./read/read.ts"

const TRIES = 8
const QUERY_BYTES = 1024 * 1024

export async function moveLogStart(
  deps: ControlDeps,
  partition: PartitionRef,
  before: number,
): Promise<MoveLogStartOutcome> {
  let failure: Unavailable = CROWDED
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (tries > 0) await backOff(deps, tries)
    const read = await deps.index.head(partition)
    if (read.kind === "unknown_partition") return read
    if (read.kind === "unavailable") {
      failure = read
      continue
    }
    const { head } = read
    if (before > head.nextOffset) return { kind: "beyond_end", watermarks: watermarksOf(head) }
    if (before <= head.logStartOffset) return { kind: "moved", logStartOffset: head.logStartOffset }
    const passed = await bytesBetween(deps, partition, head, before)
    if (typeof passed !== "number") {
      failure = passed.kind === "unavailable" ? passed : failure
      continue
    }
    const bytesBelowStart = before === head.nextOffset ? head.bytesAppended : head.bytesBelowStart + passed
    const change = { kind: "log_start", from: head.logStartOffset, to: before, bytesBelowStart } as const
    const changed = await deps.index.change(partition, change)
    if (changed.kind === "committed") return { kind: "moved", logStartOffset: before }
    if (changed.kind === "unknown_partition") return changed
    // A lost answer needs no settling: the next look shows the log start, wherever it is by then.
    if (changed.kind === "unavailable") failure = changed
  }
  return failure
}

const CROWDED: Unavailable = {
  kind: "unavailable",
  reason: "throttled",
  sideEffects: "none",
  detail: "Others changed this partition at each attempt.",
}

/** Bytes of the batches that end after the present log start and at or before the new one. */
async function bytesBetween(
  { index, segments }: ControlDeps,
  partition: PartitionRef,
  head: Head,
  before: number,
): Promise<number | { readonly kind: "missing" } | Unavailable> {
  const from = head.logStartOffset
  let bytes = 0
  if (from < head.tieredTo) {
    const old = await segments.bytesBetween(partition, from, Math.min(before, head.tieredTo))
    if (typeof old !== "number") return old
    bytes += old
  }
  const base = tailBase(head)
  const counted = (entries: readonly PlacedEntry[]) => {
    for (const placed of entries) if (endOf(placed) > from && endOf(placed) <= before) bytes += placed.entry.bytes
  }
  for (let offset = Math.max(from, head.tieredTo); offset < Math.min(before, base); ) {
    const pages = await readPageEntries(index, partition, offset, base, QUERY_BYTES)
    if (pages.kind !== "entries") return pages
    counted(pages.entries)
    offset = pages.end
  }
  counted(tailEntries(head))
  return bytes
}
