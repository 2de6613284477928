/**
 * A segment's item: its base offset in the sort key.
 *   e end offset, k object key, b bytes, c CRC-32C, m max timestamp, t created at, o compacted to (absent for 0), v version
 *   x index points, each as it differs from the one before: offset, position: varints, max timestamp before: signed
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb"
import type { IndexPoint, Segment } from "../../../../segments/ports.ts"
import { number, readBytes, readCount, readNumber, readText } from "./attributes.ts"
import { BlobReader, BlobWriter } from "./bytes.ts"
import type { Item } from "./item-size.ts"

/** All but the key. */
export function encodeSegment(segment: Segment): Record<string, AttributeValue> {
  return {
    e: number(segment.endOffset),
    k: { S: segment.objectKey },
    b: number(segment.bytes),
    c: number(segment.crc32c),
    m: number(segment.maxTimestamp),
    t: number(segment.createdAt),
    ...(segment.compactedTo > 0 && { o: number(segment.compactedTo) }),
    v: number(segment.version),
    x: { B: encodePoints(segment.points) },
  }
}

/** Throws a RangeError for an item that is no segment. */
export function decodeSegment(item: Item): Segment {
  return {
    baseOffset: Number(readText(item, "sk")),
    endOffset: readNumber(item, "e"),
    objectKey: readText(item, "k"),
    bytes: readNumber(item, "b"),
    crc32c: readNumber(item, "c"),
    maxTimestamp: readNumber(item, "m"),
    createdAt: readNumber(item, "t"),
    compactedTo: readCount(item, "o"),
    points: decodePoints(readBytes(item, "x")),
    version: readNumber(item, "v"),
  }
}

/** Throws a RangeError for points that do not ascend. */
export function encodePoints(points: readonly IndexPoint[]): Uint8Array<ArrayBuffer> {
  const writer = new BlobWriter()
  let before: IndexPoint = { offset: 0, position: 0, maxTimestampBefore: 0 }
  for (const point of points) {
    writer.varint(point.offset - before.offset)
    writer.varint(point.position - before.position)
    writer.signed(point.maxTimestampBefore - timestampBase(before))
    before = point
  }
  return writer.done()
}

export function decodePoints(bytes: Uint8Array): readonly IndexPoint[] {
  const reader = new BlobReader(bytes)
  const points: IndexPoint[] = []
  let before: IndexPoint = { offset: 0, position: 0, maxTimestampBefore: 0 }
  while (reader.left > 0) {
    before = {
      offset: before.offset + reader.varint(),
      position: before.position + reader.varint(),
      maxTimestampBefore: timestampBase(before) + reader.signed(),
    }
    points.push(before)
  }
  return points
}

/** The first point has nothing before it, and so a timestamp too far from the next for their difference to be exact. */
function timestampBase({ maxTimestampBefore }: IndexPoint): number {
  return Math.max(maxTimestampBefore, 0)
}
