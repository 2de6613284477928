import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { cachedTopics } from "../../../functions/topics/cached-topics.ts"
import type { Topic, TopicStore } from "../../../functions/topics/ports.ts"
import { describeTopicStore, newTopic } from "../../contract/topic-store.ts"
import { openTemporaryStorage, type TemporaryStorage } from "../../fakes/temporary-storage.ts"

const TTL = 1_000

describeTopicStore("remembered for a moment", async () => {
  const storage = openTemporaryStorage()
  const open = () => cachedTopics(storage.topics, { ttlMs: TTL, clock: storage.clock })
  return { store: open(), reopen: async () => open(), dispose: async () => storage.dispose() }
})

describe("topics that are remembered", () => {
  let storage: TemporaryStorage
  let asked: string[]
  let store: TopicStore
  let topics: TopicStore
  beforeEach(() => {
    storage = openTemporaryStorage()
    asked = []
    store = {
      ...storage.topics,
      get: async (name) => {
        asked.push(name)
        return storage.topics.get(name)
      },
    }
    topics = cachedTopics(store, { ttlMs: TTL, clock: storage.clock, maxTopics: 2 })
  })
  afterEach(() => storage.dispose())

  it("are asked for once in their time, and only by recent", async () => {
    const topic = await made("orders")
    expect(await topics.recent("orders")).toEqual(topic)
    storage.clock.time += TTL - 1
    expect(topics.recent("orders")).toEqual(topic)
    expect(asked).toHaveLength(1)
    expect(await topics.get("orders")).toEqual(topic)
    expect(asked).toHaveLength(2)
    storage.clock.time += TTL
    expect(await topics.recent("orders")).toEqual(topic)
    expect(asked).toHaveLength(3)
  })

  it("show what others changed once their time is over, or somebody asked the store", async () => {
    const topic = await made("orders")
    await topics.recent("orders")
    const changed: Topic = { ...topic, partitions: 9, version: 2 }
    await storage.topics.replace(changed)
    expect(await topics.recent("orders")).toEqual(topic)
    expect(await topics.get("orders")).toEqual(changed)
    expect(await topics.recent("orders")).toEqual(changed)
  })

  it("show what this process changed at once", async () => {
    const topic = newTopic("orders")
    await topics.create(topic)
    expect(topics.recent("orders")).toEqual(topic)
    const changed: Topic = { ...topic, partitions: 9, version: 2 }
    await topics.replace(changed)
    expect(topics.recent("orders")).toEqual(changed)
    expect(await topics.replace(changed)).toMatchObject({ kind: "changed" })
    await topics.delete("orders", topic.id)
    expect(await topics.recent("orders")).toBeUndefined()
  })

  it("are not remembered as missing", async () => {
    expect(await topics.recent("orders")).toBeUndefined()
    const topic = await made("orders")
    expect(await topics.recent("orders")).toEqual(topic)
  })

  it("share one question at a moment", async () => {
    const topic = await made("orders")
    const answers = await Promise.all([1, 2, 3].map(() => topics.recent("orders")))
    expect(answers).toEqual([topic, topic, topic])
    expect(asked).toHaveLength(1)
  })

  it("are bounded in number, and the longest known goes first", async () => {
    for (const name of ["a", "b", "c"]) {
      await made(name)
      await topics.recent(name)
    }
    asked.length = 0
    for (const name of ["c", "b", "a"]) await topics.recent(name)
    expect(asked).toEqual(["a"])
  })

  it("are asked for again after the clock was set back", async () => {
    await made("orders")
    await topics.recent("orders")
    storage.clock.time -= 10 * TTL
    await topics.recent("orders")
    await topics.recent("orders")
    expect(asked).toHaveLength(2)
  })

  it("do not go back to an answer that was long on its way", async () => {
    const topic = await made("orders")
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const slow: TopicStore = { ...storage.topics, get: () => held.then(() => topic) }
    topics = cachedTopics(slow, { ttlMs: TTL, clock: storage.clock })
    const early = topics.recent("orders")
    storage.clock.time += 1
    const changed: Topic = { ...topic, partitions: 9, version: 2 }
    await topics.replace(changed)
    release()
    expect(await early).toEqual(topic)
    expect(topics.recent("orders")).toEqual(changed)
  })

  it("are not remembered at all where nothing may be old", async () => {
    const topic = await made("orders")
    topics = cachedTopics(store, { ttlMs: 0, clock: storage.clock })
    await topics.recent("orders")
    expect(await topics.recent("orders")).toEqual(topic)
    expect(asked).toHaveLength(2)
  })

  async function made(name: string): Promise<Topic> {
    const topic = newTopic(name)
    await storage.topics.create(topic)
    return topic
  }
})
