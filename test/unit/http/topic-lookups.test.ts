/** What requests are answered where topics are remembered from before, or cannot be looked up. */
import { afterEach, describe, expect, it } from "vitest"
import { StorageUnavailable, type Unavailable } from "../../../functions/log/ports.ts"
import { alterTopic } from "../../../functions/topics/alter/alter-topic.ts"
import { cachedTopics } from "../../../functions/topics/cached-topics.ts"
import { createTopic } from "../../../functions/topics/create/create-topic.ts"
import { deleteTopic } from "../../../functions/topics/delete/delete-topic.ts"
import type { TopicStore } from "../../../functions/topics/ports.ts"
import { type HttpApi, openHttpApi } from "../../fakes/http-api.ts"
import { openTemporaryStorage } from "../../fakes/temporary-storage.ts"

const disposals: (() => void)[] = []
afterEach(() => {
  for (const dispose of disposals.splice(0)) dispose()
})

describe("a topic that was looked up before", () => {
  it("is found again under its name when another process made it anew", async () => {
    const { api, elsewhere } = await remembering()
    await elsewhere.remove()
    await elsewhere.create(1)
    for (const request of [byPartition(0), byKey, together]) expect((await request(api)).status).toBe(200)
    const fetched = await (await api.send("GET", "/v1/topics/orders/partitions/0/records?offset=0")).json()
    expect(fetched).toMatchObject({ highWatermark: 3 })
    expect((await commit(api, 0)).status).toBe(200)
  })

  it("is first found anew by a fetch or a commit as well", async () => {
    for (const request of [fetchFrom("offset=0"), fetchFrom("offset=earliest"), (api: HttpApi) => commit(api, 0)]) {
      const { api, elsewhere } = await remembering()
      await elsewhere.remove()
      await elsewhere.create(1)
      expect((await request(api)).status).toBe(200)
    }
  })

  it("is not found once another process deleted it", async () => {
    for (const request of [byPartition(0), byKey, together, fetchFrom("offset=0"), (api: HttpApi) => commit(api, 0)]) {
      const { api, elsewhere } = await remembering()
      await elsewhere.remove()
      const answer = await request(api)
      expect(await answer.json()).toMatchObject({ code: "topic_not_found", sideEffects: "none" })
    }
  })

  it("has the partitions that another process added", async () => {
    const last = { topic: "orders", partition: 3 }
    const requests = [
      byPartition(3),
      (api: HttpApi) =>
        api.send("POST", "/v1/topics/orders/records", { json: { records: [{ value: 1, partition: 3 }] } }),
      (api: HttpApi) => api.send("POST", "/v1/fetch", { json: { partitions: [{ ...last, offset: 0 }] } }),
      (api: HttpApi) => commit(api, 3),
    ]
    for (const request of requests) {
      const { api, elsewhere } = await remembering()
      await elsewhere.grow(4)
      expect((await request(api)).status).toBe(200)
    }
    const { api, elsewhere } = await remembering()
    await elsewhere.grow(2)
    expect(await (await byPartition(3)(api)).json()).toMatchObject({ code: "partition_not_found", partitions: 2 })
  })
})

