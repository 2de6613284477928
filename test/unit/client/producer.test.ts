import { OutcomeUnknownError, ProducerFencedError, StratalogError, TimeoutError } from "stratalog"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { type ClientUnderTest, openClient } from "../../fakes/client-under-test.ts"

let client: ClientUnderTest
let name: string
let topics = 0

const APPEND = /\/partitions\/\d+\/records/

beforeAll(async () => {
  client = await openClient()
})

afterAll(() => client.close())

beforeEach(async () => {
  client.network.inject(() => ({ kind: "none" }))
  name = `producer-${topics++}`
  await client.log.topics.create(name, { partitions: 3 })
  client.network.seen.length = 0
})

const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  )

const values = async (partition: number) => (await client.log.topic(name).fetch(partition)).records.map((r) => r.value)

describe("batches", () => {
  it("gather what is sent within the linger, a request for each partition", async () => {
    await using producer = client.log.topic(name).producer()
    const sent = Array.from({ length: 30 }, (_, number) => producer.send({ partition: number % 3, value: number }))
    expect((await Promise.all(sent)).map(({ offset }) => offset)).toEqual(
      Array.from({ length: 30 }, (_, number) => Math.floor(number / 3)),
    )
    expect(client.network.count("POST", APPEND)).toBe(3)
  })

  it("are sent when full, and a record larger than a batch alone", async () => {
    await using producer = client.log.topic(name).producer({ lingerMs: 1e9, batchSize: 1_000, maxBatchRecords: 4 })
    const small = Array.from({ length: 4 }, () => producer.send({ partition: 0, value: "s" }))
    await Promise.all(small)
    await producer.send({ partition: 0, value: "x".repeat(5_000) })
    expect(client.network.count("POST", APPEND)).toBe(2)
  })

  it("wait for flush where they linger for long", async () => {
    await using producer = client.log.topic(name).producer({ lingerMs: 1e9 })
    const sent = producer.send({ value: 1 })
    await producer.flush()
    expect(await sent).toMatchObject({ topic: name, offset: 0 })
  })

  it("without keys stay together, and move on to another partition with the next batch", async () => {
    await using producer = client.log.topic(name).producer({ maxBatchRecords: 5 })
    const places = await Promise.all(Array.from({ length: 15 }, (_, number) => producer.send({ value: number })))
    const runs = [0, 5, 10].map((at) => new Set(places.slice(at, at + 5).map(({ partition }) => partition)))
    expect(runs.map(({ size }) => size)).toEqual([1, 1, 1])
    expect(new Set([...(runs[0] ?? []), ...(runs[1] ?? [])]).size).toBe(2)
  })

  it("go where their keys say, as the service itself would send them", async () => {
    await using producer = client.log.topic(name).producer()
    const keys = ["a", "b", "c", "d", "e", "f"]
    const places = await Promise.all(keys.map((key) => producer.send({ key, value: 1 })))
    for (const [index, key] of keys.entries()) {
      const [produced] = await client.log.topic(name).produce({ key, value: 2 })
      expect(produced?.partition).toBe(places[index]?.partition)
    }
  })

  it.each(["gzip", "snappy", "lz4", "zstd"] as const)("compressed with %s read back", async (compressionType) => {
    await using producer = client.log.topic(name).producer({ compressionType })
    await Promise.all(Array.from({ length: 50 }, () => producer.send({ partition: 0, value: "again and again" })))
    expect(await values(0)).toEqual(Array.from({ length: 50 }, () => "again and again"))
  })

  it("too large for the topic are sent in parts, and only what alone is too large fails", async () => {
    await client.log.topics.alter(name, { config: { "max.message.bytes": 300 } })
    await using producer = client.log.topic(name).producer()
    const texts = Array.from({ length: 8 }, (_, number) => `${number}`.padEnd(number === 5 ? 400 : 60, "."))
    const ends = await Promise.allSettled(texts.map((value) => producer.send({ partition: 1, value })))
    expect(ends.map(({ status }) => status === "fulfilled")).toEqual([1, 1, 1, 1, 1, 0, 1, 1].map(Boolean))
    expect(ends[5]).toMatchObject({ reason: { code: "batch_too_large", sideEffects: "none" } })
    expect(await values(1)).toEqual(texts.filter((_, number) => number !== 5))
  })
})

