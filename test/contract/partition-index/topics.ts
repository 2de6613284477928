import { randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import { append, committed, headOf, type Index, newEntry } from "./fixture.ts"

const DONE = { kind: "done" }
const UNKNOWN = { kind: "unknown_partition" }

export function describeTopics(index: Index): void {
  describe("the heads of a topic", () => {
    it("are made where they are missing, and keep what they hold", async () => {
      const topicId = randomUUID()
      expect(await index().topicPartitions(topicId)).toEqual({ kind: "none" })
      expect(await index().createHeads(topicId, 2)).toEqual(DONE)
      committed(await append(index(), { topicId, partition: 1 }, newEntry(3)))
      expect(await index().createHeads(topicId, 120)).toEqual(DONE)
      expect((await headOf(index(), { topicId, partition: 1 })).nextOffset).toBe(3)
      expect((await headOf(index(), { topicId, partition: 119 })).nextOffset).toBe(0)
      expect(await index().head({ topicId, partition: 120 })).toEqual(UNKNOWN)
      expect(await index().createHeads(topicId, 2)).toEqual(DONE)
      expect(await index().topicPartitions(topicId)).toEqual({ kind: "partitions", count: 120, deleted: false })
    })

    it("may be made by several at once", async () => {
      const topicId = randomUUID()
      const outcomes = await Promise.all([60, 120, 90].map((count) => index().createHeads(topicId, count)))
      expect(outcomes).toEqual([DONE, DONE, DONE])
      expect(await index().topicPartitions(topicId)).toEqual({ kind: "partitions", count: 120, deleted: false })
      for (const partition of [0, 59, 89, 119]) await headOf(index(), { topicId, partition })
    })

    it("are gone once deleted, and never come back", async () => {
      const [topicId, other] = [randomUUID(), randomUUID()]
      await index().createHeads(topicId, 30)
      await index().createHeads(other, 1)
      committed(await append(index(), { topicId, partition: 29 }))
      expect(await index().deleteHeads(topicId)).toEqual(DONE)
      for (const partition of [0, 29]) expect(await index().head({ topicId, partition })).toEqual(UNKNOWN)
      expect(await index().createHeads(topicId, 31)).toEqual(DONE)
      for (const partition of [0, 30]) expect(await index().head({ topicId, partition })).toEqual(UNKNOWN)
      expect(await index().deleteHeads(topicId)).toEqual(DONE)
      expect(await index().topicPartitions(topicId)).toEqual({ kind: "partitions", count: 30, deleted: true })
      await headOf(index(), { topicId: other, partition: 0 })
    })

    it("of a topic being made while it is deleted are gone in the end", async () => {
      const topicId = randomUUID()
      const making = [40, 80, 120].map((count) => index().createHeads(topicId, count))
      expect(await index().deleteHeads(topicId)).toEqual(DONE)
      await Promise.all(making)
      for (let partition = 0; partition < 120; partition += 13) {
        expect(await index().head({ topicId, partition })).toEqual(UNKNOWN)
      }
    })
  })

  describe("deleted topics", () => {
    it("are listed until they are forgotten", async () => {
      const topicIds = [randomUUID(), randomUUID(), randomUUID()]
      for (const topicId of topicIds) await index().createHeads(topicId, 1)
      for (const topicId of topicIds.slice(1)) await index().deleteHeads(topicId)
      expect(await listed()).toEqual(expect.arrayContaining(topicIds.slice(1)))
      expect(await listed()).not.toContain(topicIds[0])
      expect(await index().deletedTopics(1)).toMatchObject({ topicIds: [expect.any(String)] })
      for (const topicId of topicIds.slice(1)) expect(await index().forgetTopic(topicId)).toEqual(DONE)
      for (const topicId of topicIds.slice(1)) {
        expect(await listed()).not.toContain(topicId)
        expect(await index().topicPartitions(topicId)).toEqual({ kind: "none" })
        expect(await index().forgetTopic(topicId)).toEqual(DONE)
      }
    })

    async function listed(): Promise<readonly string[]> {
      const outcome = await index().deletedTopics(1_000)
      return outcome.kind === "topics" ? outcome.topicIds : []
    }
  })
}
