import {
  ConnectionError,
  FenceFailedError,
  MatchFailedError,
  OffsetOutOfRangeError,
  OutcomeUnknownError,
  ProduceError,
  StratalogError,
  TopicNotFoundError,
} from "stratalog"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { type ClientUnderTest, openClient } from "../../fakes/client-under-test.ts"

let client: ClientUnderTest
let name: string
let topics = 0

beforeAll(async () => {
  client = await openClient()
})

afterAll(() => client.close())

beforeEach(async () => {
  client.network.inject(() => ({ kind: "none" }))
  client.network.seen.length = 0
  name = `topic-${topics++}`
  await client.log.topics.create(name, { partitions: 3 })
})

const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  )

describe("a write without a producer", () => {
  it("is sent again where nothing can have happened", async () => {
    const { log, network } = client
    network.script("POST", /records/, { kind: "refused" }, { kind: "problem", code: "unavailable", retryAfter: "2" })
    const [result] = await log.topic(name).produce({ value: 1 }, { partition: 0 })
    expect(result).toMatchObject({ partition: 0, baseOffset: 0, count: 1 })
    expect(network.count("POST", /records/)).toBe(3)
  })

  it.each(["lost_answer", "lost_request", "cut_body"] as const)(
    "is not sent again after a %s, and says that its outcome is unknown",
    async (kind) => {
      const { log, network } = client
      network.script("POST", /records/, { kind })
      const error = await failure(log.topic(name).produce({ value: 1 }, { partition: 0 }))
      expect(error).toBeInstanceOf(OutcomeUnknownError)
      expect(error).toMatchObject({ code: "outcome_unknown", sideEffects: "unknown" })
      expect((error as Error).cause).toBeInstanceOf(ConnectionError)
      expect(network.count("POST", /records/)).toBe(1)
      const [{ highWatermark } = { highWatermark: -1 }] = await log.topic(name).offsets({ partition: 0 })
      expect(highWatermark).toBe(kind === "lost_request" ? 0 : 1)
    },
  )

  it("has an unknown outcome where only a gateway answered", async () => {
    client.network.script("POST", /records/, { kind: "gateway", status: 504, arrives: true })
    const error = await failure(client.log.topic(name).produce({ value: 1 }, { partition: 0 }))
    expect(error).toBeInstanceOf(OutcomeUnknownError)
    expect(error).toMatchObject({ status: 504 })
  })

  it("is given up after its attempts, with the last reason", async () => {
    client.network.inject((method) =>
      method === "POST" ? { kind: "problem", code: "storage_full" } : { kind: "none" },
    )
    const error = await failure(client.log.topic(name).produce({ value: 1 }))
    expect(error).toMatchObject({ code: "storage_full", status: 503, retryable: true, sideEffects: "none" })
    expect(client.network.count("POST", /records/)).toBe(5)
  })

  it("waits at least as long as Retry-After says", async () => {
    const { log, network, clock } = client
    network.script("POST", /records/, { kind: "problem", code: "too_many_requests", retryAfter: "90" })
    const before = clock.now()
    await log.topic(name).produce({ value: 1 })
    expect(clock.now() - before).toBeGreaterThanOrEqual(90_000)
  })
})

describe("a write with a producer's sequence", () => {
  it("is sent again until its outcome is known, and is in the log once", async () => {
    const { log, network } = client
    const { id, epoch } = await log.initProducer()
    network.script("POST", /records/, { kind: "lost_answer" }, { kind: "hangs", arrives: true }, { kind: "cut_body" })
    const [result] = await log
      .topic(name)
      .produce([{ value: 1 }, { value: 2 }], { partition: 1, producer: { id, epoch, sequence: 0 } })
    expect(result).toMatchObject({ baseOffset: 0, count: 2, duplicate: true })
    expect(network.count("POST", /records/)).toBe(4)
    expect((await log.topic(name).fetch(1)).records.map(({ value }) => value)).toEqual([1, 2])
  })

  it("stays unknown where a refusal follows a lost answer", async () => {
    const { log, network } = client
    const { id, epoch } = await log.initProducer()
    network.script("POST", /records/, { kind: "lost_request" })
    const call = log.topic(name).produce({ value: 1 }, { partition: 1, producer: { id, epoch, sequence: 7 } })
    expect(await failure(call)).toMatchObject({ code: "outcome_unknown", sideEffects: "unknown" })
  })
})

