/**
 * Moves the oldest stretches of the recent part into a segment: object, entry, `tieredTo`, in this order, so that readers
 * find the data at every step. A run that was cut off is finished by the next; two at once take the same entry.
 */
import type { EffectiveTopicConfig } from "stratalog/protocol"
import type { PartitionRef, StoredBatch } from "../../log/ports.ts"
import type { UpkeepDependencies } from "../dependencies.ts"
import type { UpkeepFailure } from "../failures.ts"
import type { RecentState, Segment, Stretch } from "../ports.ts"
import { buildSegment } from "../segment/build.ts"
import { segmentKey } from "../segment/object-key.ts"
import { verifyStored } from "../segment/verify-stored.ts"
import { decideTier, endOfExpired, isWorthLooking, type TierRules, type Waiting, waitingOf } from "./decide.ts"

export type TierOutcome =
  /** `tieredTo` moved. There may be enough for another segment: call again. */
  | { readonly kind: "tiered"; readonly records: number; readonly bytes: number }
  | { readonly kind: "nothing" }
  | UpkeepFailure

type Dependencies = Pick<
  UpkeepDependencies,
  "objects" | "index" | "recent" | "codecs" | "uniqueName" | "clock" | "settings"
>

/** Stretches that are looked at in one request. */
const PAGE = 1_000
/** Bytes of the recent part that are read in one request. */
const READ_BYTES = 8 * 1024 ** 2
/** Requests in which one run frees what was tiered. */
const MAX_DROPS = 100

/** One segment at most, and what earlier runs left undone. `saw` hears what waits before anything of it is moved. */
export async function tierPartition(
  deps: Dependencies,
  partition: PartitionRef,
  config: EffectiveTopicConfig,
  saw: (waiting: Waiting) => void = () => undefined,
): Promise<TierOutcome> {
  const outcome = await tierOnce(deps, partition, config, saw)
  if (outcome.kind !== "tiered" && outcome.kind !== "nothing") return outcome
  for (let drops = 0; drops < MAX_DROPS; drops++) {
    const dropped = await deps.recent.dropTiered(partition)
    if (dropped.kind !== "dropped") return dropped
    if (!dropped.more) break
  }
  return outcome
}

async function tierOnce(
  deps: Dependencies,
  partition: PartitionRef,
  config: EffectiveTopicConfig,
  saw: (waiting: Waiting) => void,
): Promise<TierOutcome> {
  const found = await deps.recent.state(partition)
  if (found.kind !== "state") return found
  const { tieredTo, logStartOffset, highWatermark, leavesTo = highWatermark } = found.state
  if (logStartOffset > tieredTo) {
    const passed = await passExpired(deps, partition, tieredTo, logStartOffset)
    if (passed !== undefined) return passed
  }
  const rules = rulesOf(deps, config)
  const oldest = await deps.recent.stretches(partition, tieredTo, 1)
  if (oldest.kind !== "stretches") return oldest
  const [first] = oldest.stretches
  saw(waitingOf(first, { tieredTo, leavesTo }, rules))
  if (first === undefined || !isWorthLooking(first, leavesTo - tieredTo, rules)) return { kind: "nothing" }
  const to = await endOfNext(deps, partition, { tieredTo, leavesTo }, rules)
  if (typeof to !== "number") return to
  const batches = await readAll(deps, partition, tieredTo, to)
  if (!Array.isArray(batches)) return batches
  const stored = await store(deps, partition, { from: tieredTo, to, batches })
  return stored.kind === "stored" ? commit(deps, partition, tieredTo, stored.segment) : stored
}

function rulesOf({ settings, clock }: Dependencies, config: EffectiveTopicConfig): TierRules {
  const now = clock.now()
  return {
    targetBytes: Math.min(settings.segmentBytes, config["segment.bytes"]),
    storedBefore: now - settings.minTierAgeMs,
    overdueBefore: now - Math.min(settings.maxTierAgeMs, config["segment.ms"]),
  }
}

