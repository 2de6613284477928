/** Reads one partition of a poll; where the position leads nowhere, from where auto offset reset says. */
import type { Awaitable, PartitionLog, ReadOutcome, StoredBatch, Unavailable, Watermarks } from "../../log/ports.ts"
import type { AutoOffsetReset } from "./reset-position.ts"
import type { Start } from "./start-positions.ts"

/** Why one partition cannot be read; the others are. */
export type PartitionProblem =
  /** `autoOffsetReset` is none. */
  | { readonly kind: "no_committed_offset" }
  /** Somebody else claimed it, or a reset did. */
  | { readonly kind: "fenced"; readonly epoch: number }
  | { readonly kind: "topic_not_found" }
  | Extract<ReadOutcome, { kind: "corrupt" }>
  | Unavailable

export type ReadFrom =
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

/** What an answer may still take. */
export interface Room {
  readonly bytes: number
  /** Infinity: whole batches, however many records they hold. */
  readonly records: number
}

export function readFrom(
  log: Pick<PartitionLog, "read">,
  { at, offset }: Start,
  room: Room,
  reset: AutoOffsetReset,
): Awaitable<ReadFrom> {
  const read = (from: number): Awaitable<ReadOutcome> =>
    log.read(at.partition, {
      offset: from,
      maxBytes: room.bytes,
      ...(Number.isFinite(room.records) && { maxRecords: room.records }),
    })
  const lead = (found: ReadOutcome): Awaitable<ReadFrom> => {
    if (found.kind !== "below_start" && found.kind !== "beyond_end") return asRead(found, offset)
    const { watermarks } = found
    if (reset === "none") return { kind: "no_committed_offset" }
    if (reset === "latest") return nothingFrom(watermarks.highWatermark, watermarks, true)
    const from = watermarks.logStartOffset
    const again = read(from)
    return again instanceof Promise ? again.then((each) => asRead(each, from)) : asRead(again, from)
  }
  const outcome = read(offset)
  return outcome instanceof Promise ? outcome.then(lead) : lead(outcome)
}

function asRead(outcome: ReadOutcome, offset: number): ReadFrom {
  switch (outcome.kind) {
    case "batches":
      return { kind: "read", offset, batches: outcome.batches, watermarks: outcome.watermarks, isEnd: false }
    // The log start moved on between the two looks: the next poll begins behind it.
    case "below_start":
    case "beyond_end":
      return nothingFrom(outcome.watermarks.logStartOffset, outcome.watermarks, false)
    case "unavailable":
      return { ...outcome, sideEffects: "none" }
    default:
      return outcome
  }
}

function nothingFrom(offset: number, watermarks: Watermarks, isEnd: boolean): ReadFrom {
  return { kind: "read", offset, batches: [], watermarks, isEnd }
}
