/** Where the copy of a partition goes on, by what both sides say of themselves. */
import type { Position } from "./align.ts"
import type { Mark } from "./mark.ts"

export interface Ends {
  readonly logStartOffset: number
  readonly highWatermark: number
}

export interface PartitionState {
  readonly source: Ends
  readonly target: Ends
  /** The id of the source's topic. */
  readonly topicId: string
  readonly mark: Mark | undefined
}

export type Start =
  | { readonly kind: "begin"; readonly position: Position }
  /** All behind this place of the target has to be the source's: then go on at its end. */
  | { readonly kind: "align"; readonly from: Position }
  /** The target has to hold nothing but fillers from here on. */
  | { readonly kind: "fillers"; readonly from: number }
  /** Nothing is known of the target: its last records have to be the source's, at the same offsets. */
  | { readonly kind: "compare" }
  | { readonly kind: "refuse"; readonly reason: string }

export function decideStart({ source, target, topicId, mark }: PartitionState): Start {
  if (mark !== undefined && mark.topicId !== topicId) {
    return refuse("it is a copy of another topic, or of one that was deleted and made again under this name")
  }
  if (target.highWatermark === 0) return { kind: "begin", position: { source: 0, target: 0 } }
  return mark === undefined ? withoutMark(source, target) : behindMark(source, target, mark.position)
}

function behindMark(source: Ends, target: Ends, at: Position): Start {
  if (at.source > source.highWatermark) {
    return refuse(`the source ends at offset ${source.highWatermark}, and was copied up to ${at.source} before`)
  }
  if (at.target > target.highWatermark) {
    return refuse(`it ends at offset ${target.highWatermark}, and was written up to ${at.target} before`)
  }
  if (at.target === target.highWatermark) return { kind: "begin", position: at }
  if (at.source === at.target && target.highWatermark <= source.logStartOffset) {
    return { kind: "fillers", from: at.target }
  }
  return { kind: "align", from: at }
}

function withoutMark(source: Ends, target: Ends): Start {
  if (target.highWatermark > source.highWatermark) {
    return refuse(`it ends at offset ${target.highWatermark}, the source at ${source.highWatermark}`)
  }
  if (target.highWatermark <= source.logStartOffset) {
    return refuse(`it holds records, and the source none of these offsets any more`)
  }
  return { kind: "compare" }
}

function refuse(reason: string): Start {
  return { kind: "refuse", reason }
}
