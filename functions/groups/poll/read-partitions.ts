/** What a poll reads from its partitions, within the bounds of one answer. */
import type { Awaitable, ReadOutcome, StoredBatch, Unavailable, Watch, Watermarks } from "../../log/ports.ts"
import type { GroupDependencies } from "../dependencies.ts"
import type { AssignedPartition } from "./assigned.ts"
import { type AutoOffsetReset, type MemberAt, settleAt } from "./reset-position.ts"
import type { Start } from "./start-positions.ts"

export interface ReadBounds {
  /** Bytes of stored batches over all partitions; the first batch is given whatever its size. */
  readonly maxBytes: number
  /** Absent: whole batches, however many records they hold. */
  readonly maxRecords?: number | undefined
}

/** Why one partition cannot be read; the others are. */
export type PartitionProblem =
  /** `autoOffsetReset` is none. */
  | { readonly kind: "no_committed_offset" }
  /** Somebody else claimed it, or a reset did. */
  | { readonly kind: "fenced"; readonly epoch: number }
  | { readonly kind: "topic_not_found" }
  | Extract<ReadOutcome, { kind: "corrupt" }>
  | Unavailable

export interface PolledProblem {
  readonly at: AssignedPartition
  readonly problem: PartitionProblem
}

export interface PolledPartition {
  readonly at: AssignedPartition
  /** Where the answer begins; the first batch may begin before it. */
  readonly offset: number
  readonly batches: readonly StoredBatch[]
  readonly watermarks: Watermarks
  /** The member does not know where it stands in this partition. */
  readonly isNews: boolean
}

export interface PolledRead {
  /** Those that were looked at: as soon as the bounds are reached, the rest are left for later polls. */
  readonly fetched: readonly PolledPartition[]
  readonly problems: readonly PolledProblem[]
  /** Partitions that the log does not know: their topics were deleted. */
  readonly gone: readonly AssignedPartition[]
  /** Whether more is there than the answer may hold. */
  readonly hasMore: boolean
}

type Deps = Pick<GroupDependencies, "groups" | "log" | "clock">

/** In the order of `starts`. */
export async function readPartitions(
  deps: Deps,
  member: MemberAt,
  starts: readonly Start[],
  bounds: ReadBounds,
  reset: AutoOffsetReset,
): Promise<PolledRead> {
  const { maxRecords = Number.POSITIVE_INFINITY } = bounds
  const left = { bytes: bounds.maxBytes, records: maxRecords }
  const fetched: PolledPartition[] = []
  const problems: PolledProblem[] = []
  const gone: AssignedPartition[] = []
  const ends = new Map<AssignedPartition, number>()
  for (const start of starts) {
    if (left.bytes <= 0 || left.records <= 0) return { fetched, problems, gone, hasMore: true }
    const reading = readFrom(deps, start, left, reset)
    const outcome = reading instanceof Promise ? await reading : reading
    if (outcome.kind === "unknown_partition") gone.push(start.at)
    else if (outcome.kind !== "read") problems.push({ at: start.at, problem: outcome })
    else {
      const { offset, batches, watermarks, isEnd } = outcome
      const bytes = sizeOf(batches)
      // A partition's first batch comes whatever its size, but only the first partition's may go beyond the bound.
      if (bytes > left.bytes && left.bytes < bounds.maxBytes) return { fetched, problems, gone, hasMore: true }
      if (isEnd) ends.set(start.at, offset)
      left.bytes -= bytes
      left.records -= recordsFrom(offset, batches)
      fetched.push({ at: start.at, offset, batches, watermarks, isNews: start.isNews || offset !== start.offset })
    }
  }
  if (ends.size > 0) await settleAt(deps, member, ends)
  return { fetched, problems, gone, hasMore: fetched.some(isCut) }
}

type ReadFrom =
  | {
      readonly kind: "read"
      readonly offset: number
      readonly batches: readonly StoredBatch[]
      readonly watermarks: Watermarks
      /** It begins at the end because its own offset led nowhere. */
      readonly isEnd: boolean
    }
  | { readonly kind: "unknown_partition" }
  | PartitionProblem

function readFrom(
  { log }: Deps,
  { at, offset }: Start,
  left: { readonly bytes: number; readonly records: number },
  reset: AutoOffsetReset,
): Awaitable<ReadFrom> {
  const read = (from: number): Awaitable<ReadOutcome> =>
    log.read(at.partition, {
      offset: from,
      maxBytes: left.bytes,
      ...(Number.isFinite(left.records) && { maxRecords: left.records }),
    })
  const outcome = read(offset)
  const lead = (found: ReadOutcome): Awaitable<ReadFrom> => {
    if (found.kind !== "below_start" && found.kind !== "beyond_end") return asRead(found, offset)
    if (reset === "none") return { kind: "no_committed_offset" }
    const { watermarks } = found
    if (reset === "latest") {
      return { kind: "read", offset: watermarks.highWatermark, batches: [], watermarks, isEnd: true }
    }
    const from = watermarks.logStartOffset
    const again = read(from)
    return again instanceof Promise ? again.then((each) => asRead(each, from)) : asRead(again, from)
  }
  return outcome instanceof Promise ? outcome.then(lead) : lead(outcome)
}

function asRead(outcome: ReadOutcome, offset: number): ReadFrom {
  switch (outcome.kind) {
    case "batches":
      return { kind: "read", offset, batches: outcome.batches, watermarks: outcome.watermarks, isEnd: false }
    // The log start moved on between the two looks: the next poll begins behind it.
    case "below_start":
    case "beyond_end":
      return {
        kind: "read",
        offset: outcome.watermarks.logStartOffset,
        batches: [],
        watermarks: outcome.watermarks,
        isEnd: false,
      }
    case "unavailable":
      return { ...outcome, sideEffects: "none" }
    default:
      return outcome
  }
}

function isCut({ offset, batches, watermarks }: PolledPartition): boolean {
  const last = batches.at(-1)
  const end = last === undefined ? offset : last.baseOffset + last.recordCount
  return end < watermarks.highWatermark
}

/** Also where there is more than the answer may hold: waiting would not make it any fuller. */
export function isEnough({ fetched, problems, gone, hasMore }: PolledRead, minBytes: number): boolean {
  if (hasMore || problems.length > 0 || gone.length > 0) return true
  return fetched.reduce((bytes, { batches }) => bytes + sizeOf(batches), 0) >= minBytes
}

export function watchesOf({ fetched }: PolledRead): readonly Watch[] {
  return fetched.map(({ at, watermarks }) => ({ partition: at.partition, seen: watermarks }))
}

/** The same partitions, to be read again once something came. */
export function startsOf({ fetched }: PolledRead): readonly Start[] {
  return fetched.map(({ at, offset, isNews }) => ({ at, offset, isNews }))
}

function sizeOf(batches: readonly StoredBatch[]): number {
  return batches.reduce((bytes, batch) => bytes + batch.bytes.length, 0)
}

function recordsFrom(offset: number, batches: readonly StoredBatch[]): number {
  let records = 0
  for (const batch of batches) records += Math.min(batch.recordCount, batch.baseOffset + batch.recordCount - offset)
  return records
}
