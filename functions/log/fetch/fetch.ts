/** Fetch from one or many partitions, waiting for more where the request asks for it. */
import type { FetchDependencies } from "../dependencies.ts"
import { locate, locateRecent, type NotLocated } from "../locate.ts"
import type { PartitionRef, ReadOutcome, StoredBatch, Unavailable, Watch, Watermarks } from "../ports.ts"
import { type FetchStart, resolveStart } from "./start.ts"

export interface FetchPartition {
  readonly topic: string
  readonly partition: number
  readonly start: FetchStart
}

export interface FetchRequest {
  readonly partitions: readonly FetchPartition[]
  /** Bytes of stored batches over all partitions; the first batch is given whatever its size. */
  readonly maxBytes: number
  /** Records over all partitions. Absent: whole batches, however many records they hold. */
  readonly maxRecords?: number | undefined
  /** Answer only when so many bytes are there, or `enough` says to stop waiting. */
  readonly minBytes: number
}

export type PartitionFetch =
  | {
      readonly kind: "fetched"
      readonly partition: PartitionRef
      /** Where the answer begins; the first batch may begin before it. */
      readonly offset: number
      readonly batches: readonly StoredBatch[]
      readonly watermarks: Watermarks
    }
  | { readonly kind: "below_start"; readonly offset: number; readonly watermarks: Watermarks }
  | { readonly kind: "beyond_end"; readonly offset: number; readonly watermarks: Watermarks }
  | Extract<ReadOutcome, { kind: "corrupt" }>
  | NotLocated
  | Unavailable

interface Position {
  readonly topic: string
  readonly partition: PartitionRef
  readonly offset: number
}

/**
 * One result for each partition, in order. `patience` aborts when the wait is over or the caller is gone; without it
 * the answer is what is there now. A failure of any partition ends the wait, so that nobody waits to learn of it.
 */
export async function fetchPartitions(
  deps: FetchDependencies,
  request: FetchRequest,
  patience: AbortSignal | undefined,
): Promise<readonly PartitionFetch[]> {
  let positions: readonly (Position | PartitionFetch)[] = await findPositions(deps, request.partitions)
  let results = await readAll(deps, request, positions)
  if (results.some(isNotThere)) {
    positions = await lookAgain(deps, request.partitions, positions, results)
    results = await readAll(deps, request, positions)
  }
  for (;;) {
    if (patience === undefined || patience.aborted || isEnough(results, request.minBytes)) return results
    await deps.log.waitForChange(watchesOf(results), patience)
    results = await readAll(deps, request, positions)
  }
}

async function findPositions(
  deps: FetchDependencies,
  partitions: readonly FetchPartition[],
): Promise<(Position | PartitionFetch)[]> {
  const positions: (Position | PartitionFetch)[] = []
  for (const partition of partitions) positions.push(await findPosition(deps, partition, locateRecent))
  return positions
}

function isNotThere({ kind }: PartitionFetch): boolean {
  return kind === "topic_not_found"
}

/** What was not there was looked for by what is remembered of its topic: another of the name may be there now. */
function lookAgain(
  deps: FetchDependencies,
  partitions: readonly FetchPartition[],
  positions: readonly (Position | PartitionFetch)[],
  results: readonly PartitionFetch[],
): Promise<readonly (Position | PartitionFetch)[]> {
  const again = positions.map(async (position, index) => {
    const wanted = partitions[index]
    const result = results[index]
    if (wanted === undefined || result === undefined || !isNotThere(result)) return position
    return findPosition(deps, wanted, locate)
  })
  return Promise.all(again)
}

async function findPosition(
  deps: FetchDependencies,
  wanted: FetchPartition,
  find: typeof locateRecent,
): Promise<Position | PartitionFetch> {
  const located = find(deps.topics, wanted.topic, wanted.partition)
  const location = located instanceof Promise ? await located : located
  if (location.kind !== "located") return location
  const { partition } = location
  if (wanted.start.kind === "offset") return { topic: wanted.topic, partition, offset: wanted.start.offset }
  const start = await resolveStart(deps, partition, wanted.start)
  if (start.kind === "start") return { topic: wanted.topic, partition, offset: start.offset }
  return start.kind === "unknown_partition" ? { kind: "topic_not_found", topic: wanted.topic } : start
}

