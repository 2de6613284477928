/** The embedded log as its callers see it: the journal, and below where it begins the segments. */
import type {
  AppendEntry,
  AppendOutcome,
  Awaitable,
  DescribeOutcome,
  MoveLogStartOutcome,
  PartitionLog,
  PartitionRef,
  PartitionsOutcome,
  ReadOutcome,
  ReadRequest,
  SetFenceOutcome,
  StoredBatch,
  TimestampOutcome,
  Watch,
} from "../../../log/ports.ts"
import type { SegmentDependencies } from "../../../segments/dependencies.ts"
import { findInSegments } from "../../../segments/read/find-by-timestamp.ts"
import { readSegments } from "../../../segments/read/read-segments.ts"
import type { JournalLog } from "../journal/index.ts"
import type { SqliteSegmentIndex } from "../sqlite/index.ts"
import type { Boundaries } from "./boundaries.ts"

export interface TieredLogParts {
  readonly journal: JournalLog
  readonly boundaries: Boundaries
  readonly segments: SegmentDependencies & { readonly index: Pick<SqliteSegmentIndex, "bytesBetween"> }
  /** Removes the objects of a topic and what is remembered of its segments. Safe to repeat. */
  readonly removeSegments: (topicId: string) => Promise<PartitionsOutcome>
}

/**
 * Whatever the journal holds is answered by the journal, at once where it answers at once. An offset below is looked for in
 * the segments; where it is found in neither, the boundary has moved meanwhile, and its state is read again.
 */
export class TieredLog implements PartitionLog {
  readonly #journal: JournalLog
  readonly #boundaries: Boundaries
  readonly #segments: TieredLogParts["segments"]
  readonly #removeSegments: TieredLogParts["removeSegments"]

  constructor({ journal, boundaries, segments, removeSegments }: TieredLogParts) {
    this.#journal = journal
    this.#boundaries = boundaries
    this.#segments = segments
    this.#removeSegments = removeSegments
  }

  createPartitions(topicId: string, count: number): Promise<PartitionsOutcome> {
    return this.#journal.createPartitions(topicId, count)
  }

  /** The journal first: from then on nobody reads the segments. A crash before they are gone leaves them to `removeOrphans`. */
  async deletePartitions(topicId: string): Promise<PartitionsOutcome> {
    const outcome = await this.#journal.deletePartitions(topicId)
    return outcome.kind === "done" ? this.#removeSegments(topicId) : outcome
  }

  append(partition: PartitionRef, entries: readonly AppendEntry[]): Promise<readonly AppendOutcome[]> {
    return this.#journal.append(partition, entries)
  }

  read(ref: PartitionRef, request: ReadRequest): Awaitable<ReadOutcome> {
    const partition = this.#journal.partition(ref)
    if (partition?.isInSegments(request.offset)) return this.#readSegments(ref, request)
    const outcome = this.#journal.read(ref, request)
    if (!(outcome instanceof Promise)) return outcome
    return outcome.then((found) => {
      const failed = found.kind === "corrupt" || found.kind === "unavailable"
      // What the journal could not read may have left it while it was read.
      return failed && partition?.isInSegments(request.offset) ? this.#readSegments(ref, request) : found
    })
  }

  findByTimestamp(ref: PartitionRef, timestamp: number): Awaitable<TimestampOutcome> {
    const partition = this.#journal.partition(ref)
    if (partition === undefined) return { kind: "unknown_partition" }
    if (partition.isInSegments(partition.watermarks.logStartOffset)) return this.#search(ref, timestamp)
    const { logStartOffset } = partition.committed
    const outcome = this.#journal.findByTimestamp(ref, timestamp)
    if (!(outcome instanceof Promise)) return outcome
    return outcome.then((found) =>
      partition.committed.logStartOffset === logStartOffset ? found : this.#search(ref, timestamp),
    )
  }

  describe(ref: PartitionRef): DescribeOutcome {
    const partition = this.#journal.partition(ref)
    if (partition === undefined) return { kind: "unknown_partition" }
    const { state, committed } = partition
    if (!partition.isInSegments(state.logStartOffset)) return { kind: "partition", state }
    const bytes = this.#segments.index.bytesBetween(ref, state.logStartOffset, committed.logStartOffset)
    if (typeof bytes !== "number") return bytes
    return { kind: "partition", state: { ...state, sizeInBytes: state.sizeInBytes + bytes } }
  }

