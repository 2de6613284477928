import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { Unavailable } from "../../../functions/log/ports.ts"
import { alterTopic } from "../../../functions/topics/alter/alter-topic.ts"
import { createTopic } from "../../../functions/topics/create/create-topic.ts"
import { deleteTopic } from "../../../functions/topics/delete/delete-topic.ts"
import { removeOrphans } from "../../../functions/topics/delete/remove-orphans.ts"
import { describeTopic } from "../../../functions/topics/describe/describe-topic.ts"
import { listTopics } from "../../../functions/topics/list/list-topics.ts"
import type { Topic, TopicStore } from "../../../functions/topics/ports.ts"
import { openTemporaryStorage, type TemporaryStorage } from "../../fakes/temporary-storage.ts"

const FAILED = { kind: "unavailable", reason: "storage_failed", detail: "for the test" } as const
const failed = (sideEffects: Unavailable["sideEffects"]): Unavailable => ({ ...FAILED, sideEffects })

describe("topics", () => {
  let storage: TemporaryStorage
  beforeEach(() => {
    storage = openTemporaryStorage()
  })
  afterEach(() => storage.dispose())

  const orders = { name: "orders", partitions: 3, config: { "retention.ms": 5 } }
  const partitionsOf = async (topicId: string, upTo = 20): Promise<number> => {
    const outcomes = Array.from({ length: upTo }, (_, partition) => storage.log.describe({ topicId, partition }))
    return (await Promise.all(outcomes)).filter(({ kind }) => kind === "partition").length
  }
  const createOrders = async (): Promise<Topic> => {
    const result = await createTopic(storage, orders)
    if (result.kind !== "created") throw new Error(result.kind)
    return result.topic
  }
  /** The store with another topic written just before each call of `method`. */
  const outrun = (method: "create" | "replace", write: () => unknown): TopicStore => ({
    ...storage.topics,
    [method]: async (topic: Topic) => {
      await write()
      return storage.topics[method](topic)
    },
  })

  describe("create", () => {
    it("makes the topic and its partitions", async () => {
      const topic = await createOrders()
      const { time: createdAt } = storage.clock
      expect(topic).toEqual({ ...orders, id: topic.id, createdAt, version: 1 })
      expect(await storage.topics.get("orders")).toEqual(topic)
      expect(await partitionsOf(topic.id)).toBe(3)
    })

    it("is idempotent, and refuses another topic under the name", async () => {
      const topic = await createOrders()
      expect(await createTopic(storage, orders)).toEqual({ kind: "exists", topic })
      const other = { ...orders, partitions: 4 }
      const differences = [{ setting: "partitions", existing: 3, asked: 4 }]
      expect(await createTopic(storage, other)).toEqual({ kind: "conflict", topic, differences })
    })

    it("takes the winner's topic where two create at once, and leaves no partitions of its own", async () => {
      for (const [partitions, kind] of [
        [3, "exists"],
        [4, "conflict"],
      ] as const) {
        const name = `orders-${partitions}`
        let winner: Topic | undefined
        const topics = outrun("create", async () => {
          const result = await createTopic(storage, { ...orders, name })
          if (result.kind === "created") winner = result.topic
        })
        let loserId = ""
        const ids = { next: () => (loserId = storage.ids.next()) }
        const result = await createTopic({ ...storage, topics, ids }, { ...orders, name, partitions })
        expect(result).toMatchObject({ kind, topic: winner })
        expect(await partitionsOf(loserId)).toBe(0)
        expect(await partitionsOf(winner?.id ?? "")).toBe(3)
      }
    })

    it("promises no side effects where only the partitions failed", async () => {
      const log = { ...storage.log, createPartitions: async () => failed("unknown") }
      expect(await createTopic({ ...storage, log }, orders)).toEqual(failed("none"))
      expect(await storage.topics.get("orders")).toBeUndefined()
    })

    it("keeps the partitions where the topic may be there, and drops them where it is not", async () => {
      for (const [sideEffects, partitions] of [
        ["unknown", 3],
        ["none", 0],
      ] as const) {
        let id = ""
        const ids = { next: () => (id = storage.ids.next()) }
        const topics = { ...storage.topics, create: () => failed(sideEffects) }
        expect(await createTopic({ ...storage, topics, ids }, orders)).toEqual(failed(sideEffects))
        expect(await partitionsOf(id)).toBe(partitions)
      }
    })
  })

  describe("describe and list", () => {
    it("tell what is in force, and what of it was set on purpose", async () => {
      const topic = await createOrders()
      const found = await describeTopic(storage, "orders")
      expect(found).toMatchObject({ kind: "topic", topic, overrides: ["retention.ms"] })
      expect(found.kind === "topic" && found.config).toMatchObject({ "retention.ms": 5, "cleanup.policy": "delete" })
      expect(await describeTopic(storage, "none")).toEqual({ kind: "topic_not_found", topic: "none" })
    })

    it("list page by page", async () => {
      for (const name of ["b", "a2", "a1", "a3"]) await createTopic(storage, { ...orders, name })
      const first = await listTopics(storage, { prefix: "a", limit: 2 })
      expect(first.topics.map(({ topic }) => topic.name)).toEqual(["a1", "a2"])
      expect(first.next).toBe("a2")
      const second = await listTopics(storage, { prefix: "a", limit: 2, after: first.next })
      expect(second.topics.map(({ topic }) => topic.name)).toEqual(["a3"])
      expect(second).not.toHaveProperty("next")
    })
  })

  describe("alter", () => {
    it("changes configuration and adds partitions", async () => {
      const topic = await createOrders()
      const config = { "retention.ms": null, placement: "latency" } as const
      const altered = { ...topic, partitions: 5, config: { placement: "latency" }, version: 2 }
      const result = await alterTopic(storage, "orders", { partitions: 5, config })
      expect(result).toEqual({ kind: "altered", topic: altered })
      expect(await storage.topics.get("orders")).toEqual(altered)
      expect(await partitionsOf(topic.id)).toBe(5)
    })

    it("writes nothing where nothing changes, and says why where it cannot", async () => {
      const topic = await createOrders()
      expect(await alterTopic(storage, "orders", { partitions: 3 })).toEqual({ kind: "altered", topic })
      const fewer = { kind: "fewer_partitions", existing: 3, asked: 1 }
      expect(await alterTopic(storage, "orders", { partitions: 1 })).toEqual(fewer)
      expect(await alterTopic(storage, "none", {})).toEqual({ kind: "topic_not_found", topic: "none" })
      expect(await storage.topics.get("orders")).toEqual(topic)
    })

    it("keeps what somebody else changed at the same moment", async () => {
      await createOrders()
      let others = 0
      const topics = outrun("replace", () => {
        others += 1
        return others === 1 ? alterTopic(storage, "orders", { config: { "segment.ms": 9 } }) : undefined
      })
      const result = await alterTopic({ ...storage, topics }, "orders", { config: { placement: "latency" } })
      const config = { "retention.ms": 5, "segment.ms": 9, placement: "latency" }
      expect(result).toMatchObject({ kind: "altered", topic: { config, version: 3 } })
      expect(await storage.topics.get("orders")).toMatchObject({ config, version: 3 })
    })

    it("gives up when others change the topic each time", async () => {
      await createOrders()
      let others = 0
      const topics = outrun("replace", () => {
        others += 1
        return alterTopic(storage, "orders", { config: { "segment.ms": others } })
      })
      const change = { config: { placement: "latency" } } as const
      expect(await alterTopic({ ...storage, topics }, "orders", change)).toEqual({ kind: "concurrent_change" })
      expect(others).toBe(5)
      expect((await storage.topics.get("orders"))?.config).toEqual({ "retention.ms": 5, "segment.ms": 5 })
    })

    it("leaves no partitions of a topic that was deleted meanwhile", async () => {
      const topic = await createOrders()
      const topics = outrun("replace", () => deleteTopic(storage, "orders"))
      const createPartitions = async (id: string, count: number) => {
        await deleteTopic(storage, "orders")
        return storage.log.createPartitions(id, count)
      }
      const log = { ...storage.log, createPartitions }
      const result = await alterTopic({ ...storage, topics, log }, "orders", { partitions: 9 })
      expect(result).toEqual({ kind: "topic_not_found", topic: "orders" })
      expect(await partitionsOf(topic.id)).toBe(0)
    })

    it("passes on what storage could not do, with its side effects", async () => {
      const topic = await createOrders()
      const log = { ...storage.log, createPartitions: async () => failed("unknown") }
      expect(await alterTopic({ ...storage, log }, "orders", { partitions: 9 })).toEqual(failed("none"))
      const topics = { ...storage.topics, replace: () => failed("unknown") }
      expect(await alterTopic({ ...storage, topics }, "orders", { partitions: 9 })).toEqual(failed("unknown"))
      expect(await storage.topics.get("orders")).toEqual(topic)
    })
  })

  describe("delete", () => {
    const commitTo = (topicId: string) =>
      storage.groups.commit("billing", [
        { partition: { topicId, partition: 0 }, topic: "orders", offset: 0, metadata: "", committedAt: 0 },
      ])

    it("removes the topic, its partitions and its committed offsets", async () => {
      const topic = await createOrders()
      await commitTo(topic.id)
      expect(await deleteTopic(storage, "orders")).toEqual({ kind: "deleted", topic, leftBehind: [] })
      expect(await storage.topics.get("orders")).toBeUndefined()
      expect(await partitionsOf(topic.id)).toBe(0)
      expect(await storage.groups.read("billing")).toEqual({ kind: "not_found" })
      expect(await deleteTopic(storage, "orders")).toEqual({ kind: "topic_not_found", topic: "orders" })
    })

    it("does not touch a topic that was made again under the name meanwhile", async () => {
      await createOrders()
      const topics: TopicStore = {
        ...storage.topics,
        delete: async (name, id) => {
          await deleteTopic(storage, "orders")
          await createOrders()
          return storage.topics.delete(name, id)
        },
      }
      const result = await deleteTopic({ ...storage, topics }, "orders")
      expect(result).toEqual({ kind: "topic_not_found", topic: "orders" })
      const made = await storage.topics.get("orders")
      expect(made && (await partitionsOf(made.id))).toBe(3)
    })

    it("is done once the topic is gone, and tells what it left behind", async () => {
      const topic = await createOrders()
      await commitTo(topic.id)
      const log = { ...storage.log, deletePartitions: async () => failed("none") }
      const result = await deleteTopic({ ...storage, log }, "orders")
      expect(result).toEqual({ kind: "deleted", topic, leftBehind: [failed("none")] })
      expect(await storage.groups.read("billing")).toEqual({ kind: "not_found" })
      expect(await removeOrphans(storage, [topic.id])).toEqual({ kind: "done", removed: [topic.id] })
      expect(await partitionsOf(topic.id)).toBe(0)
    })

    it("removes nothing where the topic may still be there", async () => {
      const topic = await createOrders()
      const topics = { ...storage.topics, delete: () => failed("unknown") }
      expect(await deleteTopic({ ...storage, topics }, "orders")).toEqual(failed("unknown"))
      expect(await partitionsOf(topic.id)).toBe(3)
    })
  })

  describe("orphans", () => {
    it("are what no topic leads to, and nothing else", async () => {
      const topic = await createOrders()
      await storage.log.createPartitions("orphan", 2)
      const partition = { topicId: "forgotten", partition: 0 }
      await storage.groups.commit("billing", [{ partition, topic: "old", offset: 1, metadata: "", committedAt: 0 }])
      const stored = ["orphan", topic.id, ...storage.committedTopicIds()]
      expect(await removeOrphans(storage, stored)).toEqual({ kind: "done", removed: ["orphan", "forgotten"] })
      expect(await partitionsOf("orphan")).toBe(0)
      expect(await partitionsOf(topic.id)).toBe(3)
      expect(storage.committedTopicIds()).toEqual([])
    })

    it("are told from topics on every page of the list", async () => {
      const made = [await createOrders()]
      for (const name of ["a", "b", "c"]) {
        const result = await createTopic(storage, { ...orders, name })
        if (result.kind === "created") made.push(result.topic)
      }
      const topics: TopicStore = { ...storage.topics, list: (request) => storage.topics.list({ ...request, limit: 1 }) }
      const stored = made.map(({ id }) => id)
      expect(await removeOrphans({ ...storage, topics }, stored)).toEqual({ kind: "done", removed: [] })
    })

    it("stay for the next run where storage fails", async () => {
      const log = { ...storage.log, deletePartitions: async () => failed("none") }
      expect(await removeOrphans({ ...storage, log }, ["orphan"])).toEqual(failed("none"))
    })
  })
})
