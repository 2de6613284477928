import { type ConsumerRecord, OffsetOutOfRangeError, type ReadOptions, SchemaError, type Topic } from "stratalog"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { type ClientUnderTest, openClient } from "../../fakes/client-under-test.ts"

let client: ClientUnderTest
let topic: Topic
let topics = 0

const WATCH = /^\/v1\/fetch$/
const FETCH = /\/records\?/

beforeAll(async () => {
  client = await openClient()
})

afterAll(() => client.close())

/** Ten records in each of three partitions: values `partition/number`, timestamps 1000 + number. */
beforeEach(async () => {
  client.network.inject(() => ({ kind: "none" }))
  topic = client.log.topic(`read-${topics++}`)
  await client.log.topics.create(topic.name, { partitions: 3 })
  for (let partition = 0; partition < 3; partition++) {
    for (let number = 0; number < 10; number += 5) {
      const records = Array.from({ length: 5 }, (_, at) => ({
        value: `${partition}/${number + at}`,
        timestamp: 1000 + number + at,
      }))
      await topic.produce(records, { partition })
    }
  }
  client.network.seen.length = 0
})

async function read(options: ReadOptions): Promise<string[]> {
  const found: string[] = []
  for await (const record of topic.read(options)) found.push(String(record.value))
  return found
}

const inPartition = (partition: number, from: number, to = 10) =>
  Array.from({ length: to - from }, (_, at) => `${partition}/${from + at}`)

describe("a read to the end", () => {
  it("gives all partitions, each in its order", async () => {
    const found = await read({})
    expect(found).toHaveLength(30)
    for (const partition of [0, 1, 2]) {
      expect(found.filter((value) => value.startsWith(`${partition}/`))).toEqual(inPartition(partition, 0))
    }
  })

  it.each<[string, ReadOptions, string[]]>([
    ["an offset inside a batch", { partition: 1, from: { offset: 7 } }, inPartition(1, 7)],
    [
      "offsets by partition, the others from the earliest",
      { partitions: [0, 2], from: { offsets: { 0: 9 } } },
      [...inPartition(0, 9), ...inPartition(2, 0)],
    ],
    ["a time inside a batch", { partition: 2, from: { timestamp: new Date(1003) } }, inPartition(2, 3)],
    ["a time younger than all", { partition: 2, from: { timestamp: 9999 } }, []],
    ["the last few", { partition: 0, from: { tail: 3 } }, inPartition(0, 7)],
    ["more than there are", { partition: 0, from: { tail: 99 } }, inPartition(0, 0)],
    ["the end", { from: "latest" }, []],
  ])("from %s", async (_, options, expected) => {
    expect((await read(options)).toSorted()).toEqual(expected.toSorted())
  })

  it("stops where the end was when it began", async () => {
    const found: unknown[] = []
    for await (const record of topic.read({ partition: 0, batchBytes: 1 })) {
      found.push(record.value)
      await topic.produce({ value: "more" }, { partition: 0 })
    }
    expect(found).toEqual(inPartition(0, 0))
  })

  it("takes small batches one after another, and refused connections in its stride", async () => {
    let calls = 0
    client.network.inject((method) =>
      method === "GET" && calls++ % 2 === 0 ? { kind: "lost_answer" } : { kind: "none" },
    )
    expect(await read({ partition: 0, batchBytes: 1 })).toEqual(inPartition(0, 0))
    expect(client.network.count("GET", FETCH)).toBeGreaterThan(3)
  })

  it("fails in the end where nothing answers", async () => {
    client.network.inject((_, path) => (FETCH.test(path) ? { kind: "refused" } : { kind: "none" }))
    await expect(read({ partition: 0 })).rejects.toMatchObject({ code: "connection_failed" })
  })

  it("refuses to begin all partitions at one offset", async () => {
    await expect(read({ from: { offset: 3 } })).rejects.toMatchObject({ code: "invalid_argument" })
  })
})

