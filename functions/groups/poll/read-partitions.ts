/** What a poll reads from its partitions, within the bounds of one answer. */
import type { StoredBatch, Watch, Watermarks } from "../../log/ports.ts"
import type { GroupDependencies } from "../dependencies.ts"
import type { AssignedPartition } from "./assigned.ts"
import { type PartitionProblem, type ReadFrom, type Room, readFrom } from "./read-from.ts"
import { type AutoOffsetReset, type MemberAt, settleAt } from "./reset-position.ts"
import type { Start } from "./start-positions.ts"

export interface ReadBounds {
  /** Bytes of stored batches over all partitions; the first batch is given whatever its size. */
  readonly maxBytes: number
  /** Absent: whole batches, however many records they hold. */
  readonly maxRecords?: number | undefined
}

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
  const answer = new Answer(bounds)
  for (const start of starts) {
    const reading = answer.isFull ? undefined : readFrom(deps.log, start, answer.room, reset)
    const outcome = reading instanceof Promise ? await reading : reading
    if (outcome === undefined || !answer.takes(start, outcome)) {
      answer.hasMore = true
      break
    }
  }
  return settled(deps, member, answer)
}

/** What was found so far, and what room there is for more. */
class Answer {
  readonly fetched: PolledPartition[] = []
  readonly problems: PolledProblem[] = []
  readonly gone: AssignedPartition[] = []
  /** Those that go on at their ends because their offsets led nowhere, with these ends. */
  readonly ends = new Map<AssignedPartition, number>()
  hasMore = false
  #bytes: number
  #records: number
  #isEmpty = true

  constructor({ maxBytes, maxRecords = Number.POSITIVE_INFINITY }: ReadBounds) {
    this.#bytes = maxBytes
    this.#records = maxRecords
  }

  get room(): Room {
    return { bytes: this.#bytes, records: this.#records }
  }

  get isFull(): boolean {
    return this.#bytes <= 0 || this.#records <= 0
  }

  /** False: there is no room for it. A partition's first batch comes whatever its size, but of the first one only. */
  takes(start: Start, outcome: ReadFrom): boolean {
    const { at } = start
    if (outcome.kind === "unknown_partition") this.gone.push(at)
    else if (outcome.kind !== "read") this.problems.push({ at, problem: outcome })
    else {
      const { offset, batches, watermarks, isEnd } = outcome
      const bytes = sizeOf(batches)
      if (bytes > this.#bytes && !this.#isEmpty) return false
      if (bytes > 0) this.#isEmpty = false
      if (isEnd) this.ends.set(at, offset)
      this.#bytes -= bytes
      this.#records -= recordsFrom(offset, batches)
      this.fetched.push({ at, offset, batches, watermarks, isNews: start.isNews || offset !== start.offset })
    }
    return true
  }
}

/** Where reading goes on at an end, that is written down before the member hears of it. */
async function settled(deps: Deps, member: MemberAt, answer: Answer): Promise<PolledRead> {
  const { fetched, problems, gone, ends } = answer
  const hasMore = answer.hasMore || fetched.some(isCut)
  if (ends.size === 0) return { fetched, problems, gone, hasMore }
  const outcome = await settleAt(deps, member, ends)
  const unsettled =
    outcome.kind === "unavailable" ? [...ends.keys()].map((at) => ({ at, problem: outcome })) : outcome.problems
  const lost = new Set(unsettled.map(({ at }) => at))
  return {
    fetched: fetched.filter(({ at }) => !lost.has(at)),
    problems: [...problems, ...unsettled],
    gone,
    hasMore,
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