describe("order", () => {
  it("is that of the calls, also where a schema takes its time for some of them", async () => {
    const slow = {
      "~standard": {
        version: 1 as const,
        vendor: "test",
        validate: (value: unknown) => (Number(value) % 3 === 0 ? Promise.resolve().then(() => ({ value })) : { value }),
      },
    }
    await using producer = client.log.topic(name, { value: slow }).producer()
    await Promise.all(Array.from({ length: 20 }, (_, number) => producer.send({ partition: 0, value: number })))
    expect(await values(0)).toEqual(Array.from({ length: 20 }, (_, number) => number))
  })
})

describe("recovery", () => {
  it("goes on with a newer epoch after a batch whose outcome stayed unknown", async () => {
    const { network } = client
    await using producer = client.log.topic(name).producer({ retries: 0 })
    await producer.send({ partition: 0, value: "before" })
    network.script("POST", APPEND, { kind: "lost_answer" })
    expect(await failure(producer.send({ partition: 0, value: "lost" }))).toBeInstanceOf(OutcomeUnknownError)
    await producer.send({ partition: 0, value: "after" })
    expect(await values(0)).toEqual(["before", "lost", "after"])
    expect(network.count("POST", /\/v1\/producers/)).toBe(2)
  })

  it("shuts out an attempt that arrives after its batch was given up", async () => {
    const { network } = client
    await using producer = client.log.topic(name).producer({ retries: 0 })
    network.script("POST", APPEND, { kind: "late" })
    await failure(producer.send({ partition: 0, value: "late" }))
    await producer.send({ partition: 0, value: "after" })
    await network.deliverLate()
    expect(await values(0)).toEqual(["after"])
  })

  it("is not stopped by a newer epoch whose answer was lost", async () => {
    const { network } = client
    await using producer = client.log.topic(name).producer({ retries: 1 })
    await producer.send({ partition: 0, value: 0 })
    network.script("POST", APPEND, { kind: "lost_answer" }, { kind: "lost_answer" })
    await failure(producer.send({ partition: 0, value: 1 }))
    network.script("POST", /\/v1\/producers/, { kind: "lost_answer" })
    expect(await producer.send({ partition: 0, value: 2 })).toMatchObject({ offset: 2 })
  })

  it("uses the sequences of a refused batch for the next one", async () => {
    await using producer = client.log.topic(name).producer({ retries: 0 })
    client.network.script("POST", APPEND, { kind: "problem", code: "storage_full" })
    expect(await failure(producer.send({ partition: 0, value: 1 }))).toMatchObject({ code: "storage_full" })
    expect(await producer.send({ partition: 0, value: 2 })).toMatchObject({ offset: 0 })
    expect(client.network.count("POST", /\/v1\/producers/)).toBe(1)
  })

  it("goes on where the topic was deleted and made again", async () => {
    await using producer = client.log.topic(name).producer()
    await producer.send({ partition: 0, value: "old" })
    await client.log.topics.delete(name)
    await client.log.topics.create(name, { partitions: 3 })
    expect(await producer.send({ partition: 0, value: "new" })).toMatchObject({ offset: 0 })
    expect(await values(0)).toEqual(["new"])
  })

  it("fails the records of a topic that is gone, and takes others'", async () => {
    await client.log.topics.create(`${name}-other`)
    await using producer = client.log.producer()
    await producer.send({ topic: name, value: 1 })
    await client.log.topics.delete(name)
    expect(await failure(producer.send({ topic: name, value: 2 }))).toMatchObject({ code: "topic_not_found" })
    expect(await producer.send({ topic: `${name}-other`, value: 3 })).toMatchObject({ offset: 0 })
  })

  it("ends where another producer takes the id over", async () => {
    const { log, network } = client
    await using producer = log.topic(name).producer()
    await producer.send({ partition: 0, value: 1 })
    const id = await producerIdOf(name)
    const taken = await log.initProducer({ id, epoch: 0 })
    await log.topic(name).produce({ value: 2 }, { partition: 0, producer: { ...taken, sequence: 0 } })
    expect(await failure(producer.send({ partition: 0, value: 3 }))).toBeInstanceOf(ProducerFencedError)
    expect(await failure(producer.send({ partition: 1, value: 4 }))).toBeInstanceOf(ProducerFencedError)
    expect(network.count("POST", APPEND)).toBe(3)
  })

  it("without idempotence says that an outcome is unknown instead of sending twice", async () => {
    await using producer = client.log.topic(name).producer({ enableIdempotence: false })
    client.network.script("POST", APPEND, { kind: "problem", code: "unavailable" }, { kind: "lost_answer" })
    expect(await failure(producer.send({ partition: 0, value: 1 }))).toBeInstanceOf(OutcomeUnknownError)
    expect(client.network.count("POST", APPEND)).toBe(2)
    expect(client.network.count("POST", /producers/)).toBe(0)
    await producer.send({ partition: 0, value: 2 })
    expect(await values(0)).toEqual([1, 2])
  })

  it("gives a record up after deliveryTimeoutMs, definitely where nothing was sent", async () => {
    await using producer = client.log.topic(name).producer({ deliveryTimeoutMs: 3_000 })
    await producer.send({ partition: 0, value: 0 })
    client.network.inject(() => ({ kind: "refused" }))
    const error = await failure(producer.send({ partition: 0, value: 1 }))
    expect(error).toMatchObject({ code: "connection_failed", sideEffects: "none" })
    client.network.inject(() => ({ kind: "hangs", arrives: false }))
    const unsure = producer.send({ partition: 0, value: 2 })
    expect(await failure(unsure)).toMatchObject({ code: "outcome_unknown", cause: expect.any(TimeoutError) })
  })

  it("waits for a service that is not there yet", async () => {
    let calls = 0
    client.network.inject(() => (calls++ < 20 ? { kind: "refused" } : { kind: "none" }))
    await using producer = client.log.topic(name).producer()
    expect(await producer.send({ partition: 0, value: 1 })).toMatchObject({ offset: 0 })
  })
})

