/** Where the segments of a partition lie among the objects. */
import type { PartitionRef } from "../../log/ports.ts"

/** 2^53 has 16 digits; 20 is Kafka's width, and keeps the keys in the order of the offsets. */
const OFFSET_DIGITS = 20

/** All segments of all topics. */
export const SEGMENTS_PREFIX = "segments/"

export function topicPrefix(topicId: string): string {
  return `${SEGMENTS_PREFIX}${topicId}/`
}

export function partitionPrefix({ topicId, partition }: PartitionRef): string {
  return `${topicPrefix(topicId)}${partition}/`
}

/** `unique` is made for one put alone: two writers of one stretch never write the same object. */
export function segmentKey(partition: PartitionRef, baseOffset: number, unique: string): string {
  return `${partitionPrefix(partition)}${String(baseOffset).padStart(OFFSET_DIGITS, "0")}-${unique}.log`
}

/** The base offset of the only segment that may name this object; undefined where the key is none of ours. */
export function baseOffsetOf(key: string): number | undefined {
  const match = /\/(\d{20})-[^/]+\.log$/.exec(key)
  return match?.[1] === undefined ? undefined : Number(match[1])
}
