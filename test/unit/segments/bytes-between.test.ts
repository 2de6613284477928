import { describe, expect, it } from "vitest"
import { bytesBetween } from "../../../functions/segments/read/bytes-between.ts"
import { batchesOf, partition, segmentStorage, storeSegment } from "./fixture.ts"

const KiB = 1024
const shapes = Array.from({ length: 32 }, () => ({ records: 1, bytes: 8 * KiB, timestamp: 1000 }))

describe("bytes between two offsets of segments", () => {
  it("are all bytes over whole segments, and as many as the sparse index tells within one", async () => {
    const storage = segmentStorage()
    const first = await storeSegment(storage, batchesOf(shapes))
    const second = await storeSegment(storage, batchesOf(shapes, 32))
    expect(await bytesBetween(storage, partition, 0, 64)).toBe(first.bytes + second.bytes)
    expect(await bytesBetween(storage, partition, 32, 64)).toBe(second.bytes)
    expect(await bytesBetween(storage, partition, 5, 5)).toBe(0)
    const points = second.points
    expect(points.length).toBeGreaterThan(2)
    const middle = points[1]
    if (middle === undefined) throw new Error("no point")
    expect(await bytesBetween(storage, partition, 0, middle.offset)).toBe(first.bytes + middle.position)
    expect(await bytesBetween(storage, partition, middle.offset, 64)).toBe(second.bytes - middle.position)
  })

  it("are missing where no segment reaches", async () => {
    const storage = segmentStorage()
    await storeSegment(storage, batchesOf(shapes))
    expect(await bytesBetween(storage, partition, 0, 33)).toEqual({ kind: "missing" })
  })
})
