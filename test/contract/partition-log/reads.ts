/** Reading: every offset, every bound, by time, after records were deleted. */
import { describe, expect, it } from "vitest"
import type { PartitionLog } from "../../../functions/log/ports.ts"
import { appended, drain, entry, newPartition, readFrom, values } from "./fixture.ts"

export function describeReads(log: () => PartitionLog): void {
  const filled = async () => {
    const partition = await newPartition(log())
    for (let batch = 0; batch < 20; batch++) {
      await appended(log(), partition, entry(values(`b${batch}.`, 1 + (batch % 3)), {}, 1_000 + batch * 10))
    }
    return partition
  }

  describe("read", () => {
    it("begins with the batch that holds the offset, for each offset", async () => {
      const partition = await filled()
      const { highWatermark } = (await readFrom(log(), partition, 0)).watermarks
      for (let offset = 0; offset < highWatermark; offset++) {
        const [first] = (await readFrom(log(), partition, offset, 1)).batches
        expect(first).toBeDefined()
        expect(first && first.baseOffset <= offset && offset < first.baseOffset + first.recordCount).toBe(true)
      }
    })

    it("gives the same log in steps of any size", async () => {
      const partition = await filled()
      const whole = await drain(log(), partition)
      expect(whole).toHaveLength(20)
      for (const maxBytes of [1, 150, 1_000]) expect(await drain(log(), partition, 0, maxBytes)).toEqual(whole)
    })

    it("gives the first batch whatever its size, and stays below maxBytes with the others", async () => {
      const partition = await filled()
      expect((await readFrom(log(), partition, 0, 1)).batches).toHaveLength(1)
      const some = (await readFrom(log(), partition, 0, 500)).batches
      expect(some.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThanOrEqual(500)
      expect(some.length).toBeGreaterThan(1)
    })

    it("gives no more batches than hold the asked records", async () => {
      const partition = await filled()
      for (const maxRecords of [1, 2, 3, 7]) {
        const outcome = await log().read(partition, { offset: 1, maxBytes: 1_000_000, maxRecords })
        if (outcome.kind !== "batches") throw new Error(outcome.kind)
        const without = outcome.batches
          .slice(0, -1)
          .reduce((sum, { baseOffset, recordCount }) => sum + Math.min(recordCount, baseOffset + recordCount - 1), 0)
        const withLast = outcome.batches.reduce(
          (sum, { baseOffset, recordCount }) => sum + Math.min(recordCount, baseOffset + recordCount - 1),
          0,
        )
        expect(without).toBeLessThan(maxRecords)
        expect(withLast).toBeGreaterThanOrEqual(maxRecords)
      }
    })

    it("at the end is empty, beyond it refused", async () => {
      const partition = await filled()
      const { highWatermark } = (await readFrom(log(), partition, 0)).watermarks
      expect((await readFrom(log(), partition, highWatermark)).batches).toEqual([])
      expect(await log().read(partition, { offset: highWatermark + 1, maxBytes: 1 })).toEqual({
        kind: "beyond_end",
        watermarks: { logStartOffset: 0, highWatermark },
      })
    })

    it("finds the first batch that is young enough", async () => {
      const partition = await filled()
      for (const [timestamp, due] of [
        [0, 1_000],
        [1_000, 1_000],
        [1_001, 1_010],
        [1_190, 1_190],
      ] as const) {
        expect(await log().findByTimestamp(partition, timestamp)).toMatchObject({
          kind: "batch",
          batch: { maxTimestamp: due },
        })
      }
      expect(await log().findByTimestamp(partition, 1_191)).toMatchObject({ kind: "none" })
    })

    it("finds by time in a log whose timestamps go back", async () => {
      const partition = await newPartition(log())
      for (const timestamp of [50, 20, 90, 10]) await appended(log(), partition, entry(["x"], {}, timestamp))
      expect(await log().findByTimestamp(partition, 30)).toMatchObject({ batch: { baseOffset: 0 } })
      expect(await log().findByTimestamp(partition, 60)).toMatchObject({ batch: { baseOffset: 2 } })
    })
  })

  describe("moving the log start", () => {
    it("makes what is below unreadable, says where the log begins, and never goes back", async () => {
      const partition = await filled()
      const { highWatermark } = (await readFrom(log(), partition, 0)).watermarks
      expect(await log().moveLogStart(partition, 7)).toEqual({ kind: "moved", logStartOffset: 7 })
      expect(await log().moveLogStart(partition, 3)).toEqual({ kind: "moved", logStartOffset: 7 })
      const watermarks = { logStartOffset: 7, highWatermark }
      expect(await log().read(partition, { offset: 6, maxBytes: 1 })).toEqual({ kind: "below_start", watermarks })
      const [first] = (await readFrom(log(), partition, 7)).batches
      expect(first && first.baseOffset <= 7 && first.baseOffset + first.recordCount > 7).toBe(true)
      expect(await log().moveLogStart(partition, highWatermark + 1)).toEqual({ kind: "beyond_end", watermarks })
      expect(await log().findByTimestamp(partition, 0)).toMatchObject({ kind: "batch" })
    })

    it("up to the end leaves an empty log that goes on counting", async () => {
      const partition = await filled()
      const { highWatermark } = (await readFrom(log(), partition, 0)).watermarks
      await log().moveLogStart(partition, highWatermark)
      expect(await log().findByTimestamp(partition, 0)).toMatchObject({ kind: "none" })
      expect(await log().describe(partition)).toMatchObject({ state: { sizeInBytes: 0 } })
      expect(await appended(log(), partition, entry(["next"]))).toBe(highWatermark)
      expect(await drain(log(), partition, highWatermark)).toHaveLength(1)
    })
  })
}
