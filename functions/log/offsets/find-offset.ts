/** The first record that is as old as a timestamp or younger (Kafka's ListOffsets by time). */
import { decodeVerifiedBatch } from "stratalog/record-batch"
import type { LogDependencies } from "../dependencies.ts"
import type { PartitionRef, ReadOutcome, StoredBatch, Unavailable, UnknownPartition, Watermarks } from "../ports.ts"

export type FindOffsetOutcome =
  | { readonly kind: "found"; readonly offset: number; readonly timestamp: number; readonly watermarks: Watermarks }
  | { readonly kind: "none"; readonly watermarks: Watermarks }
  | Extract<ReadOutcome, { kind: "corrupt" }>
  | UnknownPartition
  | Unavailable

type Dependencies = Pick<LogDependencies, "log" | "codecs" | "limits">

export async function findOffset(
  deps: Dependencies,
  partition: PartitionRef,
  timestamp: number,
): Promise<FindOffsetOutcome> {
  const first = await deps.log.findByTimestamp(partition, timestamp)
  if (first.kind !== "batch") return first
  let batch = first.batch
  let { watermarks } = first
  for (;;) {
    const record = await firstSince(deps, batch, timestamp, watermarks.logStartOffset)
    if (record !== undefined) return { kind: "found", ...record, watermarks }
    // The record that was young enough lies below the log start, inside the batch that the log start cuts.
    const next = await deps.log.read(partition, { offset: batch.baseOffset + batch.recordCount, maxBytes: 1 })
    if (next.kind === "below_start" || next.kind === "beyond_end") return { kind: "none", watermarks: next.watermarks }
    if (next.kind !== "batches") return next
    watermarks = next.watermarks
    const following = next.batches[0]
    if (following === undefined) return { kind: "none", watermarks }
    batch = following
  }
}

async function firstSince(
  deps: Dependencies,
  batch: StoredBatch,
  timestamp: number,
  logStartOffset: number,
): Promise<{ readonly offset: number; readonly timestamp: number } | undefined> {
  const records = await decodeVerifiedBatch(batch.bytes, deps.codecs, deps.limits.maxDecompressedBytes)
  const record = records.find((candidate) => candidate.timestamp >= timestamp && candidate.offset >= logStartOffset)
  return record && { offset: record.offset, timestamp: record.timestamp }
}
