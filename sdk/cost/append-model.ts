/** One produce request of a workload as the log keeps it: how large it is, where it lies, what its commit costs. */
import { decidePlacement, type PlacementKind, type PlacementQuestion } from "./placement.ts"
import { dynamoDbPlacementLimits as limits } from "./placement-limits.ts"
import type { Prices } from "./prices.ts"
import { entriesPerRoll, type TailShape, tailUnits } from "./units.ts"
import type { Workload } from "./workload.ts"

/** A batch's header, and what a record takes beside key and value (Kafka's format, small integers). */
const BATCH_HEADER_BYTES = 61
const RECORD_OVERHEAD_BYTES = 8

/** What an entry takes beside the records of its one batch: id and packed header; and the producer's id and sequence. */
const ENTRY_OVERHEAD_BYTES = 24
const ENTRY_PRODUCER_BYTES = 8
/** What a head takes beside its tail: its keys, names and watermarks, and each producer. */
const HEAD_BYTES = 80
const PRODUCER_BYTES = 15

export interface AppendModel {
  readonly kind: PlacementKind
  readonly perSecond: number
  /** Of the batch. */
  readonly bytes: number
  readonly shape: TailShape
  /** Write units of commits and pages, deletes included, an append. */
  readonly tailUnits: number
  readonly entriesPerRoll: number
}

export function modelAppend(workload: Workload, prices: Prices): AppendModel {
  const question = placementQuestion(workload)
  const kind = decidePlacement(question, limits, prices)
  const shape: TailShape = {
    entryBytes: kind === "inline" ? question.inlineEntryBytes : limits.referenceBytes,
    headBytes: question.headBytes,
    pageBytes: limits.pageOverheadBytes,
    minTailEntries: limits.minTailEntries[workload.placement],
  }
  return {
    kind,
    perSecond: workload.recordsPerSecond / workload.recordsPerRequest,
    bytes: question.bytes,
    shape,
    tailUnits: tailUnits(shape),
    entriesPerRoll: entriesPerRoll(shape),
  }
}

/** Of a batch of records, each of so many bytes of key and value. */
export function placementQuestion(
  workload: Pick<Workload, "recordBytes" | "recordsPerRequest" | "producersPerPartition" | "placement">,
): PlacementQuestion {
  const records = workload.recordsPerRequest * (workload.recordBytes + RECORD_OVERHEAD_BYTES)
  return {
    bytes: BATCH_HEADER_BYTES + records,
    inlineEntryBytes: ENTRY_OVERHEAD_BYTES + (workload.producersPerPartition > 0 ? ENTRY_PRODUCER_BYTES : 0) + records,
    headBytes: HEAD_BYTES + PRODUCER_BYTES * workload.producersPerPartition,
    wish: workload.placement,
  }
}
