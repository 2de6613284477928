/** A segment in blocks: whole batches from one point of its sparse index to the next. */
import type { Segment } from "../ports.ts"

export interface Block {
  /** The base offset of its first batch. */
  readonly offset: number
  /** Bytes of the object. */
  readonly start: number
  readonly end: number
  /** The offset that no batch of the block passes: the next block's first, or the segment's end. */
  readonly endOffset: number
  readonly isLast: boolean
}

export function blockAt({ points, bytes, endOffset }: Segment, index: number): Block | undefined {
  const point = points[index]
  if (point === undefined) return undefined
  const following = points[index + 1]
  return {
    offset: point.offset,
    start: point.position,
    end: following?.position ?? bytes,
    endOffset: following?.offset ?? endOffset,
    isLast: following === undefined,
  }
}

/** The block in which the batch that holds `offset` begins, or the last batch before a gap that holds it. */
export function blockOfOffset({ points }: Segment, offset: number): number {
  return Math.max(
    0,
    lastWhere(points.length, (index) => (points[index]?.offset ?? 0) <= offset),
  )
}

/** The first block that can hold a batch with a maximum timestamp of `timestamp` or more, if the segment does. */
export function blockOfTimestamp({ points }: Segment, timestamp: number): number {
  return Math.max(
    0,
    lastWhere(points.length, (index) => (points[index]?.maxTimestampBefore ?? 0) < timestamp),
  )
}

/** The greatest index below `count` where `holds`, which is true up to some index and false from there on; -1: none. */
function lastWhere(count: number, holds: (index: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) low = middle + 1
    else high = middle
  }
  return low - 1
}
