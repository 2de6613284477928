/** The recent part of one partition in memory: pages, and a tail behind them, with the faults of faults.ts. */
import type {
  DescribeOutcome,
  MoveLogStartOutcome,
  PartitionLog,
  PartitionRef,
  StoredBatch,
  TimestampOutcome,
  UnknownPartition,
  Watermarks,
} from "../../functions/log/ports.ts"
import type {
  CommitTieredOutcome,
  DropTieredOutcome,
  ReadRecentOutcome,
  RecentLog,
  RecentStateOutcome,
  Stretch,
  StretchesOutcome,
} from "../../functions/segments/ports.ts"
import { FaultyRequests, type Interceptor, type OperationOf } from "./faults.ts"

export interface MemoryPage {
  readonly batches: readonly StoredBatch[]
  /** Epoch milliseconds. */
  readonly storedAt: number
}

/** What upkeep asks of the log itself. */
export type UpkeptLog = Pick<PartitionLog, "moveLogStart" | "describe" | "findByTimestamp">
export type RecentOperation = OperationOf<RecentLog> | OperationOf<UpkeptLog>

const UNKNOWN: UnknownPartition = { kind: "unknown_partition" }
const READS = new Set<string>(["state", "stretches", "read", "describe", "findByTimestamp"])

/** Pages that one call of `dropTiered` removes. */
const DROPS = 2

export class MemoryRecentLog implements RecentLog, UpkeptLog {
  /** Counts by kind; its `interceptor` may be set and cleared at any time. */
  readonly requests: FaultyRequests<RecentOperation>
  readonly #state: RecentState

  /** `tail`: batches behind the pages, which are in no stretch yet. */
  constructor(
    partition: PartitionRef,
    pages: readonly MemoryPage[],
    tail: readonly StoredBatch[] = [],
    interceptor?: Interceptor<RecentOperation>,
  ) {
    this.#state = new RecentState(partition, pages, tail)
    this.requests = new FaultyRequests<RecentOperation>((name) => READS.has(name), interceptor)
  }

  /** The tail becomes a page, and `batches` the tail. */
  roll(storedAt: number, batches: readonly StoredBatch[]): void {
    this.#state.roll(storedAt, batches)
  }

  delete(): void {
    this.#state.deleted = true
  }

  get pagesLeft(): number {
    return this.#state.pages.length
  }

