/** The first record that is as old as a timestamp or younger (Kafka's ListOffsets by time). */
import { decodeVerifiedBatch } from "stratalog/record-batch"
import type { FetchDependencies } from "../dependencies.ts"
import type { PartitionRef, ReadOutcome, StoredBatch, Unavailable, UnknownPartition, Watermarks } from "../ports.ts"

export type FindOffsetOutcome =
  | { readonly kind: "found"; readonly offset: number; readonly timestamp: number; readonly watermarks: Watermarks }
  | { readonly kind: "none"; readonly watermarks: Watermarks }
  | Extract<ReadOutcome, { kind: "corrupt" }>
  | UnknownPartition
  | Unavailable

/** Of one request, where what follows has to be looked through. */
const SCANNED_BYTES = 1024 * 1024

type Dependencies = Pick<FetchDependencies, "log" | "codecs" | "limits">

export async function findOffset(
  deps: Dependencies,
  partition: PartitionRef,
  timestamp: number,
): Promise<FindOffsetOutcome> {
  const first = await deps.log.findByTimestamp(partition, timestamp)
  if (first.kind !== "batch") return first
  let batches: readonly StoredBatch[] = [first.batch]
  let { watermarks } = first
  for (;;) {
    // The record that was young enough may lie below the log start, inside the batch that the log start cuts.
    const record = await firstSince(deps, batches, timestamp, watermarks.logStartOffset)
    if (record !== undefined) return { kind: "found", ...record, watermarks }
    const last = batches.at(-1)
    if (last === undefined) return { kind: "none", watermarks }
    const offset = last.baseOffset + last.recordCount
    const next = await deps.log.read(partition, { offset, maxBytes: SCANNED_BYTES })
    if (next.kind === "below_start" || next.kind === "beyond_end") return { kind: "none", watermarks: next.watermarks }
    if (next.kind !== "batches") return next
    watermarks = next.watermarks
    batches = next.batches
  }
}

async function firstSince(
  deps: Dependencies,
  batches: readonly StoredBatch[],
  timestamp: number,
  logStartOffset: number,
): Promise<{ readonly offset: number; readonly timestamp: number } | undefined> {
  for (const batch of batches) {
    if (batch.maxTimestamp < timestamp) continue
    const records = await decodeVerifiedBatch(batch.bytes, deps.codecs, deps.limits.maxDecompressedBytes)
    const record = records.find((candidate) => candidate.timestamp >= timestamp && candidate.offset >= logStartOffset)
    if (record !== undefined) return { offset: record.offset, timestamp: record.timestamp }
  }
  return undefined
}
