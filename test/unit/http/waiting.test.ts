import { type ErrorCode, limits, type Problem } from "stratalog/protocol"
import { afterEach, describe, expect, it } from "vitest"
import { callerOf } from "../../../functions/access/caller.ts"
import type { Gate } from "../../../functions/http/access/gate.ts"
import { unauthenticated } from "../../../functions/http/access/key-gate.ts"
import { type Waiter, WaitingReaders } from "../../../functions/http/records/patience.ts"
import { StorageUnavailable } from "../../../functions/log/ports.ts"
import { type HttpApi, openHttpApi } from "../../fakes/http-api.ts"
import { allowing, namedCallers } from "../../fakes/named-callers.ts"

const waiter = (name?: string): Waiter => ({ name, signal: () => new AbortController().signal })

describe("readers that wait", () => {
  it("are bounded for each caller and for all, and count until they have ended", () => {
    const waiting = new WaitingReaders({ most: 3, mostOfOne: 2 })
    const first = waiting.wait(60_000, waiter("User:a"))
    expect(waiting.wait(60_000, waiter("User:a"))).toBeDefined()
    expect(waiting.wait(60_000, waiter("User:a"))).toBeUndefined()
    expect(waiting.isFull(waiter("User:a"))).toBe("for the caller")
    const other = waiting.wait(60_000, waiter("User:b"))
    expect(other).toBeDefined()
    expect(waiting.isFull(waiter("User:b"))).toBe("for all")
    first?.end()
    first?.end()
    expect(waiting.countOf("User:a")).toBe(1)
    waiting.stop()
    expect([waiting.count, waiting.countOf("User:a"), waiting.countOf("User:b")]).toEqual([0, 0, 0])
  })

  it("are bounded for all alone where nobody is asked who they are", () => {
    const waiting = new WaitingReaders({ most: 3, mostOfOne: 1 })
    for (let index = 0; index < 3; index++) expect(waiting.wait(60_000, waiter())).toBeDefined()
    expect(waiting.isFull(waiter())).toBe("for all")
    waiting.stop()
  })
})

const named = namedCallers(allowing("User:*", "read topic *", "read group *"))

let api: HttpApi | undefined
afterEach(() => api?.dispose())

const as = (name: string) => ({ authorization: name })

async function openWithTopic(gate: Gate): Promise<HttpApi> {
  const opened = openHttpApi({ limits: { ...limits, maxWaitingReadersPerCaller: 1 } }, {}, {}, gate)
  api = opened
  expect((await opened.send("PUT", "/v1/topics/t", { json: {}, headers: as("User:root") })).status).toBe(201)
  return opened
}

describe("a caller with as many waiting readers as one may have", () => {
  it("is told to wait with the next, and keeps nobody else from it", async () => {
    const api = await openWithTopic(named)
    const records = "/v1/topics/t/partitions/0/records?wait=60s"
    const held = api.send("GET", records, { headers: as("User:a") })
    await expect.poll(() => api.api.waitingReaders()).toBe(1)
    const refused: readonly [string, string, object?][] = [
      ["GET", records],
      ["POST", "/v1/fetch", { partitions: [{ topic: "t", partition: 0 }], wait: "60s" }],
      ["POST", "/v1/groups/g/members/m/poll", { topics: ["t"], wait: "60s" }],
    ]
    for (const [method, path, json] of refused) {
      const answer = await api.send(method, path, { headers: as("User:a"), ...(json && { json }) })
      const problem = (await answer.json()) as Problem
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "1"])
      expect(problem.detail).toBe("1 readers of User:a wait already, as many as one caller may have.")
    }
    const others = api.send("GET", records, { headers: as("User:b") })
    await expect.poll(() => api.api.waitingReaders()).toBe(2)
    const made = await api.send("POST", "/v1/topics/t/partitions/0/records", {
      json: { records: [{ value: 1 }] },
      headers: as("User:root"),
    })
    expect(made.status).toBe(200)
    expect((await (await held).json()).records).toHaveLength(1)
    expect((await (await others).json()).records).toHaveLength(1)
  })
})

describe("a stream of events", () => {
  const ends: readonly [string, ErrorCode, Gate][] = [
    [
      "the key of its reader is revoked",
      "unauthenticated",
      () => Promise.reject(unauthenticated("The key is revoked.")),
    ],
    [
      "its reader may not read the topic any more",
      "not_authorized",
      () => callerOf({ name: "User:a", superUser: false }, [], { kind: "iam" }),
    ],
  ]

  it.each(ends)("ends when %s, and tells nothing more", async (_when, code, later) => {
    let gate: Gate = named
    const api = await openWithTopic((request) =>
      (request.header("authorization") === "User:root" ? named : gate)(request),
    )
    const append = () =>
      api.send("POST", "/v1/topics/t/partitions/0/records", {
        json: { records: [{ value: "secret" }] },
        headers: as("User:root"),
      })
    await append()
    const answer = await api.send("GET", "/v1/topics/t/partitions/0/records", {
      headers: { ...as("User:a"), accept: "text/event-stream" },
    })
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    const next = async () => (await reader?.read())?.value ?? ""
    expect(await next()).toBe(": connected\n\n")
    expect(await next()).toContain('"value":"secret"')
    gate = later
    const event = next()
    await append()
    const last = await event
    expect(last).toContain("event: error")
    expect(last).not.toContain("secret")
    expect(last).toContain(`"code":"${code}"`)
    expect((await reader?.read())?.done).toBe(true)
  })
})