  moveLogStart(ref: PartitionRef, before: number): Promise<MoveLogStartOutcome> {
    return this.#boundaries.moveLogStart(ref, before)
  }

  setFence(ref: PartitionRef, expected: string | undefined, next: string | undefined): Promise<SetFenceOutcome> {
    return this.#journal.setFence(ref, expected, next)
  }

  waitForChange(watches: readonly Watch[], signal: AbortSignal): Promise<void> {
    return this.#journal.waitForChange(watches, signal)
  }

  async #readSegments(ref: PartitionRef, request: ReadRequest): Promise<ReadOutcome> {
    for (;;) {
      const partition = this.#journal.partition(ref)
      if (!partition?.isInSegments(request.offset)) return this.read(ref, request)
      const { watermarks } = partition
      const outcome = await readSegments(this.#segments, ref, request, partition.committed.logStartOffset)
      if (outcome.kind === "batches") return this.#continued(ref, request, { ...outcome, watermarks })
      const isAsBefore = this.#journal.partition(ref)?.watermarks.logStartOffset === watermarks.logStartOffset
      if (outcome.kind !== "missing") {
        // The objects of what was deleted meanwhile may be gone: only the state says so.
        if (isAsBefore) return outcome
      } else if (isAsBefore) return missing(ref, outcome.offset)
    }
  }

  /** Where the segments end before the answer is full, the journal goes on with it: a short log comes whole. */
  async #continued(ref: PartitionRef, request: ReadRequest, older: Batches): Promise<Batches> {
    const rest = following(request, older.batches)
    if (rest === undefined || this.#journal.partition(ref)?.isInSegments(rest.offset) !== false) return older
    const newer = await this.#journal.read(ref, rest)
    if (newer.kind !== "batches" || bytesOf(newer.batches) > rest.maxBytes) return older
    return { ...newer, batches: [...older.batches, ...newer.batches] }
  }

  async #search(ref: PartitionRef, timestamp: number): Promise<TimestampOutcome> {
    for (;;) {
      const partition = this.#journal.partition(ref)
      if (partition === undefined) return { kind: "unknown_partition" }
      const { watermarks } = partition
      const from = watermarks.logStartOffset
      const upTo = partition.committed.logStartOffset
      const older =
        from < upTo ? await findInSegments(this.#segments, ref, { timestamp, from, upTo }) : ({ kind: "none" } as const)
      if (older.kind === "batch") return { ...older, watermarks }
      const newer = older.kind === "none" ? await this.#journal.findByTimestamp(ref, timestamp) : older
      const now = this.#journal.partition(ref)
      const isAsBefore = now?.watermarks.logStartOffset === from && now.committed.logStartOffset === upTo
      if (isAsBefore) return newer.kind === "missing" ? missing(ref, newer.offset) : newer
    }
  }
}

type Batches = Extract<ReadOutcome, { kind: "batches" }>

/** What `request` asks for beyond these batches, if anything. */
function following(
  { offset, maxBytes, maxRecords }: ReadRequest,
  batches: readonly StoredBatch[],
): ReadRequest | undefined {
  const last = batches.at(-1)
  if (last === undefined) return undefined
  const next = last.baseOffset + last.recordCount
  const rest = { offset: next, maxBytes: maxBytes - bytesOf(batches) }
  if (rest.maxBytes <= 0 || (maxRecords !== undefined && next - offset >= maxRecords)) return undefined
  return maxRecords === undefined ? rest : { ...rest, maxRecords: maxRecords - (next - offset) }
}

function bytesOf(batches: readonly StoredBatch[]): number {
  return batches.reduce((sum, { bytes }) => sum + bytes.length, 0)
}

function missing({ topicId, partition }: PartitionRef, offset: number): Extract<ReadOutcome, { kind: "corrupt" }> {
  const where = `the segments of partition ${partition} of topic ${topicId}`
  return { kind: "corrupt", where, detail: `No segment holds offset ${offset}.` }
}
