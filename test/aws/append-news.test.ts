// The real SNS client against a server that takes what is published, or fails.
import { afterAll, beforeEach, describe, expect, it } from "vitest"
import { appendToPartition } from "../../functions/log/append/append.ts"
import { createAppendNews, NEWS_EVERY_MS } from "../../functions/storage/aws/sns/append-news.ts"
import { createSnsClient } from "../../functions/storage/aws/sns/client.ts"
import { openEmbeddedService } from "../fakes/embedded-service.ts"
import { startSnsServer } from "../fakes/sns-server.ts"

const ARN = "arn:aws:sns:us-east-1:000000000000:news"
const server = await startSnsServer()
const { published } = server
const client = createSnsClient({
  endpoint: server.endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
})
afterAll(async () => {
  client.destroy()
  await server.stop()
})

let now = 0
const failed: string[] = []
const newsOf = () =>
  createAppendNews({ client, topicArn: ARN, clock: { now: () => now }, failed: (topic) => failed.push(topic) })

beforeEach(() => {
  now = 1_763_600_000_000
  server.behave("accept")
  server.forget()
  failed.length = 0
})

describe("news of appends", () => {
  it("names the topic, for people and for filters", async () => {
    await newsOf().appended("orders")
    expect(Object.fromEntries(published[0] ?? [])).toMatchObject({
      TopicArn: ARN,
      Message: '{"topic":"orders"}',
      "MessageAttributes.entry.1.Name": "topic",
      "MessageAttributes.entry.1.Value.StringValue": "orders",
    })
  })

  it("tells of many appends of a topic by one message, and of each topic", async () => {
    const news = newsOf()
    for (let append = 0; append < 50; append += 1) await news.appended("orders")
    await news.appended("payments")
    expect(published.map((each) => each.get("Message"))).toEqual(['{"topic":"orders"}', '{"topic":"payments"}'])
    now += NEWS_EVERY_MS
    await news.appended("orders")
    expect(published).toHaveLength(3)
  })

  it("is not silenced by a clock that was set back", async () => {
    const news = newsOf()
    await news.appended("orders")
    now -= 3_600_000
    await news.appended("orders")
    expect(published).toHaveLength(2)
  })

  it("never fails an append, says so, and tells with the next", async () => {
    const news = newsOf()
    server.behave("refuse")
    await news.appended("orders")
    expect(failed).toEqual(["orders"])
    server.behave("accept")
    await news.appended("orders")
    expect(published).toHaveLength(1)
  })

  it("is given by appends that became durable, and by no other", async () => {
    const service = await openEmbeddedService()
    try {
      await service.deps.topics.create({ ...ORDERS, id: "0a000000-0000-4000-8000-000000000001" })
      await service.deps.log.createPartitions("0a000000-0000-4000-8000-000000000001", 1)
      const heard: string[] = []
      const deps = { ...service.deps, news: { appended: (topic: string) => void heard.push(topic) } }
      const record = { key: null, value: new Uint8Array([1]), headers: [] }
      const append = (matchOffset: number) =>
        appendToPartition(deps, {
          topic: "orders",
          partition: 0,
          source: { kind: "records", records: [record] },
          matchOffset,
        })
      expect(await append(7)).toMatchObject({ kind: "match_failed" })
      expect(heard).toEqual([])
      expect(await append(0)).toMatchObject({ kind: "appended" })
      expect(heard).toEqual(["orders"])
    } finally {
      await service.close()
    }
  })
})

const ORDERS = { name: "orders", partitions: 1, config: {}, createdAt: 0, version: 1 }