describe("a read that follows", () => {
  const next = async (records: AsyncGenerator<ConsumerRecord>): Promise<unknown> => (await records.next()).value?.value

  it("waits for records, and through outages, until it is left", async () => {
    const records = topic.read({ partition: 0, from: "latest", follow: true, waitMs: 50 })
    const first = next(records)
    await pollUntil(() => client.network.count("GET", FETCH) > 0)
    await topic.produce({ value: "first" }, { partition: 0 })
    expect(await first).toBe("first")
    let calls = 0
    client.network.inject((method) => (method === "GET" && calls++ < 12 ? { kind: "refused" } : { kind: "none" }))
    await topic.produce({ value: "second" }, { partition: 0 })
    expect(await next(records)).toBe("second")
    await records.return()
  })

  it("gives every partition's news", async () => {
    const records = topic.read({ from: { tail: 1 }, follow: true, waitMs: 50 })
    const found = new Set<unknown>()
    for (let number = 0; number < 3; number++) found.add(await next(records))
    expect(found).toEqual(new Set(["0/9", "1/9", "2/9"]))
    await topic.produce({ value: "news" }, { partition: 1 })
    expect(await next(records)).toBe("news")
    await records.return()
  })

  it("waits for all partitions with one request, and goes on where that fails", async () => {
    const { network } = client
    const records = topic.read({ from: "latest", follow: true, waitMs: 10_000 })
    for (let round = 0; round < 6; round++) {
      const waiting = next(records)
      const before = network.count("POST", WATCH)
      await pollUntil(() => network.count("POST", WATCH) > before || round > 0)
      if (round === 3) {
        let calls = 0
        network.inject((_, path) => (WATCH.test(path) && calls++ < 7 ? { kind: "refused" } : { kind: "none" }))
      }
      await topic.produce({ value: round }, { partition: round % 3 })
      expect(await waiting).toBe(round)
    }
    expect(network.count("GET", /[?&]wait=[1-9]/)).toBe(0)
    await records.return()
  })

  it("ends with the reason of its signal", async () => {
    const controller = new AbortController()
    const records = topic.read({ from: "latest", follow: true, waitMs: 1_000, signal: controller.signal })
    const waiting = records.next()
    await pollUntil(() => client.network.count("GET", FETCH) === 3)
    controller.abort(new Error("enough"))
    await expect(waiting).rejects.toThrow("enough")
  })
})

describe("records that are gone", () => {
  beforeEach(() => topic.deleteRecords(0, { before: 5 }))

  it("are an error with the offsets that there are", async () => {
    const failure = await read({ partition: 0, from: { offset: 2 } }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(OffsetOutOfRangeError)
    expect(failure).toMatchObject({ logStartOffset: 5, highWatermark: 10 })
  })

  it.each([
    ["earliest", inPartition(0, 5)],
    ["latest", []],
  ] as const)("or are skipped to the %s", async (autoOffsetReset, expected) => {
    expect(await read({ partition: 0, from: { offset: 2 }, autoOffsetReset })).toEqual(expected)
  })

  it("are not missed by a read from the earliest", async () => {
    expect(await read({ partition: 0 })).toEqual(inPartition(0, 5))
  })
})

describe("a fetch", () => {
  it("gives at most `limit` records and goes on behind them", async () => {
    const { records, nextOffset, highWatermark } = await topic.fetch(0, { offset: 3, limit: 4 })
    expect(records.map(({ offset }) => offset)).toEqual([3, 4, 5, 6])
    expect([nextOffset, highWatermark]).toEqual([7, 10])
  })

  it("goes on at the end where there is nothing", async () => {
    expect(await topic.fetch(0, { offset: "latest" })).toMatchObject({ records: [], nextOffset: 10 })
  })

  it("gives headers as text, or as bytes where they are none", async () => {
    const headers = [
      ["a", "x"],
      ["a", null],
      ["b", new Uint8Array([0xff])],
      ["c", "ä"],
    ] as const
    await topic.produce({ key: "k", value: null, headers }, { partition: 0 })
    const { records } = await topic.fetch(0, { tail: 1 })
    expect(records).toMatchObject([{ key: "k", value: null, headers }])
  })

  it("tells a value that is not of the format by its place", async () => {
    await client.log
      .topic(topic.name, { valueFormat: "bytes" })
      .produce({ value: new Uint8Array([0xff]) }, { partition: 1 })
    const failure = await topic.fetch(1, { tail: 1 }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(SchemaError)
    expect(failure).toMatchObject({ topic: topic.name, partition: 1, offset: 10, part: "value" })
  })
})

async function pollUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1))
}