describe("the buffer", () => {
  const counting = () => {
    let seen = 0
    const validate = (value: unknown) => {
      seen++
      return { value }
    }
    return { seen: () => seen, schema: { "~standard": { version: 1 as const, vendor: "test", validate } } }
  }

  it("takes no more records than its memory, and the next as soon as there is room", async () => {
    const { network, log } = client
    const { seen, schema } = counting()
    // A record of 1,000 bytes takes about 1,300 with what surrounds it.
    const options = { bufferMemory: 10_000, deliveryTimeoutMs: 1e9, maxBlockMs: 1e9 }
    const producer = log.topic(name, { value: schema }).producer(options)
    await producer.send({ partition: 0, value: 0 })
    network.inject(() => ({ kind: "problem", code: "unavailable" }))
    const sent = Array.from({ length: 100 }, (_, number) =>
      producer.send({ partition: 0, value: `${number}`.padEnd(1_000) }),
    )
    await pollUntil(() => network.count("POST", APPEND) > 5)
    expect(seen()).toBeGreaterThan(5)
    expect(seen()).toBeLessThan(12)
    network.inject(() => ({ kind: "none" }))
    await producer.close()
    expect((await Promise.all(sent)).map(({ offset }) => offset)).toEqual(sent.map((_, number) => number + 1))
  })

  it("is full for longer than maxBlockMs: a clear error", async () => {
    client.network.inject((method) => (method === "POST" ? { kind: "refused" } : { kind: "none" }))
    const producer = client.log.topic(name).producer({ bufferMemory: 1_000, maxBlockMs: 50, deliveryTimeoutMs: 500 })
    const [first, second] = [1, 2].map((number) => failure(producer.send({ value: `${number}`.padEnd(500) })))
    expect(await second).toMatchObject({ code: "buffer_exhausted", retryable: true, sideEffects: "none" })
    expect(await first).toMatchObject({ code: "connection_failed" })
    expect(await failure(producer.send({ value: "x".repeat(2_000) }))).toMatchObject({
      code: "buffer_exhausted",
      retryable: false,
    })
    await producer.close()
  })

  it("lets go of a record whose signal aborts while it waits", async () => {
    const producer = client.log.topic(name).producer({ bufferMemory: 1_000, deliveryTimeoutMs: 500 })
    await producer.send({ value: 0 })
    client.network.inject(() => ({ kind: "refused" }))
    const controllers = [1, 2, 3].map(() => new AbortController())
    const ends = controllers.map(({ signal }) => failure(producer.send({ value: "".padEnd(500) }, { signal })))
    controllers[2]?.abort(new Error("third"))
    expect(await ends[2]).toMatchObject({ message: "third" })
    controllers[1]?.abort(new Error("second"))
    expect(await ends[1]).toMatchObject({ message: "second" })
    controllers[0]?.abort(new Error("first"))
    expect(await ends[0]).toMatchObject({ code: "connection_failed" })
    await producer.close()
  })

  it("is sent without lingering where it is full", async () => {
    await using producer = client.log.topic(name).producer({ bufferMemory: 3_000, lingerMs: 1e9 })
    const sent = Array.from({ length: 9 }, (_, number) =>
      producer.send({ partition: number % 3, value: "".padEnd(500) }),
    )
    await Promise.all(sent.slice(0, 4))
    await producer.flush()
    expect(await Promise.all(sent)).toHaveLength(9)
  })
})

