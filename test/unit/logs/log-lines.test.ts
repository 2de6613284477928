import { type Route, routes } from "stratalog/protocol"
import { describe, expect, it } from "vitest"
import { anybody, callerOf } from "../../../functions/access/caller.ts"
import type { ApiRequest } from "../../../functions/http/exchange.ts"
import { administrationEvent } from "../../../functions/http/logs/administration.ts"
import { type LogEvent, logLine, saidOf } from "../../../functions/http/logs/log-line.ts"
import { storageLines } from "../../../functions/http/logs/storage-lines.ts"
import type { StorageAttempt } from "../../../functions/log/storage-observer.ts"
import { openHttpApi } from "../../fakes/http-api.ts"

const KEY = `stk_${"a2".repeat(8)}_${"A".repeat(42)}A`

describe("a line of the log", () => {
  it("is one line of JSON that begins with its time, whatever the event says", () => {
    const line = logLine(
      { level: "warn", event: "e", requestId: "r1", said: "a\nb", gone: undefined },
      1_763_600_000_000,
    )
    expect(line).toBe(
      '{"time":"2025-11-20T00:53:20.000Z","level":"warn","event":"e","requestId":"r1","said":"a\\nb"}\n',
    )
  })

  it("has no key, token or signature, even where a mistake would write one", () => {
    const error = `refused ${KEY}: "Authorization: Bearer abc.def-ghi" and Signature=0a1b2c, not Bearer2`
    const { error: said } = JSON.parse(logLine({ level: "error", event: "e", error }, 0))
    expect(said).toBe('refused stk_a2a2a2a2a2a2a2a2_...: "Authorization: Bearer ..." and Signature=..., not Bearer2')
  })

  it("tells where something broke, and not what could not be read", () => {
    expect(saidOf(new TypeError("broken"))).toMatch(/^TypeError: broken\n {4}at /)
    expect(saidOf("text")).toBe("text")
    const unread = thrownBy(() => JSON.parse("my secret"))
    expect(saidOf(unread)).toMatch(/^SyntaxError: \(what it quotes is left out\)\n {4}at /)
    expect(saidOf(thrownBy(() => BigInt("my secret")))).not.toContain("secret")
  })
})

function thrownBy(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error("nothing was thrown")
}

describe("the lines of the storage", () => {
  const failed: StorageAttempt = {
    service: "dynamodb",
    operation: "UpdateItem",
    seconds: 0.0123,
    ended: "failed",
    writeUnits: 0,
    readUnits: 0,
    detail: "DynamoDB: TimeoutError: no answer",
  }

  it("name the request", () => {
    const events: LogEvent[] = []
    const clock = { now: () => 0 }
    const tell = storageLines({ report: (event) => events.push(event), clock, requestId: () => "r7" })
    tell(failed)
    tell({ ...failed, ended: "throttled" })
    tell({ ...failed, ended: "answered" })
    const attempt = { service: "dynamodb", operation: "UpdateItem", milliseconds: 12, detail: failed.detail }
    expect(events).toEqual([
      { level: "warn", event: "storage_failed", requestId: "r7", ...attempt },
      { level: "warn", event: "storage_throttled", requestId: "r7", ...attempt },
    ])
  })

  it("are bounded while everything fails, and say how many are missing", () => {
    const events: LogEvent[] = []
    const clock = { time: 0, now: () => clock.time }
    const tell = storageLines({ report: (event) => events.push(event), clock, requestId: () => undefined })
    for (let turn = 0; turn < 500; turn += 1) tell(failed)
    expect(events).toHaveLength(20)
    clock.time = 10_000
    tell(failed)
    tell(failed)
    expect(events.slice(20).map(({ leftOut }) => leftOut)).toEqual([480, undefined])
  })
})

