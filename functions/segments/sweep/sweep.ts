/**
 * Deletes objects that no entry names: what tiering, merging and compaction wrote and did not come to name, or named once.
 * A reader that still has such an entry in mind misses the object, looks at the index again and finds what replaced it.
 */
import type { PartitionRef, Unavailable } from "../../log/ports.ts"
import type { UpkeepDependencies } from "../dependencies.ts"
import type { UpkeepFailure } from "../failures.ts"
import { listSegments } from "../list-segments.ts"
import { removeCovered } from "../merge/remove-covered.ts"
import type { Segment, StoredObject } from "../ports.ts"
import { baseOffsetOf, partitionPrefix } from "../segment/object-key.ts"
import { orphansAmong } from "./decide.ts"

export type SweepOutcome =
  /** `bytes`: of the objects; `next`: to be passed as `after`, absent at the end. */
  { readonly kind: "swept"; readonly removed: number; readonly bytes: number; readonly next?: string } | UpkeepFailure

type Dependencies = Pick<UpkeepDependencies, "objects" | "index" | "recent" | "clock" | "settings">

/** Objects of one run: what one deletion may name. */
const PAGE = 1_000

export async function sweepPartition(
  deps: Dependencies,
  partition: PartitionRef,
  after?: string,
): Promise<SweepOutcome> {
  const request = { prefix: partitionPrefix(partition), limit: PAGE }
  const page = await deps.objects.list(after === undefined ? request : { ...request, after })
  if (page.kind !== "page") return page
  const segments = await segmentsOf(deps, partition, page.objects)
  if (!Array.isArray(segments)) return segments
  const old = orphansAmong(page.objects, segments, deps.clock.now() - deps.settings.graceMs)
  const orphans = old.length === 0 ? old : await outrunWriters(deps, partition, old, segments)
  if ("kind" in orphans) return orphans
  if (orphans.length > 0) {
    const removed = await deps.objects.remove(orphans)
    if (removed.kind !== "removed") return removed
  }
  const cleaned = await removeCovered(deps, partition, segments)
  if (cleaned.kind === "unavailable") return cleaned
  const bytes = sizeOf(page.objects, orphans)
  return { kind: "swept", removed: orphans.length, bytes, ...(page.next !== undefined && { next: page.next }) }
}

function sizeOf(objects: readonly StoredObject[], keys: readonly string[]): number {
  const counted = new Set(keys)
  return objects.reduce((sum, { key, size }) => (counted.has(key) ? sum + size : sum), 0)
}

/** An object's key says which segment may name it, so the entries between the first and the last object suffice. */
async function segmentsOf(
  { index }: Pick<UpkeepDependencies, "index">,
  partition: PartitionRef,
  objects: readonly StoredObject[],
): Promise<Segment[] | UpkeepFailure> {
  const bases = objects.map(({ key }) => baseOffsetOf(key)).filter((base) => base !== undefined)
  const first = bases[0]
  const last = bases.at(-1)
  return first === undefined || last === undefined ? [] : listSegments(index, partition, first, last + 1)
}

/**
 * Those whose writers can come to name them no more, however long they were paused. Who made one in tiering needs
 * `tieredTo` where the object begins; who made one to replace an entry needs the entry's version, which is changed here.
 */
async function outrunWriters(
  deps: Dependencies,
  partition: PartitionRef,
  orphans: readonly string[],
  segments: readonly Segment[],
): Promise<readonly string[] | UpkeepFailure> {
  const found = await deps.recent.state(partition)
  if (found.kind !== "state") return found
  const { tieredTo } = found.state
  const byBase = Map.groupBy(orphans, (key) => baseOffsetOf(key) ?? tieredTo)
  const outrun: string[] = []
  for (const [baseOffset, keys] of byBase) {
    if (baseOffset >= tieredTo) continue
    const entry = segments.find((segment) => segment.baseOffset === baseOffset)
    const passed = entry === undefined ? await isFree(deps, partition, baseOffset) : await renew(deps, partition, entry)
    if (typeof passed !== "boolean") return passed
    if (passed) outrun.push(...keys)
  }
  return outrun
}

/** Whoever was about to replace the entry comes too late, unless somebody just did. */
async function renew({ index }: Dependencies, partition: PartitionRef, entry: Segment): Promise<boolean | Unavailable> {
  const changed = await index.replace(partition, { ...entry, version: entry.version + 1 })
  return changed.kind === "unavailable" ? changed : changed.kind === "changed"
}

/**
 * Whether there still is no entry, now that `tieredTo` has been read: it may have been moved to where it is by the very
 * writer that was paused, whose entry came after the others were read.
 */
async function isFree(
  { index }: Dependencies,
  partition: PartitionRef,
  baseOffset: number,
): Promise<boolean | Unavailable> {
  const found = await index.find(partition, baseOffset)
  if (found.kind === "unavailable") return found
  return found.kind === "none" || found.segment.baseOffset !== baseOffset
}
