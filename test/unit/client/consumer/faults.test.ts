/** A network and a service that fail: what the consumer gets over, what it says of it, and what ends it. */
import { Stratalog, type StratalogError } from "stratalog"
import { describe, expect, it } from "vitest"
import { ConsumersUnderTest, numbered } from "../../../fakes/consumer-under-test.ts"
import type { Fault } from "../../../fakes/faulty-fetch.ts"
import { Refusal } from "../../../fakes/group-state.ts"

const lasting: readonly (readonly [string, Fault])[] = [
  ["refuses connections", { kind: "refused" }],
  ["loses answers", { kind: "lost_answer" }],
  ["hangs", { kind: "hangs", arrives: true }],
  ["is throttled", { kind: "problem", code: "too_many_requests", retryAfter: "7" }],
  ["has a gateway without a service", { kind: "gateway", status: 503, arrives: false }],
]

describe("a service that is not reachable for long", () => {
  it.each(lasting)(
    "and %s: nothing is handed out twice once it is back, and the application hears of it",
    async (_, fault) => {
      const group = new ConsumersUnderTest({ orders: 1 })
      group.service.append("orders", 0, numbered(10))
      const client = group.client()
      const problems: StratalogError[] = []
      const consumer = client.consumer({ onProblem: (error) => void problems.push(error) })
      const found: number[] = []
      const running = consumer.run({ eachRecord: ({ offset }) => void found.push(offset) })
      await group.until(() => found.length === 10)
      let left = 12
      client.network.inject((_, path) => (path.endsWith("/poll") && left-- > 0 ? fault : { kind: "none" }))
      await group.until(() => left < 6)
      group.service.append("orders", 0, numbered(10))
      await group.until(() => found.length === 20)
      expect(found).toEqual(Array.from({ length: 20 }, (_, offset) => offset))
      expect(problems.length).toBeGreaterThan(8)
      await consumer.close()
      await running
      expect(group.service.state.committed.get("orders/0")).toBe(20)
    },
  )

  it("waits as long as Retry-After says, and longer each time", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    const client = group.client()
    const at: number[] = []
    client.network.inject((_, path) => {
      if (path.endsWith("/poll")) at.push(group.clock.now())
      return { kind: "problem", code: "unavailable", retryAfter: "7" }
    })
    const consumer = client.consumer()
    const running = consumer.run({ eachRecord: () => {} })
    await group.until(() => at.length >= 5)
    for (const [index, time] of at.slice(1).entries()) expect(time - (at[index] ?? 0)).toBeGreaterThanOrEqual(7_000)
    client.network.inject(() => ({ kind: "none" }))
    await consumer.close()
    await running
  })
})

describe("requests", () => {
  it("are numbered, one at a time, and say where to read on", async () => {
    const group = new ConsumersUnderTest({ orders: 2 })
    for (const partition of [0, 1]) group.service.append("orders", partition, numbered(10))
    const consumer = group.client().consumer()
    let found = 0
    const running = consumer.run({ eachRecord: () => void found++ })
    await group.until(() => found === 20 && group.service.polls.length > 4)
    consumer.pause()
    consumer.resume()
    await consumer.close()
    await running
    const bodies = group.service.polls.map(({ body }) => body)
    expect(bodies.map(({ number }) => number)).toEqual(bodies.map((_, index) => index + 1))
    expect(group.service.overlaps).toBe(0)
    expect(bodies[0]).toMatchObject({ memberEpoch: 0, topics: ["orders"], sessionTimeout: 45_000, assignor: "uniform" })
    expect(bodies.at(-1)).toMatchObject({
      owned: [{ topic: "orders", partitions: [0, 1] }],
      positions: [0, 1].map((partition) => ({ topic: "orders", partition, offset: 10 })),
    })
    expect(bodies.at(-1)?.topics).toBeUndefined()
    expect(found).toBe(20)
  })
})

describe("what trying again does not help", () => {
  it.each(["invalid_request", "group_full", "corrupt_log"] as const)("ends run with it: %s", async (code) => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.refuse = () => new Refusal(code, "no")
    const consumer = group.client().consumer()
    await expect(consumer.run({ eachRecord: () => {} })).rejects.toMatchObject({ code })
  })

  it("ends a loop with it, after what was in hand", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(3))
    const loop = async () => {
      for await (const { offset } of group.client().consumer()) {
        if (offset === 2) group.service.refuse = () => new Refusal("invalid_request", "no")
      }
    }
    await expect(loop()).rejects.toMatchObject({ code: "invalid_request" })
    expect(group.service.state.committed.get("orders/0")).toBe(3)
  })

  it("is an answer that is none", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    const page = async (url: string, init: RequestInit) =>
      url.endsWith("/poll") ? new Response("<html>", { status: 200 }) : group.service.fetch(new Request(url, init))
    const log = new Stratalog({ url: "http://service.test", fetch: page, ...group.clock })
    const consumer = log.consumer({ group: "g", topics: ["orders"] })
    await expect(consumer.run({ eachRecord: () => {} })).rejects.toMatchObject({ code: "unexpected_response" })
  })
})

describe("options", () => {
  it.each([
    [{ topics: [] }, "subscribes"],
    [{ sessionTimeoutMs: 1 }, "sessionTimeoutMs"],
    [{ fetchMaxBytes: 0 }, "fetchMaxBytes"],
    [{ maxPollRecords: 1.5 }, "maxPollRecords"],
    [{ from: "latest", autoOffsetReset: "earliest" }, "same setting"],
    [{ autoCommit: true, enableAutoCommit: false }, "same setting"],
    [{ rebalanceTimeoutMs: 5_000, maxPollIntervalMs: 6_000 }, "same setting"],
  ] as const)("that cannot work are refused: %j", (options, message) => {
    const group = new ConsumersUnderTest({ orders: 1 })
    expect(() => group.client().consumer(options)).toThrow(message)
  })
})