  async state(...args: Parameters<RecentLog["state"]>) {
    return this.requests.run({ name: "state", args }, () => this.#state.state(...args))
  }

  async stretches(...args: Parameters<RecentLog["stretches"]>) {
    return this.requests.run({ name: "stretches", args }, () => this.#state.stretches(...args))
  }

  async read(...args: Parameters<RecentLog["read"]>) {
    return this.requests.run({ name: "read", args }, () => this.#state.read(...args))
  }

  async commitTiered(...args: Parameters<RecentLog["commitTiered"]>) {
    return this.requests.run({ name: "commitTiered", args }, () => this.#state.commitTiered(...args))
  }

  async dropTiered(...args: Parameters<RecentLog["dropTiered"]>) {
    return this.requests.run({ name: "dropTiered", args }, () => this.#state.dropTiered(...args))
  }

  async moveLogStart(...args: Parameters<UpkeptLog["moveLogStart"]>) {
    return this.requests.run({ name: "moveLogStart", args }, () => this.#state.moveLogStart(...args))
  }

  async describe(...args: Parameters<UpkeptLog["describe"]>) {
    return this.requests.run({ name: "describe", args }, () => this.#state.describe(...args))
  }

  async findByTimestamp(...args: Parameters<UpkeptLog["findByTimestamp"]>) {
    return this.requests.run({ name: "findByTimestamp", args }, () => this.#state.findByTimestamp(...args))
  }
}

class RecentState {
  deleted = false
  pages: readonly MemoryPage[]
  readonly #partition: PartitionRef
  #tail: readonly StoredBatch[]
  /** All that was ever appended: what the log's own bookkeeping knows without looking at the segments. */
  readonly #appended: StoredBatch[]
  #logStartOffset: number
  #tieredTo: number

  constructor(partition: PartitionRef, pages: readonly MemoryPage[], tail: readonly StoredBatch[]) {
    this.#partition = partition
    this.pages = pages
    this.#tail = tail
    this.#appended = [...pages.flatMap(({ batches }) => batches), ...tail]
    this.#logStartOffset = this.#appended[0]?.baseOffset ?? 0
    this.#tieredTo = this.#logStartOffset
  }

  roll(storedAt: number, batches: readonly StoredBatch[]): void {
    if (this.#tail.length > 0) this.pages = [...this.pages, { batches: this.#tail, storedAt }]
    this.#tail = batches
    this.#appended.push(...batches)
  }

  state(ref: PartitionRef): RecentStateOutcome {
    return this.#knows(ref) ? { kind: "state", state: { ...this.#watermarks(), tieredTo: this.#tieredTo } } : UNKNOWN
  }

  stretches(ref: PartitionRef, from: number, limit: number): StretchesOutcome {
    if (!this.#knows(ref)) return UNKNOWN
    const stretches = this.pages.filter((page) => endOfPage(page) > from).map((page) => stretchOf(page, from))
    return { kind: "stretches", stretches: stretches.slice(0, limit), more: stretches.length > limit }
  }

  read(ref: PartitionRef, from: number, to: number, maxBytes: number): ReadRecentOutcome {
    if (!this.#knows(ref)) return UNKNOWN
    if (from < this.#tieredTo) return { kind: "moved" }
    const batches: StoredBatch[] = []
    let bytes = 0
    for (const batch of [...this.pages.flatMap((page) => page.batches), ...this.#tail]) {
      if (endOf(batch) <= from) continue
      bytes += batch.bytes.length
      if (endOf(batch) > to || (batches.length > 0 && bytes > maxBytes)) break
      batches.push(batch)
    }
    return { kind: "batches", batches }
  }

  commitTiered(ref: PartitionRef, from: number, to: number): CommitTieredOutcome {
    if (!this.#knows(ref)) return UNKNOWN
    if (this.#tieredTo !== from) return { kind: "moved", tieredTo: this.#tieredTo }
    const ends = this.pages.flatMap(({ batches }) => batches.map(endOf))
    if (!ends.includes(to)) throw new RangeError(`${to} is no end of a batch in the stretches: ${ends.join()}`)
    this.#tieredTo = to
    return { kind: "committed" }
  }

  dropTiered(ref: PartitionRef): DropTieredOutcome {
    if (!this.#knows(ref)) return UNKNOWN
    const dropped = this.pages.filter((page) => endOfPage(page) <= this.#tieredTo).slice(0, DROPS)
    this.pages = this.pages.filter((page) => !dropped.includes(page))
    return { kind: "dropped", more: this.pages.some((page) => endOfPage(page) <= this.#tieredTo) }
  }

  moveLogStart(ref: PartitionRef, before: number): MoveLogStartOutcome {
    if (!this.#knows(ref)) return UNKNOWN
    const watermarks = this.#watermarks()
    if (before > watermarks.highWatermark) return { kind: "beyond_end", watermarks }
    this.#logStartOffset = Math.max(this.#logStartOffset, before)
    return { kind: "moved", logStartOffset: this.#logStartOffset }
  }

  describe(ref: PartitionRef): DescribeOutcome {
    if (!this.#knows(ref)) return UNKNOWN
    const sizeInBytes = this.#readable().reduce((sum, { bytes }) => sum + bytes.length, 0)
    return { kind: "partition", state: { ...this.#watermarks(), fencingToken: undefined, sizeInBytes } }
  }

  findByTimestamp(ref: PartitionRef, timestamp: number): TimestampOutcome {
    if (!this.#knows(ref)) return UNKNOWN
    const watermarks = this.#watermarks()
    const batch = this.#readable().find(({ maxTimestamp }) => maxTimestamp >= timestamp)
    return batch === undefined ? { kind: "none", watermarks } : { kind: "batch", batch, watermarks }
  }

  #readable(): StoredBatch[] {
    return this.#appended.filter((batch) => endOf(batch) > this.#logStartOffset)
  }

  #watermarks(): Watermarks {
    const last = this.#appended.at(-1)
    return { logStartOffset: this.#logStartOffset, highWatermark: last === undefined ? 0 : endOf(last) }
  }

  #knows({ topicId, partition }: PartitionRef): boolean {
    return !this.deleted && topicId === this.#partition.topicId && partition === this.#partition.partition
  }
}

function stretchOf({ batches, storedAt }: MemoryPage, from: number): Stretch {
  const cut = batches.filter((batch) => endOf(batch) > from)
  const last = cut.at(-1)
  return {
    baseOffset: Math.max(from, cut[0]?.baseOffset ?? 0),
    endOffset: last === undefined ? from : endOf(last),
    bytes: cut.reduce((sum, { bytes }) => sum + bytes.length, 0),
    maxTimestamp: Math.max(...cut.map(({ maxTimestamp }) => maxTimestamp)),
    storedAt,
  }
}

function endOfPage({ batches }: MemoryPage): number {
  const last = batches.at(-1)
  return last === undefined ? 0 : endOf(last)
}

function endOf({ baseOffset, recordCount }: StoredBatch): number {
  return baseOffset + recordCount
}