describe("administrative calls", () => {
  const events: (LogEvent | undefined)[] = []
  const api = openHttpApi({}, {}, { finished: (exchange) => void events.push(administrationEvent(exchange)) })

  it("are told with who and what, also where they are refused", async () => {
    await api.send("PUT", "/v1/topics/orders", { json: { partitions: 2, config: { "retention.ms": 1000 } } })
    await api.send("DELETE", "/v1/topics/orders/partitions/1/records?before=0")
    const token = { token: "secret-token", expected: null }
    await api.send("PUT", "/v1/topics/orders/partitions/0/fence", { json: token })
    await api.send("POST", "/v1/groups/g/offsets:reset", { json: { to: "earliest", execute: true } })
    await api.send("DELETE", "/v1/topics/orders")
    const common = { event: "administration", who: "User:anonymous", requestId: "request-1" }
    expect(events).toEqual([
      {
        ...common,
        level: "info",
        route: "createTopic",
        what: { topic: "orders", partitions: 2, config: { "retention.ms": 1000 } },
        status: 201,
      },
      {
        ...common,
        level: "info",
        route: "deleteRecords",
        what: { topic: "orders", partition: 1, before: 0 },
        status: 200,
      },
      { ...common, level: "info", route: "setFence", what: { topic: "orders", partition: 0 }, status: 200 },
      {
        ...common,
        level: "warn",
        route: "resetOffsets",
        what: { group: "g", to: "earliest", execute: true },
        status: 404,
        code: "group_not_found",
      },
      { ...common, level: "info", route: "deleteTopic", what: { topic: "orders" }, status: 204 },
    ])
  })

  it("are no others, and none that could not be understood", async () => {
    events.length = 0
    await api.send("GET", "/v1/topics")
    await api.send("POST", "/v1/topics/orders/records", { json: { records: [{ value: 1 }] } })
    await api.send("PUT", "/v1/topics/orders", { json: { partitions: "secret" } })
    await api.send("DELETE", "/v1/topics/none/partitions/x/records")
    expect(events).toEqual([undefined, undefined, undefined, undefined])
  })

  it("name the key that was shown: several may belong to one principal", () => {
    const request = { requestId: "r1" } as ApiRequest
    const answer = { status: 204, headers: {} }
    const caller = callerOf({ name: "User:ops", superUser: true }, [], { kind: "key", id: "k1" })
    const exchange = { routeId: "revokeKey", request, caller, audited: { key: "k2" }, answer, seconds: 0 }
    expect(administrationEvent(exchange)).toMatchObject({ who: "User:ops", key: "k1", what: { key: "k2" } })
    expect(administrationEvent({ ...exchange, caller: anybody })).not.toHaveProperty("key")
  })

  it("stay short, whatever they name", () => {
    const acls = Array.from({ length: 500 }, (_, turn) => ({ principal: `User:${turn}` }))
    const request = { requestId: "r1" } as ApiRequest
    const answer = { status: 200, headers: {} }
    const audited = { topic: "t", acls }
    const event = administrationEvent({ routeId: "addAcls", request, caller: anybody, audited, answer, seconds: 0 })
    expect(event).toMatchObject({ what: { topic: "t", acls: "500 of them" } })
  })

  it("are those of every route that changes more than records and offsets", () => {
    const administers = /^(create|alter|alter_configs|delete) |^alter cluster$/
    for (const { id, method, access, audit } of Object.values<Route>(routes)) {
      const isAdministrative =
        id === "setFence" ||
        id === "resetOffsets" ||
        (method !== "GET" && typeof access === "object" && access.some((each) => administers.test(each)))
      expect([id, audit !== undefined]).toEqual([id, isAdministrative])
    }
  })

  it("tell nothing that is a secret, and only what the route has", () => {
    for (const { id, audit = [], params, query, body } of Object.values<Route>(routes)) {
      const shapes = [params, query, body?.json].flatMap((schema) =>
        schema && "shape" in schema ? [schema.shape] : [],
      )
      const names = new Set(shapes.flatMap((shape) => Object.keys(shape as object)))
      for (const name of audit) {
        expect([id, name, names.has(name)]).toEqual([id, name, true])
        expect(name).not.toMatch(/token|secret|expected|value|header/i)
      }
    }
  })
})
