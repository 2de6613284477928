/** Requests that come twice, and callers that go away before the answer: what has a sequence is in the log once. */
import { randomUUID } from "node:crypto"
import { request } from "node:http"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { allEndpoints } from "../../functions/http/endpoints/all.ts"
import type { HttpEvent } from "../../functions/lambda/events.ts"
import { everybody } from "../../functions/lambda/gates.ts"
import { gatewayHandler } from "../../functions/lambda/gateway-handler.ts"
import { type ServerProcess, spawnServer } from "../torture/server-process.ts"
import { describeOnDynamoDb } from "./dynamodb.ts"
import { awsEnvironment } from "./environment.ts"
import { type FaultySubject, faultySubject } from "./faulty-service.ts"
import { type S3ForTests, startS3ForTests } from "./s3.ts"

const recordsOf = (topic: string) => `/v1/topics/${topic}/partitions/0/records`
const numbered = (sequence: number, id: unknown) => ({
  records: [{ value: `value ${sequence}` }],
  valueFormat: "utf8",
  producer: { id, epoch: 0, sequence },
})
const valuesOf = (body: Readonly<Record<string, unknown>>) =>
  (body["records"] as readonly { readonly value: string }[]).map(({ value }) => value)

describeOnDynamoDb("an invocation of the function", () => {
  let subject: FaultySubject
  beforeAll(async () => {
    subject = await faultySubject()
  })
  afterAll(() => subject.dispose())

  it("that comes twice, one after another or both at once, appends once and answers the same offset", async () => {
    const topic = await subject.newTopic()
    const { body: producer } = await subject.another().send("POST", "/v1/producers", {})
    // Each environment is a process of its own.
    const environment = () =>
      gatewayHandler(subject.another().deps, {
        endpointsOf: allEndpoints,
        pages: [],
        gateOf: everybody,
        corsOrigins: [],
      })
    const [one, other] = [environment(), environment()]
    const context = { awsRequestId: "same", getRemainingTimeInMillis: () => 20_000 }
    for (let sequence = 0; sequence < 10; sequence++) {
      const event: HttpEvent = {
        version: "2.0",
        rawPath: recordsOf(topic),
        rawQueryString: "",
        headers: { "content-type": "application/json" },
        requestContext: { stage: "$default", http: { method: "POST" } },
        body: JSON.stringify(numbered(sequence, producer["id"])),
      }
      const answers =
        sequence % 2 === 0
          ? await Promise.all([one(event, context), other(event, context)])
          : [await one(event, context), await other(event, context)]
      const bodies = answers.map(({ statusCode, body }) => ({ statusCode, ...JSON.parse(body) }))
      expect(bodies).toMatchObject(Array(2).fill({ statusCode: 200, baseOffset: sequence }))
      expect(bodies.filter(({ duplicate }) => duplicate === true)).toHaveLength(1)
    }
    const { body } = await subject.another().send("GET", `${recordsOf(topic)}?offset=0&valueFormat=utf8`)
    expect(valuesOf(body)).toEqual(Array.from({ length: 10 }, (_, sequence) => `value ${sequence}`))
  })
})

describeOnDynamoDb("a caller that goes away", () => {
  let s3: S3ForTests
  let server: ServerProcess
  let url: string
  beforeAll(async () => {
    s3 = await startS3ForTests()
    const name = `stratalog-test-${randomUUID()}`
    const args = ["--storage", "aws", "--table", name, "--bucket", name, "--create"]
    server = spawnServer({ dataDir: "unused", args, env: awsEnvironment(s3.endpoint) })
    url = (await server.ready) ?? ""
  })
  afterAll(async () => {
    await server.kill()
    await s3.stop()
  })

  async function send(method: string, path: string, json?: unknown) {
    const headers = { "content-type": "application/json" }
    const answer = await fetch(
      url + path,
      json === undefined ? { method } : { method, headers, body: JSON.stringify(json) },
    )
    return { status: answer.status, body: await answer.json() }
  }

  /** Sends so much of the request, from 0 to 1, and breaks the connection before any answer. */
  async function abandon(path: string, json: unknown, part: number): Promise<void> {
    const body = Buffer.from(JSON.stringify(json))
    const headers = { "content-type": "application/json", "content-length": body.length }
    const sent = request(url + path, { method: "POST", headers, agent: false })
    let answered = false
    sent.on("response", () => {
      answered = true
    })
    sent.on("error", () => undefined)
    const closed = new Promise((resolve) => sent.once("close", resolve))
    sent.write(body.subarray(0, Math.floor(body.length * part)), () => sent.destroy())
    await closed
    expect(answered).toBe(false)
  }

  describe("while its append is under way", () => {
    it("leaves it whole or not at all, and hears its offset when it sends it again", async () => {
      expect((await send("PUT", "/v1/topics/left", { partitions: 1 })).status).toBe(201)
      const { body: producer } = await send("POST", "/v1/producers", {})
      for (let sequence = 0; sequence < 20; sequence++) {
        const batch = numbered(sequence, producer.id)
        await abandon(recordsOf("left"), batch, 1)
        expect(await send("POST", recordsOf("left"), batch)).toMatchObject({
          status: 200,
          body: { baseOffset: sequence },
        })
      }
      const { body } = await send("GET", `${recordsOf("left")}?offset=0&valueFormat=utf8`)
      expect(valuesOf(body)).toEqual(Array.from({ length: 20 }, (_, sequence) => `value ${sequence}`))
    })

    it("appends nothing of a request that did not come whole", async () => {
      expect((await send("PUT", "/v1/topics/half", { partitions: 1 })).status).toBe(201)
      const { body: producer } = await send("POST", "/v1/producers", {})
      for (const part of [0, 0.5, 0.99]) await abandon(recordsOf("half"), numbered(0, producer.id), part)
      expect(await send("POST", recordsOf("half"), numbered(0, producer.id))).toMatchObject({
        status: 200,
        body: { baseOffset: 0 },
      })
    })
  })
})
