/**
 * Keeps the last record of each key (`cleanup.policy=compact`), in segments only. One pass gathers the last offset of the
 * keys that were written since the last pass, as many as fit in memory, and rewrites all segments up to there, oldest first:
 * a new object, then the entry on its version. What a pass has done holds if it is cut off, and the next one finishes it.
 */
import type { EffectiveTopicConfig } from "stratalog/protocol"
import type { PartitionRef } from "../../log/ports.ts"
import type { UpkeepDependencies } from "../dependencies.ts"
import type { UpkeepFailure } from "../failures.ts"
import { listSegments } from "../list-segments.ts"
import { removeCovered } from "../merge/remove-covered.ts"
import type { Segment } from "../ports.ts"
import { readWhole } from "../read/read-whole.ts"
import { buildSegment } from "../segment/build.ts"
import { segmentKey } from "../segment/object-key.ts"
import { type CompactionRange, decideCompaction } from "./decide.ts"
import { gatherKeys } from "./gather-keys.ts"
import { type RewriteRules, rewrite } from "./rewrite.ts"

export type CompactOutcome =
  /** `more`: the pass was cut off, or others have to follow. */
  | { readonly kind: "compacted"; readonly segments: number; readonly removed: number; readonly more: boolean }
  | { readonly kind: "nothing" }
  | UpkeepFailure

type Dependencies = Pick<
  UpkeepDependencies,
  "objects" | "index" | "recent" | "codecs" | "keyHash" | "uniqueName" | "clock" | "settings"
>

/** One pass. `until`: when no further segment is begun, epoch milliseconds. */
export async function compactPartition(
  deps: Dependencies,
  partition: PartitionRef,
  config: EffectiveTopicConfig,
  until: number,
): Promise<CompactOutcome> {
  if (!config["cleanup.policy"].includes("compact")) return { kind: "nothing" }
  const segments = await compactable(deps, partition)
  if (!Array.isArray(segments)) return segments
  const now = deps.clock.now()
  const range = decideCompaction(segments, {
    writtenBefore: settledSince(now, config["min.compaction.lag.ms"]),
    minDirtyRatio: deps.settings.minDirtyRatio,
    overdueBefore: now - deps.settings.maxDirtyMs,
  })
  if (range === undefined) return { kind: "nothing" }
  const gathered = await gatherKeys(deps, partition, range)
  if (gathered.kind !== "keys") return gathered
  const { keys, to } = gathered
  const rules: RewriteRules = {
    lastOffset: (key) => keys.get(deps.keyHash(key)),
    to,
    now,
    // A writer that was held up may bring back what was removed: not for longer than the grace, and the tombstone is there.
    deleteHorizon: now + Math.max(config["delete.retention.ms"], deps.settings.graceMs),
  }
  return rewriteAll(deps, partition, range, rules, until)
}

/** Without a lag, records whose time is still to come are compacted like others. */
function settledSince(now: number, minLagMs: number): number {
  return minLagMs === 0 ? Number.POSITIVE_INFINITY : now - minLagMs
}

async function compactable(deps: Dependencies, partition: PartitionRef): Promise<Segment[] | UpkeepFailure> {
  const found = await deps.recent.state(partition)
  if (found.kind !== "state") return found
  const { tieredTo, logStartOffset } = found.state
  const listed = await listSegments(deps.index, partition, 0, tieredTo)
  if (!Array.isArray(listed)) return listed
  const cleaned = await removeCovered(deps, partition, listed)
  if (cleaned.kind === "unavailable") return cleaned
  return cleaned.segments.filter(({ endOffset }) => endOffset > logStartOffset)
}

async function rewriteAll(
  deps: Dependencies,
  partition: PartitionRef,
  { segments, to: end }: CompactionRange,
  rules: RewriteRules,
  until: number,
): Promise<CompactOutcome> {
  let done = 0
  let removed = 0
  for (const segment of segments) {
    if (segment.baseOffset >= rules.to || segment.compactedTo >= rules.to) continue
    if (done > 0 && deps.clock.now() >= until) return { kind: "compacted", segments: done, removed, more: true }
    const outcome = await rewriteSegment(deps, partition, segment, rules)
    if (typeof outcome !== "number") return outcome
    removed += outcome
    done++
  }
  const settledTo = segments.at(-1)?.endOffset ?? end
  return { kind: "compacted", segments: done, removed, more: rules.to < settledTo }
}

/** How many records were removed. */
async function rewriteSegment(
  deps: Dependencies,
  partition: PartitionRef,
  segment: Segment,
  rules: RewriteRules,
): Promise<number | UpkeepFailure> {
  const whole = await readWhole(deps, partition, segment)
  if (whole.kind !== "batches") return whole
  const rewritten = await rewrite(deps, segment, whole.batches, rules)
  if (rewritten.kind !== "batches") return rewritten
  const seen = { ...segment, compactedTo: rules.to, version: segment.version + 1 }
  if (!rewritten.changed) return replace(deps, partition, seen, 0)
  const objectKey = segmentKey(partition, segment.baseOffset, deps.uniqueName())
  const { segment: smaller, parts } = buildSegment(rewritten.batches, { ...seen, objectKey }, deps.codecs.crc32c)
  const object = await deps.objects.put(objectKey, parts)
  if (object.kind !== "stored") return object
  return replace(deps, partition, smaller, rewritten.removed)
}

async function replace(
  { index }: Dependencies,
  partition: PartitionRef,
  segment: Segment,
  removed: number,
): Promise<number | UpkeepFailure> {
  const replaced = await index.replace(partition, segment)
  if (replaced.kind === "changed") return removed
  if (replaced.kind === "unavailable") return replaced
  return {
    kind: "overtaken",
    detail: `the segment at offset ${segment.baseOffset} was replaced while it was compacted`,
  }
}
