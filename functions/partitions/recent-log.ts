/** Pages as the recent part of the log, from which segments are made. */
import type { PartitionRef, StoredBatch } from "../log/ports.ts"
import type {
  CommitTieredOutcome,
  DropTieredOutcome,
  ReadRecentOutcome,
  RecentLog,
  RecentStateOutcome,
  Stretch,
  StretchesOutcome,
} from "../segments/ports.ts"
import type { PartitionsDeps } from "./dependencies.ts"
import { endOf, withOffsets } from "./head.ts"
import { objectKey } from "./place/place.ts"
import { type Head, type Page, tailBase } from "./ports.ts"
import { readPageEntries } from "./read/pages.ts"
import { readEntries } from "./read/placed-batches.ts"
import { takeEntries } from "./read/take.ts"

const QUERY_BYTES = 1024 * 1024
/** Pages whose data is removed in one piece of work. */
const DROP_BYTES = 256 * 1024

export function createRecentLog(deps: PartitionsDeps): RecentLog {
  return {
    state: (partition) => state(deps, partition),
    stretches: (partition, from, limit) => stretches(deps, partition, from, limit),
    read: (partition, from, to, maxBytes) => read(deps, partition, from, to, maxBytes),
    commitTiered: (partition, from, to) => commitTiered(deps, partition, from, to),
    dropTiered: (partition) => dropTiered(deps, partition),
  }
}

type HeadOutcome = Exclude<RecentStateOutcome, { kind: "state" }> | { readonly kind: "head"; readonly head: Head }

async function headOf({ index }: PartitionsDeps, partition: PartitionRef): Promise<HeadOutcome> {
  const found = await index.head(partition)
  return found.kind === "unavailable" ? { ...found, sideEffects: "none" } : found
}

async function state(deps: PartitionsDeps, partition: PartitionRef): Promise<RecentStateOutcome> {
  const found = await headOf(deps, partition)
  if (found.kind !== "head") return found
  const { logStartOffset, nextOffset, tieredTo } = found.head
  return { kind: "state", state: { logStartOffset, highWatermark: nextOffset, tieredTo } }
}

/** A page is a stretch. What another page holds already is cut off. */
async function stretches(
  deps: PartitionsDeps,
  partition: PartitionRef,
  from: number,
  limit: number,
): Promise<StretchesOutcome> {
  const found = await headOf(deps, partition)
  if (found.kind !== "head") return found
  const base = tailBase(found.head)
  const cut: Stretch[] = []
  for (let next = from; next < base; ) {
    // Whoever asks for one page shall not pay for reading a megabyte of them.
    const pages = await deps.index.pagesAfter(partition, next, limit === 1 ? 1 : QUERY_BYTES)
    if (pages.kind === "unavailable") return { ...pages, sideEffects: "none" }
    const before = next
    for (const page of pages.pages) {
      if (page.baseOffset > next || next >= base) break
      const stretch = stretchOf(page, next, base)
      if (stretch === undefined) continue
      if (cut.length === limit) return { kind: "stretches", stretches: cut, more: true }
      cut.push(stretch)
      next = stretch.endOffset
    }
    if (next === before) break
  }
  return { kind: "stretches", stretches: cut, more: false }
}

function stretchOf({ entries, baseOffset, storedAt }: Page, from: number, before: number): Stretch | undefined {
  const inside = withOffsets(entries, baseOffset).filter((placed) => endOf(placed) > from && endOf(placed) <= before)
  const last = inside.at(-1)
  if (last === undefined) return undefined
  return {
    baseOffset: Math.max(from, inside[0]?.baseOffset ?? from),
    endOffset: endOf(last),
    bytes: inside.reduce((sum, { entry }) => sum + entry.bytes, 0),
    maxTimestamp: inside.reduce((max, { entry }) => Math.max(max, entry.maxTimestamp), Number.MIN_SAFE_INTEGER),
    storedAt,
  }
}

async function read(
  deps: PartitionsDeps,
  partition: PartitionRef,
  from: number,
  to: number,
  maxBytes: number,
): Promise<ReadRecentOutcome> {
  const found = await headOf(deps, partition)
  if (found.kind !== "head") return found
  if (found.head.tieredTo > from) return { kind: "moved" }
  const before = Math.min(to, tailBase(found.head))
  const pages = await readPageEntries(deps.index, partition, from, before, QUERY_BYTES)
  if (pages.kind === "missing") return { kind: "moved" }
  if (pages.kind === "unavailable") return pages
  const taken = takeEntries(pages.entries, { offset: from, maxBytes })
  const batches = await readEntries(deps, partition, taken)
  if (batches.kind === "missing") return { kind: "moved" }
  return batches.kind === "batches"
    ? { kind: "batches", batches: batches.batches.flat() satisfies StoredBatch[] }
    : batches
}

async function commitTiered(
  { index }: PartitionsDeps,
  partition: PartitionRef,
  from: number,
  to: number,
): Promise<CommitTieredOutcome> {
  const changed = await index.change(partition, { kind: "tiered_to", from, to })
  switch (changed.kind) {
    case "committed":
      return { kind: "committed" }
    case "refused":
      // An attempt of ours whose answer was lost, or somebody who adopted our segment: it is as it should be.
      return changed.head.tieredTo === to ? { kind: "committed" } : { kind: "moved", tieredTo: changed.head.tieredTo }
    default:
      return changed
  }
}

/** Readers who still go by a head from before find something missing, look at the head again, and go to the segments. */
async function dropTiered(deps: PartitionsDeps, partition: PartitionRef): Promise<DropTieredOutcome> {
  const found = await headOf(deps, partition)
  if (found.kind !== "head") return found
  return dropPages(deps, partition, found.head.tieredTo)
}

/** Placed batches first: a page that is gone tells nobody what it referred to. */
export async function dropPages(
  { index, objects }: PartitionsDeps,
  partition: PartitionRef,
  upTo: number,
): Promise<{ readonly kind: "dropped"; readonly more: boolean } | Extract<DropTieredOutcome, { kind: "unavailable" }>> {
  const pages = await index.pagesUpTo(partition, upTo, DROP_BYTES)
  if (pages.kind === "unavailable") return pages
  const placements = pages.pages.flatMap(({ entries }) => entries.map(({ placement }) => placement))
  const items = placements.flatMap((placement) => (placement.kind === "item" ? [placement.key] : []))
  const keys = placements.flatMap((placement) =>
    placement.kind === "object" ? [objectKey(partition, placement.key)] : [],
  )
  const steps = [
    () => (items.length === 0 ? DONE : index.removeItems(partition, items)),
    () => (keys.length === 0 ? DONE : removeObjects(objects, keys)),
    () =>
      index.removePages(
        partition,
        pages.pages.map(({ endOffset }) => endOffset),
      ),
  ]
  if (pages.pages.length === 0) return { kind: "dropped", more: false }
  for (const step of steps) {
    const outcome = await step()
    if (outcome.kind === "unavailable") return outcome
  }
  return { kind: "dropped", more: pages.more }
}

const DONE = { kind: "done" } as const
const OBJECTS_A_CALL = 1_000

async function removeObjects(objects: PartitionsDeps["objects"], keys: readonly string[]) {
  for (let at = 0; at < keys.length; at += OBJECTS_A_CALL) {
    const removed = await objects.remove(keys.slice(at, at + OBJECTS_A_CALL))
    if (removed.kind === "unavailable") return removed
  }
  return DONE
}
