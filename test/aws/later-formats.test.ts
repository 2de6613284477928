/** Items that a later version wrote in a form of its own are refused with a sentence, whoever comes upon them. */
import { PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb"
import { limits } from "stratalog/protocol"
import { afterAll, beforeAll, expect, it } from "vitest"
import { encodeEntry } from "../../functions/storage/aws/dynamodb/codec/entry.ts"
import { stateKey } from "../../functions/storage/aws/dynamodb/codec/group-members.ts"
import { headKey, type Key } from "../../functions/storage/aws/dynamodb/codec/keys.ts"
import { producerKey } from "../../functions/storage/aws/dynamodb/codec/producer-epoch.ts"
import { topicKey } from "../../functions/storage/aws/dynamodb/codec/topic.ts"
import { refuseLaterItems } from "../../functions/storage/aws/dynamodb/later-formats.ts"
import { prepareStorage } from "../../functions/storage/aws/prepare.ts"
import { itemsToLines, readItems } from "../formats/table-dump.ts"
import { apiService, type Service } from "./api-service.ts"
import { describeOnDynamoDb, dynamoDbEndpoint, type TemporaryTable, temporaryTable } from "./dynamodb.ts"
import { type S3ForTests, startS3ForTests, type TemporaryBucket, temporaryBucket } from "./s3.ts"

const SENTENCE =
  /of format 2, and this version of Stratalog knows formats up to 1: install version 0\.9\.0 or a later one/
const credentials = { accessKeyId: "local", secretAccessKey: "local" }

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

describeOnDynamoDb("an item of a later format", () => {
  let s3: S3ForTests
  let table: TemporaryTable
  let bucket: TemporaryBucket
  let service: Service
  let partition: { topicId: string; partition: number }

  beforeAll(async () => {
    s3 = await startS3ForTests()
    table = await temporaryTable()
    bucket = await temporaryBucket(s3.endpoint)
    service = apiService({ ...table, ...bucket }, { limits })
    const { body } = await service.send("PUT", "/v1/topics/orders", { partitions: 1 })
    partition = { topicId: String(body["id"]), partition: 0 }
    await service.send("PUT", "/v1/topics/others", { partitions: 1 })
  })
  afterAll(async () => {
    await table.dispose()
    await bucket.dispose()
    await s3.stop()
  })

  const client = () => table.clients.repeating
  const append = (topic: string) =>
    service.send("POST", `/v1/topics/${topic}/partitions/0/records`, { records: [{ value: 1 }] })

  /** What `work` answers while the item under `at` has this mark. */
  async function whileMarked(at: Key, work: () => Promise<Answer>, mark = "2 0.9.0"): Promise<Answer> {
    const set = (expression: string, values?: { ":v": { S: string } }) =>
      new UpdateItemCommand({
        TableName: table.table,
        Key: at,
        UpdateExpression: expression,
        ...(values && { ExpressionAttributeValues: values }),
      })
    await client().send(set("SET V = :v", { ":v": { S: mark } }))
    try {
      return await work()
    } finally {
      await client().send(set("REMOVE V"))
    }
  }

  it("that is a topic stops who appends, reads, changes and lists, and no other topic's clients", async () => {
    await append("orders")
    for (const work of [
      () => append("orders"),
      () => service.send("GET", "/v1/topics/orders/partitions/0/records"),
      () => service.send("PATCH", "/v1/topics/orders", { config: { "retention.ms": 1 } }),
      () => service.send("GET", "/v1/topics"),
    ]) {
      const { status, body } = await whileMarked(topicKey("orders"), work)
      expect(status).toBe(503)
      expect(body["detail"]).toMatch(SENTENCE)
    }
    expect((await whileMarked(topicKey("orders"), () => append("others"))).status).toBe(200)
    expect((await append("orders")).status).toBe(200)
  })

  it("that is a head is not written over, and upkeep leaves its partition alone", async () => {
    await append("orders")
    const read = await whileMarked(headKey(partition), () => service.send("GET", "/v1/topics/orders/offsets"))
    expect(read).toMatchObject({ status: 503, body: { detail: expect.stringMatching(SENTENCE) } })
    const run = await whileMarked(headKey(partition), async () => {
      const before = await rawItems()
      const { report } = await service.upkeep({ until: Number.POSITIVE_INFINITY, sweep: true })
      expect(await rawItems()).toEqual(before)
      return { status: report.failures.length, body: { ...report.failures[0] } }
    })
    expect(run.status).toBeGreaterThan(0)
    expect(JSON.stringify(run.body)).toMatch(SENTENCE)
  })

  it("that is a group's state, or a producer's epoch, is said to be", async () => {
    const path = "/v1/groups/billing/members/a/poll"
    expect((await service.send("POST", path, { memberEpoch: 0, topics: ["orders"] })).status).toBe(200)
    const poll = () => service.send("POST", path, { memberEpoch: 1 })
    const polled = await whileMarked(stateKey("billing"), poll)
    expect(polled).toMatchObject({ status: 503, body: { detail: expect.stringMatching(SENTENCE) } })
    const { body } = await service.send("POST", "/v1/producers", {})
    const next = () => service.send("POST", "/v1/producers", { id: body["id"], epoch: 0 })
    expect((await next()).status).toBe(200)
    const asked = await whileMarked(producerKey(Number(body["id"])), next)
    expect(asked).toMatchObject({ status: 503, body: { detail: expect.stringMatching(SENTENCE) } })
  })

  it("is an entry of an unknown form, too", async () => {
    const { body } = await service.send("PUT", "/v1/topics/strange", { partitions: 1 })
    const strange = headKey({ topicId: String(body["id"]), partition: 0 })
    const placement = { kind: "inline" as const, batches: new Uint8Array(0) }
    const entry = { id: "00".repeat(8), recordCount: 1, bytes: 0, maxTimestamp: 0, sequences: [], placement }
    const bytes = encodeEntry(entry)
    bytes[0] = 128 | (bytes[0] ?? 0)
    const counts = { g: { N: "1" }, n: { N: "1" }, b: { N: "20" }, a: { N: "1" } }
    const item = { ...strange, ...counts, p: { M: {} }, t: { L: [{ B: bytes }] } }
    await client().send(new PutItemCommand({ TableName: table.table, Item: item }))
    const answer = await service.send("GET", "/v1/topics/strange/partitions/0/records")
    expect(answer.status).toBe(503)
    expect(answer.body["detail"]).toMatch(/was written by a later version: install that one/)
  })

  it("keeps a server from starting on the table", async () => {
    const prepare = () =>
      prepareStorage({
        table: table.table,
        bucket: bucket.bucket,
        create: false,
        dynamoDb: { endpoint: dynamoDbEndpoint(), region: "us-east-1", credentials },
        s3: { endpoint: s3.endpoint, region: "us-east-1", credentials },
      })
    expect(await prepare()).toEqual({ kind: "usable" })
    const refused = await whileMarked(topicKey("others"), async () => ({ status: 0, body: { ...(await prepare()) } }))
    expect(refused.body).toEqual({ kind: "unusable", detail: expect.stringMatching(SENTENCE) })
  })

  it("of this format, or marked with nothing that can be read, is what it says", async () => {
    const read = () => service.send("GET", "/v1/topics/others/partitions/0/records")
    expect((await whileMarked(topicKey("others"), read, "1 0.1.0")).status).toBe(200)
    const unreadable = await whileMarked(topicKey("others"), read, "?")
    expect(unreadable.body["detail"]).toMatch(/item topics of the DynamoDB table .* was written by a later version/)
  })

  /** As they are, past the client that refuses them. */
  async function rawItems(): Promise<string> {
    client().middlewareStack.remove("refuseLaterItems")
    const items = await readItems(client(), table.table)
    refuseLaterItems(client())
    return itemsToLines(items)
  }
})
