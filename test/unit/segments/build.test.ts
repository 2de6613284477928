import { Reader, readRecordsBatches } from "@platformatic/kafka"
import { describe, expect, it } from "vitest"
import { blockAt } from "../../../functions/segments/segment/blocks.ts"
import { buildSegment } from "../../../functions/segments/segment/build.ts"
import { baseOffsetOf, partitionPrefix, segmentKey } from "../../../functions/segments/segment/object-key.ts"
import { MAX_POINTS } from "../../../functions/segments/segment/sparse-points.ts"
import { batchesOf, codecs, partition } from "./fixture.ts"

const place = { objectKey: "segments/t/0/x.log", createdAt: 5, compactedTo: 0, version: 1 }

describe("a segment", () => {
  it("is a Kafka log file: batches one after another, their offsets in them", () => {
    const batches = batchesOf(
      [
        { records: 3, bytes: 10, timestamp: 100 },
        { records: 1, bytes: 200, timestamp: 90 },
        { records: 2, bytes: 0, timestamp: 300 },
      ],
      2 ** 33,
    )
    const { segment, parts } = buildSegment(
      batches,
      { ...place, baseOffset: 2 ** 33, endOffset: 2 ** 33 + 6 },
      codecs.crc32c,
    )
    const file = Buffer.concat(parts)
    expect(segment).toMatchObject({ bytes: file.length, crc32c: codecs.crc32c(file), maxTimestamp: 301 })
    const read = readRecordsBatches(Reader.from(file))
    expect(read.map(({ firstOffset, records }) => [Number(firstOffset), records.length])).toEqual([
      [2 ** 33, 3],
      [2 ** 33 + 3, 1],
      [2 ** 33 + 4, 2],
    ])
  })

  it("has a point at the first batch and others as far apart as 256 of them allow", () => {
    for (const [count, bytes] of [
      [1, 10],
      [40, 10_000],
      [3000, 10_000],
    ] as const) {
      const shapes = Array.from({ length: count }, (_, index) => ({
        records: 2,
        bytes: bytes / 2,
        timestamp: 1000 - index,
      }))
      const batches = batchesOf(shapes)
      const { segment } = buildSegment(batches, { ...place, baseOffset: 0, endOffset: 2 * count }, codecs.crc32c)
      const { points } = segment
      expect(points[0]).toMatchObject({ offset: 0, position: 0 })
      expect(points.length).toBeLessThanOrEqual(MAX_POINTS)
      const spacing = Math.max(64 * 1024, (2 * segment.bytes) / MAX_POINTS)
      for (let index = 0; index < points.length; index++) {
        const block = blockAt(segment, index)
        expect((block?.end ?? 0) - (block?.start ?? 0)).toBeLessThan(2 * spacing + 11_000)
      }
    }
  })

  it("says at each point the greatest time before it", () => {
    const shapes = Array.from({ length: 100 }, (_, index) => ({
      records: 1,
      bytes: 20_000,
      timestamp: (index * 37) % 100,
    }))
    const batches = batchesOf(shapes)
    const { segment } = buildSegment(batches, { ...place, baseOffset: 0, endOffset: 100 }, codecs.crc32c)
    expect(segment.points.length).toBeGreaterThan(20)
    for (const { offset, maxTimestampBefore } of segment.points) {
      const before = batches.filter(({ baseOffset }) => baseOffset < offset).map(({ maxTimestamp }) => maxTimestamp)
      expect(maxTimestampBefore).toBe(Math.max(Number.MIN_SAFE_INTEGER, ...before))
    }
  })
})

describe("the key of a segment's object", () => {
  it("sorts by offset and says which segment may name it", () => {
    const keys = [0, 9, 10, 2 ** 53 - 1].map((offset) => segmentKey(partition, offset, "0198-ab"))
    expect(keys).toEqual([...keys].sort())
    expect(keys.map(baseOffsetOf)).toEqual([0, 9, 10, 2 ** 53 - 1])
    expect(keys.every((key) => key.startsWith(partitionPrefix(partition)) && /^[a-z0-9/.-]+$/.test(key))).toBe(true)
    expect(baseOffsetOf(`${partitionPrefix(partition)}other`)).toBeUndefined()
  })
})