/** What nobody can read any more needs no segment. */
async function passExpired(
  deps: Dependencies,
  partition: PartitionRef,
  tieredTo: number,
  logStartOffset: number,
): Promise<TierOutcome | undefined> {
  const listed = await deps.recent.stretches(partition, tieredTo, PAGE)
  if (listed.kind !== "stretches") return listed
  const end = endOfExpired(listed.stretches, logStartOffset)
  if (end === undefined) return undefined
  const committed = await deps.recent.commitTiered(partition, tieredTo, end)
  if (committed.kind === "committed") return { kind: "tiered", records: 0, bytes: 0 }
  return committed.kind === "moved" ? overtaken(committed.tieredTo) : committed
}

async function endOfNext(
  deps: Dependencies,
  partition: PartitionRef,
  { tieredTo, leavesTo }: Required<Pick<RecentState, "tieredTo" | "leavesTo">>,
  rules: TierRules,
): Promise<number | TierOutcome> {
  const known: Stretch[] = []
  for (;;) {
    const listed = await deps.recent.stretches(partition, known.at(-1)?.endOffset ?? tieredTo, PAGE)
    if (listed.kind !== "stretches") return listed
    const leaving = listed.stretches.filter(({ endOffset }) => endOffset <= leavesTo)
    known.push(...leaving)
    const decision = decideTier(known, listed.more && leaving.length === listed.stretches.length, rules)
    if (decision.kind === "take") return decision.endOffset
    if (decision.kind === "wait" || leaving.length === 0) return { kind: "nothing" }
  }
}

async function readAll(
  deps: Dependencies,
  partition: PartitionRef,
  from: number,
  to: number,
): Promise<StoredBatch[] | TierOutcome> {
  const batches: StoredBatch[] = []
  for (let next = from; next < to; ) {
    const outcome = await deps.recent.read(partition, next, to, READ_BYTES)
    if (outcome.kind === "moved") return overtaken(undefined)
    if (outcome.kind !== "batches") return outcome
    for (const batch of outcome.batches) {
      const wrong = verifyStored(batch, next, to, deps.codecs.crc32c)
      if (wrong !== undefined) return { kind: "corrupt", where: `the recent log at offset ${next}`, detail: wrong }
      batches.push(batch)
      next = batch.baseOffset + batch.recordCount
    }
    if (outcome.batches.length === 0) return overtaken(undefined)
  }
  return batches
}

interface Piece {
  readonly from: number
  readonly to: number
  readonly batches: readonly StoredBatch[]
}

/** Whoever comes second takes the entry of the first; its own object is left to the sweep. */
async function store(
  { objects, index, codecs, uniqueName, clock }: Dependencies,
  partition: PartitionRef,
  { from, to, batches }: Piece,
): Promise<{ readonly kind: "stored"; readonly segment: Segment } | UpkeepFailure> {
  const objectKey = segmentKey(partition, from, uniqueName())
  const place = { baseOffset: from, endOffset: to, objectKey, createdAt: clock.now(), compactedTo: 0, version: 1 }
  const { segment, parts } = buildSegment(batches, place, codecs.crc32c)
  const object = await objects.put(objectKey, parts)
  if (object.kind !== "stored") return object
  const entry = await index.put(partition, segment)
  if (entry.kind === "unavailable") return entry
  return { kind: "stored", segment: entry.kind === "exists" ? entry.segment : segment }
}

async function commit(
  { recent }: Dependencies,
  partition: PartitionRef,
  tieredTo: number,
  { endOffset, bytes }: Segment,
): Promise<TierOutcome> {
  const committed = await recent.commitTiered(partition, tieredTo, endOffset)
  if (committed.kind === "committed") return { kind: "tiered", records: endOffset - tieredTo, bytes }
  return committed.kind === "moved" ? overtaken(committed.tieredTo) : committed
}

function overtaken(tieredTo: number | undefined): UpkeepFailure {
  const place = tieredTo === undefined ? "" : ` to offset ${tieredTo}`
  return { kind: "overtaken", detail: `the recent part was tiered${place} meanwhile` }
}
