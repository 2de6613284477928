/**
 * Moves the log start past what a topic's retention no longer keeps; the bytes are reclaimed later. Whole segments and
 * stretches only, as in Kafka. Where we differ: what is in no stretch yet does not count for `retention.bytes`, and expires
 * by `retention.ms` only all at once.
 */
import type { EffectiveTopicConfig } from "stratalog/protocol"
import type { PartitionRef } from "../../log/ports.ts"
import type { UpkeepDependencies } from "../dependencies.ts"
import type { UpkeepFailure } from "../failures.ts"
import { isExpired, type Piece, startBySize } from "./decide.ts"
import { piecesOf } from "./pieces.ts"

export type RetainOutcome =
  /** `logStartOffset` before and after; the same where nothing expired. */
  { readonly kind: "retained"; readonly from: number; readonly to: number } | UpkeepFailure

type Dependencies = Pick<UpkeepDependencies, "index" | "recent" | "log" | "clock">

/** Pieces that one run looks at by time: what is left expires in the next. */
const MAX_PIECES = 10_000

export async function retainPartition(
  deps: Dependencies,
  partition: PartitionRef,
  config: EffectiveTopicConfig,
): Promise<RetainOutcome> {
  const described = await deps.log.describe(partition)
  if (described.kind !== "partition") return described
  const { logStartOffset, highWatermark, sizeInBytes } = described.state
  const unchanged: RetainOutcome = { kind: "retained", from: logStartOffset, to: logStartOffset }
  if (!config["cleanup.policy"].includes("delete") || logStartOffset === highWatermark) return unchanged
  let to = logStartOffset
  if (config["retention.ms"] >= 0) {
    const kept = await retainByTime(deps, partition, to, deps.clock.now() - config["retention.ms"])
    if (typeof kept !== "number") return kept
    to = kept
  }
  // The log's own count may contain what compaction removed since: never too little.
  if (config["retention.bytes"] >= 0 && sizeInBytes > config["retention.bytes"] && to < highWatermark) {
    const kept = await retainBySize(deps, partition, to, config["retention.bytes"])
    if (typeof kept !== "number") return kept
    to = kept
  }
  return { kind: "retained", from: logStartOffset, to }
}

async function retainByTime(
  deps: Dependencies,
  partition: PartitionRef,
  logStartOffset: number,
  keptSince: number,
): Promise<number | UpkeepFailure> {
  let to = logStartOffset
  let pieces = 0
  for await (const piece of piecesOf(deps, partition, logStartOffset)) {
    if ("kind" in piece) return piece
    if (pieces++ === MAX_PIECES || !isExpired(piece, keptSince)) return moveTo(deps, partition, logStartOffset, to)
    to = piece.endOffset
  }
  const moved = await moveTo(deps, partition, logStartOffset, to)
  return typeof moved === "number" ? retainRest(deps, partition, moved, keptSince) : moved
}

/** All pieces expired: does what is behind them, as a whole? Without any time it waits until it is a piece. */
async function retainRest(
  deps: Dependencies,
  partition: PartitionRef,
  logStartOffset: number,
  keptSince: number,
): Promise<number | UpkeepFailure> {
  const young = await deps.log.findByTimestamp(partition, keptSince)
  if (young.kind === "batch") return logStartOffset
  if (young.kind !== "none") return young
  const timed = await deps.log.findByTimestamp(partition, 0)
  if (timed.kind === "none") return logStartOffset
  if (timed.kind !== "batch") return timed
  return moveTo(deps, partition, logStartOffset, young.watermarks.highWatermark)
}

async function retainBySize(
  deps: Dependencies,
  partition: PartitionRef,
  logStartOffset: number,
  maxBytes: number,
): Promise<number | UpkeepFailure> {
  const pieces: Piece[] = []
  for await (const piece of piecesOf(deps, partition, logStartOffset)) {
    if ("kind" in piece) return piece
    pieces.push(piece)
  }
  return moveTo(deps, partition, logStartOffset, startBySize(pieces, maxBytes) ?? logStartOffset)
}

async function moveTo(
  { log }: Dependencies,
  partition: PartitionRef,
  from: number,
  to: number,
): Promise<number | UpkeepFailure> {
  if (to <= from) return from
  const moved = await log.moveLogStart(partition, to)
  if (moved.kind === "moved") return moved.logStartOffset
  if (moved.kind !== "beyond_end") return moved
  return { kind: "corrupt", where: `the index at offset ${to}`, detail: "it lies beyond the high watermark" }
}
