/** Making, deleting, and opening again. */
import { randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import type { PartitionLog } from "../../../functions/log/ports.ts"
import { appended, appendOne, drain, entry, newPartition, newTopic, readFrom, values } from "./fixture.ts"

export function describePartitions(log: () => PartitionLog): void {
  describe("partitions", () => {
    it("are made once, and more of them later", async () => {
      const topicId = await newTopic(log(), 1)
      await appended(log(), { topicId, partition: 0 }, entry(["x"]))
      await log().createPartitions(topicId, 1)
      await log().createPartitions(topicId, 3)
      expect((await readFrom(log(), { topicId, partition: 0 }, 0)).watermarks.highWatermark).toBe(1)
      expect(await appended(log(), { topicId, partition: 2 }, entry(["y"]))).toBe(0)
    })

    it("of a deleted topic are unknown to every call", async () => {
      const partition = await newPartition(log())
      await appended(log(), partition, entry(["x"]))
      await log().deletePartitions(partition.topicId)
      await log().deletePartitions(partition.topicId)
      const unknown = { kind: "unknown_partition" }
      expect(await appendOne(log(), partition, entry(["x"]))).toEqual(unknown)
      expect(await log().read(partition, { offset: 0, maxBytes: 1 })).toEqual(unknown)
      expect(await log().findByTimestamp(partition, 0)).toEqual(unknown)
      expect(await log().describe(partition)).toEqual(unknown)
      expect(await log().moveLogStart(partition, 0)).toEqual(unknown)
      expect(await log().setFence(partition, undefined, "t")).toEqual(unknown)
    })

    it("of a topic that never was can be deleted", async () => {
      expect(await log().deletePartitions(randomUUID())).toEqual({ kind: "done" })
    })

    it("answer appends that race their deletion with success or unknown, never otherwise", async () => {
      const partition = await newPartition(log())
      const race = [
        ...Array.from({ length: 20 }, () => appendOne(log(), partition, entry(["x"]))),
        log().deletePartitions(partition.topicId),
        ...Array.from({ length: 20 }, () => appendOne(log(), partition, entry(["x"]))),
      ]
      for (const { kind } of await Promise.all(race)) {
        expect(["appended", "unknown_partition", "done"]).toContain(kind)
      }
    })
  })
}

export function describeReopening(log: () => PartitionLog, reopen: () => Promise<void>): void {
  describe("opened again", () => {
    it("has everything: records, log start, fence, producers, empty partitions", async () => {
      const topicId = await newTopic(log(), 3)
      const partition = { topicId, partition: 1 }
      for (let batch = 0; batch < 30; batch++) {
        const producer = { id: 5, epoch: 2, sequence: batch * 2 }
        await appended(log(), partition, entry(values(`b${batch}.`, 2), { producer }))
      }
      await log().moveLogStart(partition, 11)
      await log().setFence(partition, undefined, "token")
      const before = await drain(log(), partition, 11)
      const state = await log().describe(partition)
      for (let round = 0; round < 3; round++) {
        await reopen()
        expect(await drain(log(), partition, 11)).toEqual(before)
        expect(await log().describe(partition)).toEqual(state)
        expect(await log().describe({ topicId, partition: 0 })).toMatchObject({ state: { highWatermark: 0 } })
        const retry = entry(values("b29.", 2), { producer: { id: 5, epoch: 2, sequence: 58 } })
        expect(await appendOne(log(), partition, retry)).toMatchObject({ kind: "duplicate", baseOffset: 58 })
        const old = entry(["old"], { producer: { id: 5, epoch: 1, sequence: 0 } })
        expect(await appendOne(log(), partition, old)).toEqual({ kind: "stale_epoch", epoch: 2 })
      }
      expect(await appended(log(), partition, entry(["next"], { fencingToken: "token" }))).toBe(60)
    })

    it("has forgotten deleted topics", async () => {
      const partition = await newPartition(log())
      await appended(log(), partition, entry(["x"]))
      await log().deletePartitions(partition.topicId)
      await reopen()
      expect(await log().describe(partition)).toEqual({ kind: "unknown_partition" })
    })
  })
}
