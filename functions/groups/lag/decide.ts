import type { Watermarks } from "../../log/ports.ts"

export interface PartitionLag {
  readonly topic: string
  readonly partition: number
  /** The next offset to read; null where the group committed none. */
  readonly committedOffset: number | null
  readonly logStartOffset: number
  readonly highWatermark: number
  /** Records that can still be read from the committed offset on; null where the group committed none. */
  readonly lag: number | null
  /** Who reads it; null: nobody. */
  readonly memberId: string | null
}

/**
 * What retention removed is nobody's backlog any more. Without a committed offset nothing tells where the group would
 * start, so there is no number, as in kafka-consumer-groups (it prints `-`).
 */
export function lagOf(committed: number | null, { logStartOffset, highWatermark }: Watermarks): number | null {
  return committed === null ? null : Math.max(0, highWatermark - Math.max(committed, logStartOffset))
}

/** The sum of those that are known. */
export function totalLag(partitions: readonly PartitionLag[]): number {
  return partitions.reduce((sum, { lag }) => sum + (lag ?? 0), 0)
}