describe("a reader that waited", () => {
  const losses: readonly [string, number, Gate][] = [
    ["whose key was revoked meanwhile", 401, () => Promise.reject(unauthenticated("The key is revoked."))],
    [
      "who may not read the topic any more",
      403,
      () => callerOf({ name: "User:a", superUser: false }, [], { kind: "iam" }),
    ],
    [
      "whose key cannot be looked up now",
      503,
      () => {
        const detail = "The table does not answer."
        throw new StorageUnavailable({ kind: "unavailable", reason: "storage_failed", sideEffects: "none", detail })
      },
    ],
  ]
  const poll = (commit: readonly object[] = []) => ({ topics: ["t"], memberEpoch: 1, commit, wait: "60s" })
  const requests: readonly [string, string, string, object?][] = [
    ["a fetch", "GET", "/v1/topics/t/partitions/0/records?wait=60s"],
    ["a fetch of many", "POST", "/v1/fetch", { partitions: [{ topic: "t", partition: 0 }], wait: "60s" }],
    ["a poll", "POST", "/v1/groups/g/members/m/poll", poll()],
    ["a poll that commits", "POST", "/v1/groups/g/members/m/poll", poll([{ topic: "t", partition: 0, offset: 0 }])],
  ]
  const cases = losses.flatMap(([who, status, later]) =>
    requests.map(([what, method, path, json]) => ({ who, status, later, what, method, path, json })),
  )

  it.each(cases)(
    "$who is told no record that came then, by $what",
    async ({ status, later, what, method, path, json }) => {
      let gate: Gate = named
      const api = await openWithTopic((request) => {
        return (request.header("authorization") === "User:root" ? named : gate)(request)
      })
      const joined = await api.send("POST", "/v1/groups/g/members/m/poll", {
        headers: as("User:a"),
        json: { topics: ["t"] },
      })
      expect(joined.status).toBe(200)
      const caller = { headers: as("User:a"), ...(json && { json }) }
      const held = api.send(method, path, caller)
      await expect.poll(() => api.api.waitingReaders()).toBe(1)
      gate = later
      await api.send("POST", "/v1/topics/t/partitions/0/records", {
        json: { records: [{ value: "secret" }] },
        headers: as("User:root"),
      })
      const answer = await held
      const text = await answer.text()
      expect(text).not.toContain("secret")
      const { code, sideEffects } = JSON.parse(text) as Problem
      // A refusal says that nothing was done.
      if (what === "a poll that commits") expect([code, sideEffects]).toEqual(["outcome_unknown", "unknown"])
      else expect([answer.status, sideEffects]).toEqual([status, "none"])
    },
  )
})

describe("a request with many mistakes", () => {
  it.each([
    ["records", JSON.stringify({ records: Array.from({ length: 90_000 }, () => ({ vlue: 1 })) })],
    ["fields", `{"records":[{"value":1,${Array.from({ length: 150_000 }, (_, index) => `"a${index}":1`).join()}}]}`],
  ])("is refused with a hundred of them at most: %s", async (_what, body) => {
    const { send } = await openWithTopic(named)
    const headers = { "content-type": "application/json", ...as("User:root") }
    const answer = await send("POST", "/v1/topics/t/records", { body, headers })
    const text = await answer.text()
    expect(answer.status).toBe(400)
    expect(text.length).toBeLessThan(20_000)
    const { errors } = JSON.parse(text) as { errors: readonly { path: string }[] }
    expect(errors.length).toBeLessThanOrEqual(100)
    expect(errors[0]?.path).toMatch(/^records\[0]\.(vlue|value|a0)$/)
  })
})

describe("what a request may bring", () => {
  it("is as many records as a request may, in one list or in several", async () => {
    const api = await openWithTopic(named)
    const records = (count: number) => Array.from({ length: count }, () => ({ value: 1 }))
    const send = (path: string, json: object) => api.send("POST", path, { json, headers: as("User:root") })
    const { maxRecords } = limits
    expect((await send("/v1/topics/t/partitions/0/records", { records: records(maxRecords) })).status).toBe(200)
    for (const path of ["/v1/topics/t/partitions/0/records", "/v1/topics/t/records"]) {
      const answer = await send(path, { records: records(maxRecords + 1) })
      expect(await answer.json()).toMatchObject({ code: "invalid_request", errors: [{ path: "records" }] })
    }
    const half = { topic: "t", partition: 0, records: records(maxRecords / 2) }
    const entries = [half, half, { ...half, records: records(1) }]
    expect(await (await send("/v1/produce", { entries })).json()).toMatchObject({
      code: "invalid_request",
      errors: [{ path: "entries", message: "must have at most 100000 records together" }],
    })
  })
})
