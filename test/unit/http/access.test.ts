import { afterAll, describe, expect, it } from "vitest"
import type { Exchange } from "../../../functions/http/api.ts"
import { openHttpApi } from "../../fakes/http-api.ts"
import { allowing, namedCallers } from "../../fakes/named-callers.ts"

const lists = allowing("User:alice", "write topic orders", "read group billing", "read topic orders*")

describe("an API that asks who calls", () => {
  const exchanges: Exchange[] = []
  const finished = (exchange: Exchange) => exchanges.push(exchange)
  const api = openHttpApi({}, {}, { finished }, namedCallers(lists))
  afterAll(() => api.dispose())
  const as = (authorization: string, json?: unknown) => ({
    headers: { authorization },
    ...(json !== undefined && { json }),
  })

  it("lets nobody in whom it does not know, and says how to be known", async () => {
    const response = await api.send("GET", "/v1/topics/orders")
    expect(response.status).toBe(401)
    expect(response.headers.get("www-authenticate")).toBe('Bearer realm="stratalog"')
    expect(await response.json()).toMatchObject({
      code: "unauthenticated",
      detail: "Say who you are.",
      retryable: false,
    })
    expect(exchanges.at(-1)).toMatchObject({ routeId: "describeTopic", caller: undefined, answer: { status: 401 } })
  })

  it("asks nobody for health and for what is not there", async () => {
    expect((await api.send("GET", "/v1/health")).status).toBe(200)
    expect((await api.send("GET", "/nothing")).status).toBe(404)
  })

  it("refuses what is not allowed, before it looks, and says what is missing", async () => {
    const problem = await api.refused("GET", "/v1/topics/none", as("User:bob"))
    expect(problem).toMatchObject({
      code: "not_authorized",
      status: 403,
      detail: "User:bob is not allowed to describe topic none.",
      denied: [{ operation: "describe", resourceType: "topic", resourceName: "none" }],
    })
    expect(exchanges.at(-1)?.caller?.name).toBe("User:bob")
  })

  it("refuses a request about several topics whole", async () => {
    const entry = { partition: 0, records: [{ value: 1 }] }
    const json = { entries: ["orders", "other", "third", "other"].map((topic) => ({ ...entry, topic })) }
    const problem = await api.refused("POST", "/v1/produce", as("User:alice", json))
    expect(problem.detail).toBe("User:alice is not allowed to write topic other and 1 more.")
    expect(problem["denied"]).toHaveLength(2)
  })

  it("lets a super-user do everything, and others what the lists say", async () => {
    await api.send("PUT", "/v1/topics/orders", as("User:root"))
    const records = { records: [{ value: 1 }] }
    expect((await api.send("POST", "/v1/topics/orders/records", as("User:alice", records))).status).toBe(200)
    expect((await api.send("POST", "/v1/topics/orders/records", as("User:bob", records))).status).toBe(403)
    expect((await api.send("POST", "/v1/producers", as("User:alice", {}))).status).toBe(200)
    expect(await api.refused("POST", "/v1/producers", as("User:bob", {}))).toMatchObject({
      status: 403,
      // Nobody is led to allow them all.
      detail: expect.stringMatching(/^User:bob is not allowed to write on any topic: .* on no others\.$/),
    })
  })

  it("takes for a pattern the right to whatever it may ever match", async () => {
    const heartbeat = (topics: string[]) =>
      api.send("POST", "/v1/groups/billing/members/m1/heartbeat", as("User:alice", { memberEpoch: 0, topics }))
    expect((await heartbeat(["^orders-.*"])).status).toBe(200)
    const refused = await heartbeat(["^order.*"])
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({
      detail: "User:alice is not allowed to read every topic whose name begins with order.",
      denied: [{ operation: "read", resourceType: "topic", resourceName: "order", patternType: "prefixed" }],
    })
  })
})