async function readAll(
  deps: FetchDependencies,
  request: FetchRequest,
  positions: readonly (Position | PartitionFetch)[],
): Promise<readonly PartitionFetch[]> {
  let bytesLeft = request.maxBytes
  let recordsLeft = request.maxRecords ?? Number.POSITIVE_INFINITY
  const results: PartitionFetch[] = []
  for (const position of positions) {
    if ("kind" in position) {
      results.push(position)
      continue
    }
    const spent = bytesLeft <= 0 || recordsLeft <= 0
    const reading = spent ? nothingMore(deps, position) : read(deps, position, bytesLeft, recordsLeft)
    const result = reading instanceof Promise ? await reading : reading
    if (result.kind === "fetched") {
      bytesLeft -= sizeOf(result.batches)
      recordsLeft -= recordsFrom(result.offset, result.batches)
    }
    results.push(result)
  }
  return results
}

function read(deps: FetchDependencies, position: Position, maxBytes: number, maxRecords: number) {
  const { partition, offset } = position
  const bounded = Number.isFinite(maxRecords) ? { offset, maxBytes, maxRecords } : { offset, maxBytes }
  const outcome = deps.log.read(partition, bounded)
  return outcome instanceof Promise ? outcome.then((found) => named(position, found)) : named(position, outcome)
}

function named(position: Position, outcome: ReadOutcome): PartitionFetch {
  const { partition, offset, topic } = position
  switch (outcome.kind) {
    case "batches":
      return { kind: "fetched", partition, offset, batches: outcome.batches, watermarks: outcome.watermarks }
    case "below_start":
    case "beyond_end":
      return { kind: outcome.kind, offset, watermarks: outcome.watermarks }
    case "unknown_partition":
      return { kind: "topic_not_found", topic }
    default:
      return outcome
  }
}

/** Earlier partitions took all the bytes or records; this one says only where it stands. */
async function nothingMore(deps: FetchDependencies, position: Position): Promise<PartitionFetch> {
  const { partition, offset, topic } = position
  const described = await deps.log.describe(partition)
  if (described.kind === "unknown_partition") return { kind: "topic_not_found", topic }
  if (described.kind !== "partition") return described
  const { logStartOffset, highWatermark } = described.state
  const watermarks = { logStartOffset, highWatermark }
  if (offset < logStartOffset) return { kind: "below_start", offset, watermarks }
  if (offset > highWatermark) return { kind: "beyond_end", offset, watermarks }
  return { kind: "fetched", partition, offset, batches: [], watermarks }
}

/** Also where there is more than the answer may hold: waiting would not make it any fuller. */
function isEnough(results: readonly PartitionFetch[], minBytes: number): boolean {
  let bytes = 0
  for (const result of results) {
    if (result.kind !== "fetched" || hasMore(result)) return true
    bytes += sizeOf(result.batches)
  }
  return bytes >= minBytes
}

function hasMore({ offset, batches, watermarks }: Extract<PartitionFetch, { kind: "fetched" }>): boolean {
  const last = batches.at(-1)
  const end = last === undefined ? offset : last.baseOffset + last.recordCount
  return end < watermarks.highWatermark
}

function watchesOf(results: readonly PartitionFetch[]): readonly Watch[] {
  return results.flatMap((result) =>
    result.kind === "fetched" ? [{ partition: result.partition, seen: result.watermarks }] : [],
  )
}

function sizeOf(batches: readonly StoredBatch[]): number {
  let bytes = 0
  for (const batch of batches) bytes += batch.bytes.length
  return bytes
}

function recordsFrom(offset: number, batches: readonly StoredBatch[]): number {
  let records = 0
  for (const batch of batches) records += Math.min(batch.recordCount, batch.baseOffset + batch.recordCount - offset)
  return records
}
