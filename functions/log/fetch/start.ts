/** Where a fetch begins: an offset, one of the ends, a time, or so many records before the end. */
import type { FetchDependencies } from "../dependencies.ts"
import { findOffset } from "../offsets/find-offset.ts"
import type { PartitionRef, ReadOutcome, Unavailable, UnknownPartition, Watermarks } from "../ports.ts"

export type FetchStart =
  | { readonly kind: "offset"; readonly offset: number }
  | { readonly kind: "earliest" }
  | { readonly kind: "latest" }
  | { readonly kind: "timestamp"; readonly timestamp: number }
  /** So many records before the high watermark, or the log start. */
  | { readonly kind: "tail"; readonly records: number }

export type StartOutcome =
  | { readonly kind: "start"; readonly offset: number }
  | Extract<ReadOutcome, { kind: "corrupt" }>
  | UnknownPartition
  | Unavailable

export async function resolveStart(
  deps: Pick<FetchDependencies, "log" | "codecs" | "limits">,
  partition: PartitionRef,
  start: FetchStart,
): Promise<StartOutcome> {
  if (start.kind === "offset") return { kind: "start", offset: start.offset }
  if (start.kind === "timestamp") {
    const found = await findOffset(deps, partition, start.timestamp)
    if (found.kind === "found") return { kind: "start", offset: found.offset }
    return found.kind === "none" ? { kind: "start", offset: found.watermarks.highWatermark } : found
  }
  const described = await deps.log.describe(partition)
  return described.kind === "partition" ? { kind: "start", offset: edge(start, described.state) } : described
}

function edge(start: Exclude<FetchStart, { kind: "offset" | "timestamp" }>, watermarks: Watermarks): number {
  switch (start.kind) {
    case "earliest":
      return watermarks.logStartOffset
    case "latest":
      return watermarks.highWatermark
    case "tail":
      return Math.max(watermarks.logStartOffset, watermarks.highWatermark - start.records)
  }
}
