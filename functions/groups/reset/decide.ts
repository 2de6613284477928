/** Where a reset puts a partition's committed offset, as far as its log and the group tell. */
import type { Watermarks } from "../../log/ports.ts"

export type ResetTo =
  | { readonly kind: "earliest" }
  | { readonly kind: "latest" }
  | { readonly kind: "offset"; readonly offset: number }
  /** The first record that is so old or younger; epoch milliseconds. */
  | { readonly kind: "timestamp"; readonly timestamp: number }
  /** So many records on, or back where negative. */
  | { readonly kind: "shift"; readonly records: number }

export interface PartitionFacts extends Watermarks {
  /** Null: the group committed none. */
  readonly committedOffset: number | null
  /** Of the first record that is young enough, where a time was asked for; null: none is. */
  readonly offsetAtTime: number | null
}

/** Always an offset that can be read, or the end. Undefined: there is nothing to shift. */
export function resetOffset(to: ResetTo, facts: PartitionFacts): number | undefined {
  const { logStartOffset, highWatermark, committedOffset } = facts
  const within = (offset: number) => Math.min(Math.max(offset, logStartOffset), highWatermark)
  switch (to.kind) {
    case "earliest":
      return logStartOffset
    case "latest":
      return highWatermark
    case "offset":
      return within(to.offset)
    case "timestamp":
      return within(facts.offsetAtTime ?? highWatermark)
    case "shift":
      return committedOffset === null ? undefined : within(committedOffset + to.records)
  }
}
