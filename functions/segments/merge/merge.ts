/**
 * Makes one segment of small neighbours: a new object, then the entry of the first one reaches to the end of the last, then
 * the others leave the index. A run that is cut off leaves entries that the first one covers; they are true, and any later
 * run removes them.
 */
import type { EffectiveTopicConfig } from "stratalog/protocol"
import type { PartitionRef, StoredBatch, Unavailable } from "../../log/ports.ts"
import type { UpkeepDependencies } from "../dependencies.ts"
import type { UpkeepFailure } from "../failures.ts"
import { listSegments } from "../list-segments.ts"
import type { Segment } from "../ports.ts"
import { readWhole } from "../read/read-whole.ts"
import { buildSegment } from "../segment/build.ts"
import { segmentKey } from "../segment/object-key.ts"
import { decideMerge, type MergeRules } from "./decide.ts"
import { removeCovered } from "./remove-covered.ts"

export type MergeOutcome =
  /** So many segments became one of `bytes`. There may be others to merge: call again. */
  | { readonly kind: "merged"; readonly segments: number; readonly bytes: number }
  | { readonly kind: "nothing" }
  | UpkeepFailure

type Dependencies = Pick<UpkeepDependencies, "objects" | "index" | "recent" | "codecs" | "uniqueName" | "settings">

/** How far one run looks back from the newest segment. */
const LOOK_BACK = 64

export async function mergeSegments(
  deps: Dependencies,
  partition: PartitionRef,
  config: EffectiveTopicConfig,
): Promise<MergeOutcome> {
  const rules = rulesOf(deps, config)
  const newest = await mergeable(deps, partition, config, rules)
  if (!Array.isArray(newest)) return newest
  const cleaned = await removeCovered(deps, partition, newest)
  if (cleaned.kind === "unavailable") return cleaned
  const run = decideMerge(cleaned.segments, rules)
  return run.length === 0 ? { kind: "nothing" } : merge(deps, partition, run)
}

/** A log that expires by time may keep a record a quarter longer than without merging. */
function rulesOf({ settings }: Dependencies, config: EffectiveTopicConfig): MergeRules {
  const expires = config["cleanup.policy"].includes("delete") && config["retention.ms"] >= 0
  return {
    targetBytes: Math.min(settings.segmentBytes, config["segment.bytes"]),
    maxSpanMs: expires ? Math.min(config["segment.ms"], config["retention.ms"] / 4) : Number.POSITIVE_INFINITY,
  }
}

/** Compaction, which reads the whole log anyway, leaves small segments anywhere; tiering makes them at the end only. */
async function mergeable(
  deps: Dependencies,
  partition: PartitionRef,
  config: EffectiveTopicConfig,
  rules: MergeRules,
): Promise<Segment[] | UpkeepFailure> {
  const found = await deps.recent.state(partition)
  if (found.kind !== "state") return found
  const { tieredTo } = found.state
  if (config["cleanup.policy"].includes("compact")) return listSegments(deps.index, partition, 0, tieredTo)
  return newestSegments(deps, partition, tieredTo, rules)
}

/**
 * Back to one that is too large to be merged with anything, ascending, so that nobody has to list a long log. What lies
 * further back had its turn when it was new.
 */
async function newestSegments(
  { index }: Dependencies,
  partition: PartitionRef,
  tieredTo: number,
  { targetBytes }: MergeRules,
): Promise<Segment[] | UpkeepFailure> {
  const newest: Segment[] = []
  let below = tieredTo - 1
  while (newest.length < LOOK_BACK && below >= 0) {
    const older = await index.find(partition, below)
    if (older.kind === "unavailable") return older
    if (older.kind === "none") break
    newest.unshift(older.segment)
    below = older.segment.baseOffset - 1
    if (older.segment.bytes * 2 > targetBytes) break
  }
  return newest
}

async function merge(deps: Dependencies, partition: PartitionRef, run: readonly Segment[]): Promise<MergeOutcome> {
  const first = run[0]
  const last = run.at(-1)
  if (first === undefined || last === undefined) return { kind: "nothing" }
  const batches: StoredBatch[] = []
  for (const segment of run) {
    const whole = await readWhole(deps, partition, segment)
    if (whole.kind !== "batches") return whole
    for (const batch of whole.batches) batches.push(batch)
  }
  const { segment, parts } = buildSegment(batches, placeOf(deps, partition, first, run), deps.codecs.crc32c)
  const object = await deps.objects.put(segment.objectKey, parts)
  if (object.kind !== "stored") return object
  const replaced = await deps.index.replace(partition, segment)
  if (replaced.kind === "unavailable") return replaced
  if (replaced.kind === "lost") {
    return { kind: "overtaken", detail: `the segment at offset ${first.baseOffset} was replaced while it was merged` }
  }
  const failed = await removeMerged(deps, partition, run.slice(1))
  return failed ?? { kind: "merged", segments: run.length, bytes: segment.bytes }
}

function placeOf({ uniqueName }: Dependencies, partition: PartitionRef, first: Segment, run: readonly Segment[]) {
  return {
    baseOffset: first.baseOffset,
    endOffset: run.at(-1)?.endOffset ?? first.endOffset,
    objectKey: segmentKey(partition, first.baseOffset, uniqueName()),
    createdAt: Math.min(...run.map(({ createdAt }) => createdAt)),
    compactedTo: Math.min(...run.map(({ compactedTo }) => compactedTo)),
    version: first.version + 1,
  }
}

/** One that was changed meanwhile stays until a later run finds it covered. */
async function removeMerged(
  { index }: Dependencies,
  partition: PartitionRef,
  merged: readonly Segment[],
): Promise<Unavailable | undefined> {
  for (const segment of merged) {
    const removed = await index.remove(partition, segment)
    if (removed.kind === "unavailable") return removed
    if (removed.kind === "lost" && removed.segment !== undefined) return undefined
  }
  return undefined
}
