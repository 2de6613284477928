/** Where a read begins in each partition, and where it ends. */
import { invalidArgument } from "../errors.ts"
import type { PartitionOffsets } from "../topic.ts"

export type ReadStart =
  | "earliest"
  | "latest"
  /** The same offset in each partition: for a read of one. */
  | { readonly offset: number }
  /** By partition; those that are not named are read from the earliest. */
  | { readonly offsets: Readonly<Record<number, number>> }
  /** The first record of each partition that is this old or younger. */
  | { readonly timestamp: Date | number }
  /** So many records before the end of each partition. */
  | { readonly tail: number }

export interface PartitionRange {
  readonly partition: number
  readonly from: number
  /** The end as it was when the read began. */
  readonly to: number
}

/** The `timestamp` to ask the offsets of. */
export function timestampOf(start: ReadStart): number | undefined {
  return typeof start === "object" && "timestamp" in start ? Number(start.timestamp) : undefined
}

export function rangesOf(
  start: ReadStart,
  offsets: readonly PartitionOffsets[],
  wanted: readonly number[] | undefined,
  topic: string,
): PartitionRange[] {
  const partitions = wanted ?? offsets.map(({ partition }) => partition)
  return partitions.map((partition) => {
    const ends = offsets.find((candidate) => candidate.partition === partition)
    if (ends === undefined) throw invalidArgument(`Topic ${topic} has no partition ${partition}.`)
    return { partition, from: firstOffset(start, ends), to: ends.highWatermark }
  })
}

function firstOffset(start: ReadStart, { partition, logStartOffset, highWatermark, offset }: PartitionOffsets): number {
  if (start === "earliest") return logStartOffset
  if (start === "latest") return highWatermark
  if ("offset" in start) return start.offset
  if ("offsets" in start) return start.offsets[partition] ?? logStartOffset
  if ("tail" in start) return Math.max(logStartOffset, highWatermark - start.tail)
  // Null: no record is that young, so only those to come are.
  return offset ?? highWatermark
}
