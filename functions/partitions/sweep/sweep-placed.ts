/**
 * Removes placed batches that nothing refers to: of appends that were never committed, and of those whose process died
 * between the commit of a segment and the removal of what it replaced.
 */
import type { PartitionRef, Unavailable, UnknownPartition } from "../../log/ports.ts"
import type { SweepRecentOutcome } from "../../segments/dependencies.ts"
import type { StoredObject } from "../../segments/ports.ts"
import type { PartitionsDeps } from "../dependencies.ts"
import { objectPrefix } from "../place/place.ts"
import type { Entry, Head } from "../ports.ts"
import { madeAt } from "./made-at.ts"

export interface SweepBounds {
  /** What was placed before (epoch milliseconds) and is referred to by nothing is an orphan: well past any append's life. */
  readonly placedBefore: number
  /** A piece of work ends with so many removals. */
  readonly maxRemovals: number
}

const PAGE_BYTES = 1024 * 1024
const LIST_KEYS = 1_000

export async function sweepPlaced(
  deps: PartitionsDeps,
  partition: PartitionRef,
  bounds: SweepBounds,
): Promise<SweepRecentOutcome> {
  const candidates = await oldPlacements(deps, partition, bounds.placedBefore)
  if (candidates.kind === "unavailable") return candidates
  if (candidates.items.length + candidates.objects.length === 0) return NOTHING
  // A writer that was paused since before the grace period must not come back with one of them.
  const head = await outrunWriters(deps, partition)
  if (head.kind !== "head") return head
  const referred = await references(deps, partition, head.head)
  if (referred.kind === "unavailable") return referred
  const items = candidates.items.filter((key) => !referred.keys.has(key))
  const objects = candidates.objects.filter(({ key }) => !referred.keys.has(key.slice(objectPrefix(partition).length)))
  return remove(deps, partition, items, objects, bounds.maxRemovals)
}

const NOTHING: SweepRecentOutcome = { kind: "swept", items: 0, objects: 0, bytes: 0, more: false }

type Candidates =
  | { readonly kind: "candidates"; readonly items: readonly string[]; readonly objects: readonly StoredObject[] }
  | Unavailable

async function oldPlacements(
  { index, objects }: PartitionsDeps,
  partition: PartitionRef,
  placedBefore: number,
): Promise<Candidates> {
  const items: string[] = []
  for (let after: string | undefined; ; ) {
    const page = await index.listItems(partition, after)
    if (page.kind === "unavailable") return page
    items.push(...page.keys.filter((key) => madeAt(key) < placedBefore))
    if (page.next === undefined) break
    after = page.next
  }
  const prefix = objectPrefix(partition)
  const old: StoredObject[] = []
  for (let after: string | undefined; ; ) {
    const page = await objects.list({ prefix, limit: LIST_KEYS, ...(after !== undefined && { after }) })
    if (page.kind === "unavailable") return page
    // Both clocks have to say so: the maker's is in the key.
    const isOld = (key: string, storedAt: number) => Math.max(madeAt(key.slice(prefix.length)), storedAt) < placedBefore
    old.push(...page.objects.filter(({ key, storedAt }) => isOld(key, storedAt)))
    if (page.next === undefined) break
    after = page.next
  }
  return { kind: "candidates", items, objects: old }
}

/**
 * Raises the generation past every append that was decided on an earlier head. A writer looks at the age of its placement
 * after it has read the head that it commits on: so none that passes this generation refers to anything so old.
 */
async function outrunWriters(
  { index }: PartitionsDeps,
  partition: PartitionRef,
): Promise<{ readonly kind: "head"; readonly head: Head } | UnknownPartition | Unavailable> {
  const read = await index.head(partition)
  if (read.kind !== "head") return read
  let { generation } = read.head
  for (let tries = 0; tries < RAISES; tries += 1) {
    const raised = await index.commit(partition, {
      generation: { exactly: generation },
      nextGeneration: generation + PAST_ANY_WINDOW,
      tail: { kind: "drop", count: 0, bytes: 0 },
      producers: [],
      evict: [],
    })
    if (raised.kind === "committed") return { kind: "head", head: raised.head }
    if (raised.kind !== "refused") return raised
    generation = raised.head.generation
  }
  return { kind: "unavailable", reason: "throttled", sideEffects: "none", detail: "The partition rolled meanwhile." }
}

/** A partition that many append to rolls every few milliseconds: one attempt would hardly ever be the one. */
const RAISES = 16
const PAST_ANY_WINDOW = 1_000_001

async function references(
  { index }: PartitionsDeps,
  partition: PartitionRef,
  head: Head,
): Promise<{ readonly kind: "references"; readonly keys: ReadonlySet<string> } | Unavailable> {
  const keys = new Set<string>()
  const add = ({ placement }: Entry) => {
    if (placement.kind !== "inline") keys.add(placement.key)
  }
  head.tail.forEach(add)
  // From the first page there is: one that was trimmed from while this goes on holds what the tail held before.
  for (let offset = 0; ; ) {
    const pages = await index.pagesAfter(partition, offset, PAGE_BYTES)
    if (pages.kind === "unavailable") return pages
    for (const page of pages.pages) page.entries.forEach(add)
    const last = pages.pages.at(-1)
    if (!pages.more || last === undefined) return { kind: "references", keys }
    offset = last.endOffset
  }
}

async function remove(
  { index, objects }: PartitionsDeps,
  partition: PartitionRef,
  items: readonly string[],
  orphans: readonly StoredObject[],
  maxRemovals: number,
): Promise<SweepRecentOutcome> {
  const theseItems = items.slice(0, maxRemovals)
  const theseObjects = orphans.slice(0, Math.min(LIST_KEYS, maxRemovals - theseItems.length))
  if (theseItems.length > 0) {
    const removed = await index.removeItems(partition, theseItems)
    if (removed.kind === "unavailable") return removed
  }
  if (theseObjects.length > 0) {
    const removed = await objects.remove(theseObjects.map(({ key }) => key))
    if (removed.kind === "unavailable") return removed
  }
  const more = theseItems.length + theseObjects.length < items.length + orphans.length
  const bytes = theseObjects.reduce((sum, { size }) => sum + size, 0)
  return { kind: "swept", items: theseItems.length, objects: theseObjects.length, bytes, more }
}
