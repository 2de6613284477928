import { randomBytes } from "node:crypto"
import { BATCH_TYPE } from "stratalog/protocol"
import { afterAll, describe, expect, it } from "vitest"
import { allEndpoints } from "../../../functions/http/endpoints/all.ts"
import type { HttpEvent, RestEvent } from "../../../functions/lambda/events.ts"
import { everybody } from "../../../functions/lambda/gates.ts"
import { gatewayHandler } from "../../../functions/lambda/gateway-handler.ts"
import { BASE64_BODY_BYTES, lambdaLimits } from "../../../functions/lambda/limits.ts"
import { openHttpApi } from "../../fakes/http-api.ts"

const service = openHttpApi({ limits: lambdaLimits })
const echo = {
  path: "/echo/:name",
  respond: ({
    params,
    search,
    header,
  }: {
    params: object
    search: string
    header(name: string): string | undefined
  }) => ({
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ params, search, one: header("x-one"), two: header("x-two") }),
  }),
}
const large = { path: "/large", respond: () => ({ status: 200, headers: {}, body: "x".repeat(BASE64_BODY_BYTES * 2) }) }
const handler = gatewayHandler(service.deps, {
  endpointsOf: allEndpoints,
  pages: [echo, large],
  gateOf: everybody,
  corsOrigins: ["https://app.example.com"],
})
afterAll(() => service.dispose())

const context = { awsRequestId: "invocation-1", getRemainingTimeInMillis: () => 10_000 }

function http(method: string, rawPath: string, more: Partial<HttpEvent> = {}, stage = "$default"): HttpEvent {
  const requestContext = { stage, http: { method } }
  return { version: "2.0", rawPath, rawQueryString: "", headers: {}, requestContext, ...more }
}

function rest(httpMethod: string, path: string, more: Partial<RestEvent> = {}): RestEvent {
  return { httpMethod, path, multiValueHeaders: null, multiValueQueryStringParameters: null, body: null, ...more }
}

const bodyOf = async (event: HttpEvent | RestEvent) => JSON.parse((await handler(event, context)).body)

describe("events", () => {
  it.each([
    ["encoded", "/echo/a%2Fb%20%C3%A9"],
    ["decoded", "/echo/a%2Fb é"],
  ])("lead to the same request with the path %s", async (_, path) => {
    expect(await bodyOf(http("GET", path))).toMatchObject({ params: { name: "a/b é" } })
    expect(await bodyOf(rest("GET", path))).toMatchObject({ params: { name: "a/b é" } })
  })

  it("keep what a decoded path holds out of the query", async () => {
    expect(await bodyOf(http("GET", "/echo/a?b#c\\d", { rawQueryString: "x=1" }))).toMatchObject({
      params: { name: "a?b#c\\d" },
      search: "x=1",
    })
  })

  it.each(["..", ".", "%2e%2E", ".%2e", "%2E"])(
    "lead nowhere by %s: who may call what was decided by the path as it is",
    async (dots) => {
      for (const path of [
        `/v1/topics/${dots}/limits`,
        `/v1/topics/${dots}`,
        `/${dots}/v1/limits`,
        `/v1/limits/${dots}/limits`,
      ]) {
        for (const event of [http("GET", path), rest("GET", path)]) {
          expect(["invalid_request", "route_not_found"], path).toContain((await bodyOf(event)).code)
        }
      }
    },
  )

  it("of a named stage begin with it", async () => {
    expect(await bodyOf(http("GET", "/live/echo/live", {}, "live"))).toMatchObject({ params: { name: "live" } })
  })

  it("carry queries and headers with several values", async () => {
    const query = await bodyOf(
      rest("GET", "/echo/x", {
        multiValueQueryStringParameters: { q: ["a b", "c&d"] },
        multiValueHeaders: { "X-One": ["1", "2"], "x-two": ["ü\u{1f600}"] },
      }),
    )
    expect([...new URLSearchParams(query.search)]).toEqual([
      ["q", "a b"],
      ["q", "c&d"],
    ])
    expect(query).toMatchObject({ one: "1, 2" })
    expect(await bodyOf(http("GET", "/echo/x", { headers: { "x-one": "1,2" } }))).toMatchObject({ one: "1,2" })
  })

  it("may have a body where a request cannot", async () => {
    expect((await handler(http("GET", "/v1/limits", { body: "x" }), context)).statusCode).toBe(200)
    expect((await handler(http("TRACE", "/v1/limits"), context)).statusCode).toBe(405)
  })
})

describe("answers", () => {
  it("are empty to HEAD", async () => {
    const answer = await handler(http("HEAD", "/v1/limits"), context)
    expect(answer).toMatchObject({ statusCode: 200, body: "" })
    expect(answer.headers["content-type"]).toBe("application/json")
  })

  it("tell other origins what they may", async () => {
    const headers = { origin: "https://app.example.com" }
    const answer = await handler(http("OPTIONS", "/v1/limits", { headers }), context)
    expect(answer.statusCode).toBe(204)
    expect(answer.headers["access-control-allow-origin"]).toBe("https://app.example.com")
  })

  it("carry the invocation's id where the caller gave none", async () => {
    expect((await handler(http("GET", "/v1/limits"), context)).headers["x-request-id"]).toBe("invocation-1")
    const headers = { "x-request-id": "mine" }
    expect((await handler(http("GET", "/v1/limits", { headers }), context)).headers["x-request-id"]).toBe("mine")
  })

  it("are base64 where they are bytes, both ways", async () => {
    await handler(http("PUT", "/v1/topics/binary"), context)
    const path = "/v1/topics/binary/partitions/0/records"
    const value = randomBytes(100).toString("base64")
    const body = Buffer.from(JSON.stringify({ valueFormat: "base64", records: [{ value }] })).toString("base64")
    const produced = await handler(http("POST", path, { body, isBase64Encoded: true }), context)
    expect(produced).toMatchObject({ statusCode: 200, isBase64Encoded: false })
    const batch = await handler(http("GET", path, { headers: { accept: BATCH_TYPE } }), context)
    expect(batch.isBase64Encoded).toBe(true)
    const type = { "content-type": BATCH_TYPE }
    const copied = http("POST", path, { headers: type, body: batch.body, isBase64Encoded: true })
    expect((await handler(copied, context)).statusCode).toBe(200)
    const both = await bodyOf(http("GET", path, { rawQueryString: "valueFormat=base64" }))
    expect(both.records.map((record: { value: string }) => record.value)).toEqual([value, value])
  })

  it("say so where Lambda cannot carry them", async () => {
    const answer = await handler(http("GET", "/large", { headers: { "x-request-id": "big" } }), context)
    expect(answer.statusCode).toBe(500)
    expect(answer.headers["x-request-id"]).toBe("big")
    expect(JSON.parse(answer.body)).toMatchObject({ code: "internal_error" })
  })

  it("come before the function's time is over, though the reader would wait longer", async () => {
    await handler(http("PUT", "/v1/topics/waiting"), context)
    const event = http("GET", "/v1/topics/waiting/partitions/0/records", { rawQueryString: "wait=20s" })
    const answer = await handler(event, { ...context, getRemainingTimeInMillis: () => 2_050 })
    expect(JSON.parse(answer.body)).toMatchObject({ records: [], nextOffset: 0 })
  })
})
