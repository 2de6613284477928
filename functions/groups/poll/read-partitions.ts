/** What a poll reads from its partitions, within the bounds of one answer. */
import type { Awaitable, StoredBatch, Watch, Watermarks } from "../../log/ports.ts"
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

/** So many partitions at the most are read at once. */
const MOST_AT_ONCE = 16

/**
 * In the order of `starts`. Where one has nothing, twice as many are looked at in the next step, as a storage far away takes
 * its time for each; where one has something, the next is read by itself, as there may be no room for it.
 */
export async function readPartitions(
  deps: Deps,
  member: MemberAt,
  starts: readonly Start[],
  bounds: ReadBounds,
  reset: AutoOffsetReset,
): Promise<PolledRead> {
  const answer = new Answer(bounds)
  let atOnce = 1
  for (let next = 0; next < starts.length && !answer.hasMore; ) {
    const some = answer.isFull ? [] : starts.slice(next, next + atOnce)
    const { room } = answer
    const found = await together(some.map((start) => readFrom(deps.log, start, room, reset)))
    answer.hasMore = some.length === 0 || !answer.takeAll(some, found)
    atOnce = found.every(isNothing) ? Math.min(2 * atOnce, MOST_AT_ONCE) : 1
    next += some.length
  }
  return settled(deps, member, answer)
}

/** What is at hand already costs no turn of the event loop. */
function together<T>(values: readonly Awaitable<T>[]): Awaitable<readonly T[]> {
  const known: T[] = []
  for (const value of values) {
    if (value instanceof Promise) return Promise.all(values)
    known.push(value)
  }
  return known
}

function isNothing(outcome: ReadFrom): boolean {
  return outcome.kind === "read" && outcome.batches.length === 0
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

  /** What was read with the same room; false: there is none for one of them, and those behind it are left, too. */
  takeAll(starts: readonly Start[], found: readonly ReadFrom[]): boolean {
    const { bytes, records } = this.room
    return starts.every((start, index) => {
      const outcome = found[index]
      const isFresh = this.#bytes === bytes && this.#records === records
      return outcome !== undefined && (isFresh || this.#holds(outcome)) && this.#takes(start, outcome)
    })
  }

  #holds(outcome: ReadFrom): boolean {
    if (outcome.kind !== "read") return true
    return sizeOf(outcome.batches) <= this.#bytes && recordsFrom(outcome.offset, outcome.batches) <= this.#records
  }

  /** False: there is no room for it. A partition's first batch comes whatever its size, but of the first one only. */
  #takes(start: Start, outcome: ReadFrom): boolean {
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
