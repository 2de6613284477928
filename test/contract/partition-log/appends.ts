/** Appending: offsets, order, atomicity, conditions. */
import { describe, expect, it } from "vitest"
import type { PartitionLog } from "../../../functions/log/ports.ts"
import { appended, appendOne, drain, entry, newPartition, newTopic, readFrom, values } from "./fixture.ts"

export function describeAppends(log: () => PartitionLog): void {
  describe("append", () => {
    it("gives dense offsets from 0", async () => {
      const partition = await newPartition(log())
      expect(await appended(log(), partition, entry(values("a", 3)))).toBe(0)
      expect(await appended(log(), partition, entry(values("b", 1)))).toBe(3)
      expect((await readFrom(log(), partition, 0)).watermarks).toEqual({ logStartOffset: 0, highWatermark: 4 })
    })

    it("keeps the order of the entries of a call, and decides each by itself", async () => {
      const partition = await newPartition(log())
      const outcomes = await log().append(partition, [
        entry(values("a", 2)),
        entry(values("b", 1), { matchOffset: 7 }),
        entry(values("c", 1), { matchOffset: 2 }),
      ])
      expect(outcomes).toEqual([
        { kind: "appended", baseOffset: 0 },
        { kind: "match_failed", nextOffset: 2 },
        { kind: "appended", baseOffset: 2 },
      ])
    })

    it("gives hundreds of concurrent appends dense offsets, each its own", async () => {
      const topicId = await newTopic(log(), 3)
      const appends = Array.from({ length: 300 }, async (_, index) => {
        const partition = { topicId, partition: index % 3 }
        const count = 1 + (index % 4)
        return {
          partition: index % 3,
          count,
          name: `n${index}.`,
          base: await appended(log(), partition, entry(values(`n${index}.`, count))),
        }
      })
      const done = await Promise.all(appends)
      for (const number of [0, 1, 2]) {
        const mine = done.filter(({ partition }) => partition === number).sort((a, b) => a.base - b.base)
        let next = 0
        const batches = await drain(log(), { topicId, partition: number })
        for (const [index, { base, count, name }] of mine.entries()) {
          expect(base).toBe(next)
          expect(batches[index]?.text).toContain(name)
          next += count
        }
      }
    })

    it("stores the batch byte for byte, but for its base offset", async () => {
      const partition = await newPartition(log())
      await appended(log(), partition, entry(values("first", 5)))
      const second = entry(values("second", 2))
      const sent = Buffer.from(second.batch).subarray(8)
      await appended(log(), partition, second)
      const [stored] = (await readFrom(log(), partition, 5)).batches
      expect(Buffer.from(stored?.bytes ?? []).subarray(8)).toEqual(sent)
    })

    it("takes batches of every size up to 4 MiB", async () => {
      const partition = await newPartition(log())
      for (const size of [0, 1, 100, 16_383, 16_384, 70_000, 1_000_000, 4 * 1024 ** 2 - 200]) {
        const base = await appended(log(), partition, entry(["x".repeat(size)]))
        const [stored] = (await readFrom(log(), partition, base, 1)).batches
        expect(stored?.bytes.length).toBeGreaterThan(size)
      }
    })

    it("knows no partition that was not made", async () => {
      const topicId = await newTopic(log(), 2)
      expect(await appendOne(log(), { topicId, partition: 2 }, entry(["x"]))).toEqual({ kind: "unknown_partition" })
    })
  })

  describe("conditions", () => {
    it("matchOffset lets one of two racing writers win", async () => {
      const partition = await newPartition(log())
      const race = await Promise.all([
        appendOne(log(), partition, entry(["a"], { matchOffset: 0 })),
        appendOne(log(), partition, entry(["b"], { matchOffset: 0 })),
      ])
      expect(race.map(({ kind }) => kind).sort()).toEqual(["appended", "match_failed"])
    })

    it("a fence refuses every other token, and lets those pass who name none", async () => {
      const partition = await newPartition(log())
      expect(await appendOne(log(), partition, entry(["x"], { fencingToken: "t1" }))).toEqual({
        kind: "fence_failed",
        fencingToken: undefined,
      })
      expect(await log().setFence(partition, undefined, "t1")).toEqual({ kind: "set" })
      expect(await appendOne(log(), partition, entry(["x"], { fencingToken: "t1" }))).toMatchObject({
        kind: "appended",
      })
      expect(await log().setFence(partition, "t0", "t2")).toEqual({ kind: "fence_failed", fencingToken: "t1" })
      expect(await log().setFence(partition, "t1", "t2")).toEqual({ kind: "set" })
      expect(await appendOne(log(), partition, entry(["x"], { fencingToken: "t1" }))).toEqual({
        kind: "fence_failed",
        fencingToken: "t2",
      })
      expect(await appendOne(log(), partition, entry(["x"]))).toMatchObject({ kind: "appended" })
      expect(await log().setFence(partition, "t2", undefined)).toEqual({ kind: "set" })
      expect(await log().describe(partition)).toMatchObject({ state: { fencingToken: undefined } })
    })
  })
}