describe("errors are classes with the problem's fields", () => {
  it("a match that fails", async () => {
    const topic = client.log.topic(name)
    await topic.produce({ value: 1 }, { partition: 0, matchOffset: 0 })
    const error = await failure(topic.produce({ value: 1 }, { partition: 0, matchOffset: 0 }))
    expect(error).toBeInstanceOf(MatchFailedError)
    expect(error).toMatchObject({ nextOffset: 1, status: 412, sideEffects: "none", requestId: expect.any(String) })
  })

  it("a fence", async () => {
    const topic = client.log.topic(name)
    await topic.setFence(0, { token: "a", expected: null })
    const error = await failure(topic.produce({ value: 1 }, { partition: 0, fencingToken: "b" }))
    expect(error).toBeInstanceOf(FenceFailedError)
    expect(error).toMatchObject({ fencingToken: "a" })
  })

  it("an offset beyond the end, and one below the log start", async () => {
    const topic = client.log.topic(name)
    expect(await failure(topic.fetch(0, { offset: 9 }))).toBeInstanceOf(OffsetOutOfRangeError)
    await topic.produce([{ value: 1 }, { value: 2 }], { partition: 0 })
    await topic.deleteRecords(0, { before: 1 })
    const error = await failure(topic.fetch(0, { offset: 0 }))
    expect(error).toMatchObject({ name: "OffsetOutOfRangeError", status: 410, logStartOffset: 1, highWatermark: 2 })
  })

  it("a topic that is not there", async () => {
    expect(await failure(client.log.topics.get("nowhere"))).toBeInstanceOf(TopicNotFoundError)
  })

  it("some partitions of a topic-wide produce", async () => {
    await client.log.topics.alter(name, { config: { "max.message.bytes": 200 } })
    const records = [
      { value: 1, partition: 0 },
      { value: "x".repeat(500), partition: 2 },
    ]
    const error = await failure(client.log.topic(name).produce(records))
    expect(error).toBeInstanceOf(ProduceError)
    expect(error).toMatchObject({
      results: [{ partition: 0, baseOffset: 0 }],
      failures: [{ partition: 2, error: { code: "batch_too_large" } }],
      sideEffects: "none",
    })
  })

  it("arguments that cannot work, before anything is sent", async () => {
    const error = await failure(client.log.topic(name).produce({ value: 1 }, { matchOffset: 3 }))
    expect(error).toMatchObject({ code: "invalid_argument" })
    expect(client.network.count("POST", /records/)).toBe(0)
  })
})

describe("what is safe to repeat is repeated", () => {
  it("create, whose first answer was lost", async () => {
    client.network.script("PUT", /topics/, { kind: "lost_answer" })
    expect(await client.log.topics.create(`${name}-b`)).toMatchObject({ name: `${name}-b`, created: false })
  })

  it("delete, whose first answer was lost: that there is no such topic is its success", async () => {
    client.network.script("DELETE", /topics/, { kind: "lost_answer" })
    await client.log.topics.delete(name)
    expect(await failure(client.log.topics.delete(name))).toBeInstanceOf(TopicNotFoundError)
  })

  it("a fence, whose first answer was lost: that it is set is its success", async () => {
    client.network.script("PUT", /fence/, { kind: "lost_answer" })
    const fence = await client.log.topic(name).setFence(2, { token: "mine", expected: null })
    expect(fence).toEqual({ partition: 2, fencingToken: "mine" })
  })
})

describe("an abort", () => {
  it("ends a call with the signal's reason", async () => {
    client.network.script("GET", /topics/, { kind: "hangs", arrives: false })
    const controller = new AbortController()
    const call = failure(client.log.topics.get(name, { signal: controller.signal }))
    controller.abort(new Error("enough"))
    expect(await call).toMatchObject({ message: "enough" })
  })

  it("ends a pause between attempts, too", async () => {
    const controller = new AbortController()
    client.network.inject(() => {
      queueMicrotask(() => controller.abort(new Error("enough")))
      return { kind: "refused" }
    })
    expect(await failure(client.log.limits({ signal: controller.signal }))).toMatchObject({ message: "enough" })
  })
})

describe("lists", () => {
  it("topics by prefix, over as many pages as it takes", async () => {
    for (let at = 0; at < 5; at++) await client.log.topics.create(`${name}-p-${at}`)
    const found: string[] = []
    for await (const topic of client.log.topics.list({ prefix: `${name}-p-` })) found.push(topic.name)
    expect(found).toEqual([0, 1, 2, 3, 4].map((at) => `${name}-p-${at}`))
  })

  it("groups with what they committed", async () => {
    const group = client.log.group(`g-${name}`)
    await client.log.topic(name).produce([{ value: 1 }, { value: 2 }], { partition: 0 })
    await group.commit([{ topic: name, partition: 0, offset: 1 }])
    expect(await group.committed({ topic: name })).toMatchObject([{ partition: 0, offset: 1 }])
    expect(await group.lag()).toMatchObject({ totalLag: 1 })
    const groups: string[] = []
    for await (const found of client.log.groups.list()) groups.push(found.group)
    expect(groups).toContain(`g-${name}`)
    await group.delete()
    expect(await failure(group.describe())).toMatchObject({ code: "group_not_found" })
  })
})

it("refuses a URL that is none", async () => {
  const { Stratalog } = await import("stratalog")
  expect(() => new Stratalog({ url: "localhost:8080" })).toThrow(StratalogError)
  expect(() => new Stratalog({ url: "nonsense" })).toThrow(StratalogError)
})