describe("refusals", () => {
  it.each([
    [{ acks: "1" as "all" }, /acks/],
    [{ batchSize: 0 }, /batchSize/],
    [{ lingerMs: Number.NaN }, /lingerMs/],
  ])("of the setting %j", (options, sentence) => {
    expect(() => client.log.topic(name).producer(options)).toThrow(sentence)
  })

  it("of a codec that the platform cannot write", async () => {
    const { log } = await openClientWithoutCodecs()
    expect(() => log.producer({ compressionType: "zstd" })).toThrow(StratalogError)
  })

  it.each([
    [{ value: 1, partition: 3 }, "invalid_argument"],
    [{ value: 1, timestamp: 1.5 }, "invalid_argument"],
    [{ value: undefined, key: "\ud800" }, "schema_mismatch"],
    [{ value: () => 1 }, "schema_mismatch"],
    [{ value: 1, headers: [["\ud800", "x"]] as const }, "invalid_argument"],
  ])("of a record that cannot be stored, without harm to the others: %j", async (record, code) => {
    await using producer = client.log.topic(name).producer()
    const bad = failure(producer.send(record))
    expect(await producer.send({ partition: 0, value: "good" })).toMatchObject({ offset: 0 })
    expect(await bad).toMatchObject({ code, sideEffects: "none" })
  })

  it("of records after close", async () => {
    const producer = client.log.topic(name).producer()
    const before = producer.send({ value: 1 })
    await producer.close()
    expect(await before).toMatchObject({ offset: 0 })
    expect(await failure(producer.send({ value: 2 }))).toMatchObject({ code: "producer_closed" })
  })
})

async function openClientWithoutCodecs() {
  const { Stratalog } = await import("stratalog")
  const { portableCrc32c } = await import("stratalog/record-batch")
  return { log: new Stratalog({ url: "http://service.test", codecs: { crc32c: portableCrc32c } }) }
}

/** The producer id that stands in the topic's first batch. */
async function producerIdOf(topic: string): Promise<number> {
  const { readBatchHeader } = await import("stratalog/record-batch")
  const answer = await client.network.fetch(`http://service.test/v1/topics/${topic}/partitions/0/records`, {
    headers: { accept: "application/vnd.kafka.record-batch" },
  })
  return readBatchHeader(new Uint8Array(await answer.arrayBuffer())).producerId
}

async function pollUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1))
}
