/** What a caller hears of an append over HTTP when the clients of DynamoDB and S3 meet faults, and what the log then holds. */
import { ConditionalCheckFailedException, ThrottlingException } from "@aws-sdk/client-dynamodb"
import { afterAll, afterEach, beforeAll, expect, it } from "vitest"
import { describeOnDynamoDb } from "./dynamodb.ts"
import { type FaultySubject, faultySubject } from "./faulty-service.ts"

/** More than any client tries. */
const ALL = 100
const BY_OBJECT = "x".repeat(500_000)

describeOnDynamoDb("an append over HTTP", () => {
  let subject: FaultySubject
  beforeAll(async () => {
    subject = await faultySubject()
  })
  afterEach(() => {
    subject.dynamoDb.clear()
    subject.s3.script()
  })
  afterAll(() => subject.dispose())

  const recordsOf = (topic: string) => `/v1/topics/${topic}/partitions/0/records`
  const append = (topic: string, value: string, more: object = {}) =>
    subject.service.send("POST", recordsOf(topic), { records: [{ value }], valueFormat: "utf8", ...more })

  /** A topic with one record, of which the service knows. */
  async function begun(): Promise<string> {
    const topic = await subject.newTopic()
    expect(await append(topic, "first")).toMatchObject({ status: 200, body: { baseOffset: 0 } })
    return topic
  }

  async function values(topic: string): Promise<unknown[]> {
    const { body } = await subject.another().send("GET", `${recordsOf(topic)}?offset=0&valueFormat=utf8`)
    return (body["records"] as { readonly value: string }[]).map(({ value }) => value)
  }

  it("whose answer is lost after its effect is there once, and its offset is told", async () => {
    const topic = await begun()
    subject.dynamoDb.loseAnswers("UpdateItem", 1)
    expect(await append(topic, "second")).toMatchObject({ status: 200, body: { baseOffset: 1 } })
    expect(subject.dynamoDb.left()).toBe(0)
    expect(await values(topic)).toEqual(["first", "second"])
  })

  it("that never arrived is sent again", async () => {
    const topic = await begun()
    subject.dynamoDb.loseRequests("UpdateItem", 1)
    expect(await append(topic, "second")).toMatchObject({ status: 200, body: { baseOffset: 1 } })
    expect(subject.dynamoDb.left()).toBe(0)
    expect(await values(topic)).toEqual(["first", "second"])
  })

  it("of which no attempt is answered is unknown, and a producer that sends it again hears its offset", async () => {
    const topic = await begun()
    const { body: producer } = await subject.another().send("POST", "/v1/producers", {})
    const sequence = { producer: { id: producer["id"], epoch: producer["epoch"], sequence: 0 } }
    subject.dynamoDb.loseAnswers("UpdateItem", 1, () => {
      subject.dynamoDb.loseRequests("UpdateItem", ALL)
      subject.dynamoDb.loseRequests("GetItem", ALL)
    })
    const lost = await append(topic, "second", sequence)
    expect(lost).toMatchObject({ status: 503, body: { code: "outcome_unknown", sideEffects: "unknown" } })
    expect(subject.dynamoDb.left()).toBeLessThan(2 * ALL)
    subject.dynamoDb.clear()
    const again = await append(topic, "second", sequence)
    expect(again).toMatchObject({ status: 200, body: { baseOffset: 1, duplicate: true } })
    expect(await values(topic)).toEqual(["first", "second"])
  })

  it("that lands after its sender went on is refused", async () => {
    const topic = await begun()
    const late: (() => Promise<unknown>)[] = []
    subject.dynamoDb.detour("UpdateItem", async (input, send) => {
      if (late.length > 0) return send(input)
      late.push(() => send(input))
      throw Object.assign(new Error("no answer came"), { name: "TimeoutError", code: "ETIMEDOUT" })
    })
    expect(await append(topic, "second")).toMatchObject({ status: 200, body: { baseOffset: 1 } })
    expect(late).toHaveLength(1)
    await expect(late[0]?.()).rejects.toThrow(ConditionalCheckFailedException)
    expect(await values(topic)).toEqual(["first", "second"])
  })

  it("that is throttled goes through when that ends, and is refused without effect when it does not", async () => {
    const topic = await begun()
    let throttled = 0
    const throttle = (times: number) => {
      throttled = 0
      subject.dynamoDb.detour("UpdateItem", async (input, send) => {
        if (throttled === times) return send(input)
        throttled += 1
        throw new ThrottlingException({ message: "slow down", $metadata: { httpStatusCode: 400, attempts: 1 } })
      })
    }
    throttle(2)
    expect(await append(topic, "second")).toMatchObject({ status: 200, body: { baseOffset: 1 } })
    expect(throttled).toBe(2)
    throttle(Number.POSITIVE_INFINITY)
    const refused = await append(topic, "never")
    expect(refused).toMatchObject({ status: 429, body: { code: "too_many_requests", sideEffects: "none" } })
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0)
    expect(throttled).toBeGreaterThan(2)
    expect(await values(topic)).toEqual(["first", "second"])
  })

  it("whose object S3 refuses or loses goes through when that ends, and is refused without effect when it does not", async () => {
    const topic = await begun()
    const slowDown = { kind: "refuse", code: "SlowDown" } as const
    subject.s3.script(slowDown, { kind: "lose" }, { kind: "break" })
    expect(await append(topic, BY_OBJECT)).toMatchObject({ status: 200, body: { baseOffset: 1 } })
    expect(subject.s3.left).toBe(0)
    subject.s3.script(...Array.from({ length: ALL }, () => slowDown))
    const refused = await append(topic, BY_OBJECT)
    expect(refused).toMatchObject({ status: 429, body: { sideEffects: "none" } })
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0)
    expect(subject.s3.left).toBeLessThan(ALL)
    subject.s3.script()
    expect(await values(topic)).toEqual(["first", BY_OBJECT])
  })

  it("that is larger than the topic or the service takes is refused before any request", async () => {
    const topic = await begun()
    subject.dynamoDb.clear()
    expect(await append(topic, "x".repeat(1_100_000))).toMatchObject({ status: 413, body: { code: "batch_too_large" } })
    expect(await append(topic, "x".repeat(20_000_000))).toMatchObject({ status: 413 })
    expect([...subject.dynamoDb.attempts.keys()].filter((name) => name !== "GetItem")).toEqual([])
    expect(subject.s3.requests).toBe(0)
    expect(await values(topic)).toEqual(["first"])
  })
})