describe("a topic that cannot be looked up", () => {
  const throttled: Unavailable = { kind: "unavailable", reason: "throttled", sideEffects: "none", detail: "slow down" }
  const requests: Readonly<Record<string, (api: HttpApi) => Promise<Response>>> = {
    describe: (api) => api.send("GET", "/v1/topics/orders"),
    list: (api) => api.send("GET", "/v1/topics"),
    create: (api) => api.send("PUT", "/v1/topics/orders", { json: {} }),
    alter: (api) => api.send("PATCH", "/v1/topics/orders", { json: { partitions: 2 } }),
    delete: (api) => api.send("DELETE", "/v1/topics/orders"),
    "produce to a partition": byPartition(0),
    "produce by key": byKey,
    "produce to many": together,
    fetch: fetchFrom("offset=0"),
    commit: (api) => commit(api, 0),
  }
  for (const [name, request] of Object.entries(requests)) {
    it(`is no mistake of the server but something that passes: ${name}`, async () => {
      const { api } = await open({
        get: () => refuse(throttled),
        recent: () => refuse(throttled),
        list: () => refuse(throttled),
      })
      const answer = await request(api)
      expect(answer.status).toBe(429)
      expect(answer.headers.get("retry-after")).toBe("1")
      expect(await answer.json()).toMatchObject({ code: "too_many_requests", retryable: true, sideEffects: "none" })
      expect(api.defects).toEqual([])
    })
  }

  it("is 503 where the storage failed", async () => {
    const failed: Unavailable = { ...throttled, reason: "storage_failed" }
    const { api } = await open({ get: () => refuse(failed) })
    const answer = await api.send("GET", "/v1/topics/orders")
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ code: "unavailable", sideEffects: "none" })
  })

  it("fails its own entry of a produce to many, not those that were appended", async () => {
    const { api, store } = await open({})
    const { recent } = api.deps.topics
    Object.assign(store, { recent: (name: string) => (name === "orders" ? recent(name) : refuse(throttled)) })
    const entries = ["orders", "others"].map((topic) => ({ topic, partition: 0, records: [{ value: 1 }] }))
    const answer = await api.send("POST", "/v1/produce", { json: { entries } })
    expect(answer.status).toBe(207)
    const { results } = (await answer.json()) as { readonly results: readonly unknown[] }
    expect(results).toMatchObject([{ baseOffset: 0 }, { error: { code: "too_many_requests", sideEffects: "none" } }])
  })
})

function refuse(outcome: Unavailable): never {
  throw new StorageUnavailable(outcome)
}

/** The API over a store of topics with these changes, and a topic `orders` in it. */
async function open(changes: Partial<TopicStore>) {
  const storage = openTemporaryStorage()
  const made = await createTopic(storage, { name: "orders", partitions: 1, config: {} })
  if (made.kind !== "created") throw new Error(made.kind)
  const store: TopicStore = { ...storage.topics, ...changes }
  const { log, groups, producers, clock } = storage
  const api = openHttpApi({ log, groups, producers, clock, topics: store })
  disposals.push(storage.dispose, api.dispose)
  return { api, storage, store }
}

/** The API of a process that remembers `orders`, and what another process does with the same storage. */
async function remembering() {
  const { storage } = await open({})
  const topics = cachedTopics(storage.topics, { ttlMs: 1_000, clock: storage.clock })
  const { log, groups, producers, clock } = storage
  const api = openHttpApi({ log, groups, producers, clock, topics })
  disposals.push(api.dispose)
  await topics.recent("orders")
  const elsewhere = {
    remove: () => deleteTopic(storage, "orders"),
    create: (partitions: number) => createTopic(storage, { name: "orders", partitions, config: {} }),
    grow: (partitions: number) => alterTopic(storage, "orders", { partitions }),
  }
  return { api, elsewhere }
}

function byPartition(partition: number) {
  const path = `/v1/topics/orders/partitions/${partition}/records`
  return (api: HttpApi) => api.send("POST", path, { json: { records: [{ value: 1 }] } })
}

function byKey(api: HttpApi) {
  return api.send("POST", "/v1/topics/orders/records", { json: { records: [{ key: "k", value: 1 }] } })
}

function together(api: HttpApi) {
  const entries = [{ topic: "orders", partition: 0, records: [{ value: 1 }] }]
  return api.send("POST", "/v1/produce", { json: { entries } })
}

function fetchFrom(query: string) {
  return (api: HttpApi) => api.send("GET", `/v1/topics/orders/partitions/0/records?${query}`)
}

function commit(api: HttpApi, partition: number) {
  const offsets = [{ topic: "orders", partition, offset: 0 }]
  return api.send("POST", "/v1/groups/billing/offsets", { json: { offsets } })
}
