/** When a partition is compacted, which part of it, and which records stay. */
import type { BatchHeader, BatchRecord } from "stratalog/record-batch"
import type { Segment } from "../ports.ts"

/** The part of a log that a pass of compaction works on. */
export interface CompactionRange {
  /** Ascending. */
  readonly segments: readonly Segment[]
  /** From here on keys are gathered: whatever is older was compacted with all that comes before this. */
  readonly from: number
  /** To before this offset. */
  readonly to: number
}

export interface CompactionRules {
  /** Segments with younger records are left alone, and all behind them. Epoch milliseconds. */
  readonly writtenBefore: number
  readonly minDirtyRatio: number
  /** A segment made before this is compacted though the ratio is not reached. Epoch milliseconds. */
  readonly overdueBefore: number
}

/**
 * Undefined where it is not time yet. A pass that was cut off is finished first, to the offset that it had: segments that
 * it is done with need not be read again. `segments` ascend.
 *
 * The ratio is Kafka's rule, which bounds what is written again to about the size of what is new. Kafka may leave a log
 * below it for ever; here what is overdue is compacted too, so that a deleted key goes in bounded time.
 */
export function decideCompaction(segments: readonly Segment[], rules: CompactionRules): CompactionRange | undefined {
  const young = segments.findIndex(({ maxTimestamp }) => maxTimestamp > rules.writtenBefore)
  const settled = young === -1 ? segments : segments.slice(0, young)
  const end = settled.reduce((max, { endOffset }) => Math.max(max, endOffset), 0)
  const from = settled.reduce((min, segment) => Math.min(min, seenTo(segment)), end)
  if (from >= end) return undefined
  const cutOff = settled.reduce((max, { compactedTo }) => Math.max(max, Math.min(compactedTo, end)), 0)
  if (cutOff > from) return { segments: settled, from, to: cutOff }
  return isDue(settled, rules) ? { segments: settled, from, to: end } : undefined
}

/** The offset up to which all records that replace one of this segment's were taken into account. */
function seenTo({ compactedTo, baseOffset }: Segment): number {
  return Math.max(compactedTo, baseOffset)
}

function isDue(segments: readonly Segment[], { minDirtyRatio, overdueBefore }: CompactionRules): boolean {
  const dirty = segments.filter(({ compactedTo, endOffset }) => compactedTo < endOffset)
  if (dirty.some(({ createdAt }) => createdAt <= overdueBefore)) return true
  return bytesOf(dirty) >= bytesOf(segments) * minDirtyRatio
}

function bytesOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { bytes }) => sum + bytes, 0)
}

export interface RetentionOfRecords {
  /** The last offset of a key below `to`, if it was written since the range began. */
  readonly lastOffset: (key: Uint8Array) => number | undefined
  /** Where the gathered keys end. */
  readonly to: number
  /** Epoch milliseconds. */
  readonly now: number
}

/**
 * A record goes when a later one has its key, a tombstone also when its time is over. One without a key stays: it has no
 * successor (Kafka drops it).
 */
export function staysInLog(record: BatchRecord, header: BatchHeader, rules: RetentionOfRecords): boolean {
  if (record.key === null) return true
  if ((rules.lastOffset(record.key) ?? -1) > record.offset) return false
  if (!isTombstone(record) || !header.hasDeleteHorizon) return true
  // Beyond `to` nobody has seen yet whether all that this tombstone deletes is gone.
  return record.offset >= rules.to || header.baseTimestamp > rules.now
}

/** The first pass that has seen all tombstones of a batch says how long they stay. */
export function needsDeleteHorizon(records: readonly BatchRecord[], header: BatchHeader, to: number): boolean {
  const tombstones = records.filter(isTombstone)
  return !header.hasDeleteHorizon && tombstones.length > 0 && tombstones.every(({ offset }) => offset < to)
}

function isTombstone({ key, value }: BatchRecord): boolean {
  return key !== null && value === null
}
