import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { commitOffsets } from "../../../functions/groups/commit/commit-offsets.ts"
import { deleteGroup } from "../../../functions/groups/delete/delete-group.ts"
import type { GroupDependencies } from "../../../functions/groups/dependencies.ts"
import { describeGroup } from "../../../functions/groups/describe/describe-group.ts"
import { GroupChanges } from "../../../functions/groups/group-changes.ts"
import { groupLag } from "../../../functions/groups/lag/group-lag.ts"
import { listGroups } from "../../../functions/groups/list/list-groups.ts"
import { fetchOffsets } from "../../../functions/groups/offsets/fetch-offsets.ts"
import type { Unavailable } from "../../../functions/log/ports.ts"
import { createTopic } from "../../../functions/topics/create/create-topic.ts"
import { deleteTopic } from "../../../functions/topics/delete/delete-topic.ts"
import type { TopicOffsets } from "../../../functions/topics/ports.ts"
import { appendRecords, openTemporaryStorage, type TemporaryStorage } from "../../fakes/temporary-storage.ts"

const FAILED: Unavailable = {
  kind: "unavailable",
  reason: "storage_failed",
  sideEffects: "unknown",
  detail: "for the test",
}

describe("groups", () => {
  let storage: TemporaryStorage & Pick<GroupDependencies, "changes" | "pause">
  let orders: string
  beforeEach(async () => {
    storage = { ...openTemporaryStorage(), changes: new GroupChanges(), pause: async () => {} }
    orders = await create("orders", 3)
    await appendRecords(storage.log, orders, 0, 10)
    await appendRecords(storage.log, orders, 1, 5)
  })
  afterEach(() => storage.dispose())

  async function create(name: string, partitions: number): Promise<string> {
    const result = await createTopic(storage, { name, partitions, config: {} })
    if (result.kind !== "created") throw new Error(result.kind)
    return result.topic.id
  }
  const commit = (partition: number, offset: number, topic = "orders") => ({ topic, partition, offset, metadata: "" })
  const stored = (partition: number, offset: number) => ({
    partition: { topicId: orders, partition },
    topic: "orders",
    offset,
    metadata: "",
    committedAt: storage.clock.time,
  })

  describe("commit", () => {
    it("writes all of a call, and says what", async () => {
      const offsets = [stored(1, 5), stored(0, 3)]
      expect(await commitOffsets(storage, "billing", [commit(1, 5), commit(0, 3)])).toEqual({
        kind: "committed",
        offsets,
      })
      expect(await fetchOffsets(storage, "billing")).toEqual({ kind: "offsets", offsets: offsets.toReversed() })
    })

    it("can be sent again after a lost answer", async () => {
      await commitOffsets(storage, "billing", [commit(0, 3)])
      expect(await commitOffsets(storage, "billing", [commit(0, 3)])).toMatchObject({ kind: "committed" })
    })

    it("writes nothing where an entry is refused, and tells all that are", async () => {
      const call = [commit(0, 3), commit(0, 0, "none"), commit(3, 0), commit(1, 6), commit(0, 4)]
      expect(await commitOffsets(storage, "billing", call)).toEqual({
        kind: "refused",
        refusals: [
          { index: 1, topic: "none", partition: 0, kind: "topic_not_found" },
          { index: 2, topic: "orders", partition: 3, kind: "partition_not_found", partitions: 3 },
          { index: 3, topic: "orders", partition: 1, kind: "beyond_end", highWatermark: 5 },
          { index: 4, topic: "orders", partition: 0, kind: "named_twice" },
        ],
      })
      expect(await fetchOffsets(storage, "billing")).toEqual({ kind: "group_not_found", group: "billing" })
    })

    it("never moves back, and tells where the group is", async () => {
      await commitOffsets(storage, "billing", [commit(0, 3), commit(1, 3)])
      expect(await commitOffsets(storage, "billing", [commit(0, 9), commit(1, 2)])).toEqual({
        kind: "refused",
        refusals: [{ index: 1, topic: "orders", partition: 1, kind: "regressed", committed: 3 }],
      })
      expect(await fetchOffsets(storage, "billing")).toEqual({ kind: "offsets", offsets: [stored(0, 3), stored(1, 3)] })
    })

    it("does not find a topic that is deleted while it looks", async () => {
      const log = { ...storage.log, describe: () => ({ kind: "unknown_partition" }) as const }
      const refusals = [{ index: 0, topic: "orders", partition: 0, kind: "topic_not_found" }]
      expect(await commitOffsets({ ...storage, log }, "billing", [commit(0, 3)])).toEqual({ kind: "refused", refusals })
    })

    it("passes on what storage could not do: a look changed nothing, a write may have", async () => {
      const log = { ...storage.log, describe: () => FAILED }
      const looked = await commitOffsets({ ...storage, log }, "billing", [commit(0, 3)])
      expect(looked).toEqual({ ...FAILED, sideEffects: "none" })
      const groups = { ...storage.groups, commit: () => FAILED }
      expect(await commitOffsets({ ...storage, groups }, "billing", [commit(0, 3)])).toEqual(FAILED)
    })
  })

  describe("committed offsets", () => {
    it("come by topic name and partition, of one topic where asked", async () => {
      await create("a-topic", 1)
      await commitOffsets(storage, "billing", [commit(1, 1), commit(0, 1), commit(0, 0, "a-topic")])
      const all = await fetchOffsets(storage, "billing")
      const found = all.kind === "offsets" ? all.offsets : []
      expect(found.map((each) => `${each.topic}/${each.partition.partition}`)).toEqual([
        "a-topic/0",
        "orders/0",
        "orders/1",
      ])
      const filtered = await fetchOffsets(storage, "billing", { topic: "orders" })
      expect(filtered).toEqual({ kind: "offsets", offsets: found.slice(1) })
      expect(await fetchOffsets(storage, "billing", { topic: "none" })).toEqual({ kind: "offsets", offsets: [] })
    })

    it("of a deleted topic are not shown, even where it was made again and they are not forgotten yet", async () => {
      await create("other", 1)
      await commitOffsets(storage, "billing", [commit(0, 3), commit(0, 0, "other")])
      const groups: TopicOffsets = { forgetTopic: () => FAILED }
      await deleteTopic({ ...storage, groups }, "orders")
      await create("orders", 3)
      const found = await fetchOffsets(storage, "billing")
      expect(found).toMatchObject({ kind: "offsets", offsets: [{ topic: "other" }] })
      expect(await describeGroup(storage, "billing")).toMatchObject({ topics: ["other"] })
      expect(await groupLag(storage, "billing")).toMatchObject({ partitions: [{ topic: "other" }] })
      expect(await commitOffsets(storage, "billing", [commit(0, 0)])).toMatchObject({ kind: "committed" })
    })
  })

  describe("lag", () => {
    it("is told for every partition of the group's topics", async () => {
      await commitOffsets(storage, "billing", [commit(0, 3), commit(1, 1)])
      await storage.log.moveLogStart({ topicId: orders, partition: 1 }, 2)
      const row = { topic: "orders", logStartOffset: 0, memberId: null }
      expect(await groupLag(storage, "billing")).toEqual({
        kind: "lag",
        partitions: [
          { ...row, partition: 0, committedOffset: 3, highWatermark: 10, lag: 7 },
          { ...row, partition: 1, committedOffset: 1, logStartOffset: 2, highWatermark: 5, lag: 3 },
          { ...row, partition: 2, committedOffset: null, highWatermark: 0, lag: null },
        ],
        totalLag: 10,
      })
    })

    it("leaves out what is deleted while it looks, and passes on what storage could not do", async () => {
      await commitOffsets(storage, "billing", [commit(0, 3)])
      const gone = { ...storage.log, describe: () => ({ kind: "unknown_partition" }) as const }
      expect(await groupLag({ ...storage, log: gone }, "billing")).toEqual({ kind: "lag", partitions: [], totalLag: 0 })
      const log = { ...storage.log, describe: () => FAILED }
      expect(await groupLag({ ...storage, log }, "billing")).toEqual({ ...FAILED, sideEffects: "none" })
    })
  })

  it("are listed, described and deleted", async () => {
    for (const group of ["b", "a", "c"]) await commitOffsets(storage, group, [commit(0, 1)])
    expect(await listGroups(storage, { limit: 2 })).toEqual({ kind: "page", groups: ["a", "b"], next: "b" })
    expect(await listGroups(storage, { limit: 2, after: "b" })).toEqual({ kind: "page", groups: ["c"] })
    expect(await describeGroup(storage, "a")).toEqual({
      kind: "group",
      group: "a",
      state: "Empty",
      epoch: 0,
      assignor: null,
      topics: ["orders"],
      members: [],
    })
    expect(await deleteGroup(storage, "a")).toEqual({ kind: "deleted" })
    for (const call of [deleteGroup, describeGroup, fetchOffsets, groupLag]) {
      expect(await call(storage, "a")).toEqual({ kind: "group_not_found", group: "a" })
    }
  })

  it("that cannot be read are unavailable, not missing", async () => {
    const groups = { ...storage.groups, read: () => FAILED }
    for (const call of [describeGroup, fetchOffsets, groupLag]) {
      expect(await call({ ...storage, groups }, "a")).toEqual(FAILED)
    }
  })
})
