/** What answers show to callers who may see a part only. */
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { AclBinding } from "../../../functions/access/acl.ts"
import { type HttpApi, openHttpApi } from "../../fakes/http-api.ts"
import { allowing, binding, namedCallers, ROOT } from "../../fakes/named-callers.ts"

const ALICE = "User:alice"

describe("who may see a part", () => {
  let lists: AclBinding[]
  let api: HttpApi

  beforeEach(async () => {
    lists = []
    api = openHttpApi({}, {}, {}, namedCallers(lists))
    for (const topic of ["hidden", "hidden-too", "orders", "payments"]) await topicWithRecord(topic)
  })
  afterEach(() => api.dispose())

  async function topicWithRecord(topic: string): Promise<void> {
    expect((await ask(ROOT, "PUT", `/v1/topics/${topic}`)).status).toBe(201)
    const records = { records: [{ value: topic }] }
    expect((await ask(ROOT, "POST", `/v1/topics/${topic}/records`, records)).status).toBe(200)
  }

  const ask = (authorization: string, method: string, path: string, json?: unknown) =>
    api.send(method, path, { headers: { authorization }, ...(json !== undefined && { json }) })

  async function answer(authorization: string, method: string, path: string, json?: unknown) {
    const response = await ask(authorization, method, path, json)
    const text = await response.text()
    return { status: response.status, text, body: text === "" ? undefined : JSON.parse(text) }
  }

  const may = (...texts: string[]) => lists.push(...allowing(ALICE, ...texts))
  const commit = (topic: string, who = ROOT) =>
    answer(who, "POST", "/v1/groups/g/offsets", { offsets: [{ topic, partition: 0, offset: 1 }] })
  const member = "/v1/groups/g/members/m1"

  describe("of topics", () => {
    it("is shown full pages of those it may describe, and cursors that say no other", async () => {
      may("read topic orders", "write topic payments", "describe topic z*")
      const first = await answer(ALICE, "GET", "/v1/topics?limit=1")
      expect(first.body.topics.map(({ name }: { name: string }) => name)).toEqual(["orders"])
      expect(Buffer.from(first.body.nextCursor, "base64url").toString()).toBe('{"v":1,"after":"orders"}')
      const second = await answer(ALICE, "GET", `/v1/topics?limit=1&cursor=${first.body.nextCursor}`)
      expect(second.body.topics.map(({ name }: { name: string }) => name)).toEqual(["payments"])
      expect(second.body).not.toHaveProperty("nextCursor")
      expect((await answer(ALICE, "GET", "/v1/topics?prefix=hid")).body).toEqual({ topics: [] })
      expect((await answer("User:bob", "GET", "/v1/topics")).body).toEqual({ topics: [] })
    })

    it("is told no settings of a topic that it may create, but not describe", async () => {
      may("create topic hidden*")
      const same = await answer(ALICE, "PUT", "/v1/topics/hidden", { partitions: 1 })
      const other = await answer(ALICE, "PUT", "/v1/topics/hidden", { partitions: 7 })
      expect(same).toMatchObject({ status: 409, body: { code: "topic_conflict", topic: "hidden", differences: [] } })
      expect(other.text).toBe(same.text)
      expect((await answer(ALICE, "PUT", "/v1/topics/hidden-new", {})).status).toBe(201)
      may("describe topic hidden")
      expect((await answer(ALICE, "PUT", "/v1/topics/hidden", { partitions: 1 })).status).toBe(200)
    })

    it("learns nothing from the tag of an answer that it may not have", async () => {
      const path = "/v1/topics/hidden/partitions/0/records?offset=0"
      const etag = (await ask(ROOT, "GET", path)).headers.get("etag") ?? ""
      for (const tag of [etag, '"wrong"', "*"]) {
        const headers = { authorization: ALICE, "if-none-match": tag }
        expect((await api.send("GET", path, { headers })).status).toBe(403)
      }
    })

    it("is told the same of what is there and of what is not", async () => {
      const requests: [string, string, unknown?][] = [
        ["GET", "/v1/topics/NAME"],
        ["GET", "/v1/topics/NAME/offsets"],
        ["GET", "/v1/topics/NAME/partitions/0/records"],
        ["GET", "/v1/topics/NAME/partitions/9/records"],
        ["POST", "/v1/topics/NAME/records", { records: [{ value: 1 }] }],
        ["PATCH", "/v1/topics/NAME", { partitions: 9 }],
        ["DELETE", "/v1/topics/NAME"],
        ["DELETE", "/v1/topics/NAME/partitions/0/records?before=1"],
        ["PUT", "/v1/topics/NAME/partitions/0/fence", { token: "t" }],
        ["PUT", "/v1/topics/NAME", { partitions: 9 }],
        ["GET", "/v1/groups/NAME"],
        ["GET", "/v1/groups/NAME/lag"],
        ["DELETE", "/v1/groups/NAME"],
      ]
      await answer(ROOT, "POST", "/v1/groups/hidden/offsets", {
        offsets: [{ topic: "orders", partition: 0, offset: 1 }],
      })
      for (const [method, path, json] of requests) {
        const there = await answer(ALICE, method, path.replace("NAME", "hidden"), json)
        const missing = await answer(ALICE, method, path.replace("NAME", "nowhere"), json)
        expect(there.status).toBe(403)
        expect(there.text.replaceAll("hidden", "nowhere")).toBe(missing.text)
      }
    })
  })

  describe("of a group's topics", () => {
    beforeEach(async () => {
      for (const topic of ["hidden", "orders"]) expect((await commit(topic)).status).toBe(200)
    })

    it("is shown offsets and lag of those it may describe", async () => {
      may("describe group g", "describe topic orders")
      const committed = await answer(ALICE, "GET", "/v1/groups/g/offsets")
      expect(committed.body.offsets).toMatchObject([{ topic: "orders" }])
      expect(committed.text).not.toContain("hidden")
      await ask(ROOT, "POST", "/v1/topics/hidden/records", { records: [{ value: 1 }] })
      const lag = await answer(ALICE, "GET", "/v1/groups/g/lag")
      expect(lag.body).toMatchObject({ partitions: [{ topic: "orders", lag: 0 }], totalLag: 0 })
      expect(lag.text).not.toContain("hidden")
      expect((await answer(ROOT, "GET", "/v1/groups/g/lag")).body).toMatchObject({ totalLag: 1 })
      expect(await answer(ALICE, "GET", "/v1/groups/g/offsets?topic=hidden")).toMatchObject({
        status: 403,
        body: { denied: [{ operation: "describe", resourceType: "topic", resourceName: "hidden" }] },
      })
    })

    it("resets those it may describe, and none if it may not read one of them", async () => {
      may("read group g", "read topic orders")
      const reset = { to: "earliest", execute: true }
      const done = await answer(ALICE, "POST", "/v1/groups/g/offsets:reset", reset)
      expect(done.body).toEqual({
        executed: true,
        offsets: [{ topic: "orders", partition: 0, committedOffset: 1, newOffset: 0 }],
      })
      may("describe topic hidden")
      const refused = await answer(ALICE, "POST", "/v1/groups/g/offsets:reset", { ...reset, to: "latest" })
      expect(refused).toMatchObject({ status: 403, body: { denied: [{ operation: "read", resourceName: "hidden" }] } })
      const left = await answer(ROOT, "GET", "/v1/groups/g/offsets")
      expect(left.body.offsets).toMatchObject([
        { topic: "hidden", offset: 1 },
        { topic: "orders", offset: 0 },
      ])
    })
  })

  describe("of a group's members", () => {
    const join = (topics: string[], who = ROOT) => answer(who, "POST", `${member}/poll`, { memberEpoch: 0, topics })

    it("is shown subscriptions and partitions of those it may describe", async () => {
      may("describe group g", "describe topic orders", "describe topic pay*")
      await join(["hidden", "orders", "^hid.*", "^pay.*"])
      const described = await answer(ALICE, "GET", "/v1/groups/g")
      expect(described.body).toMatchObject({
        topics: ["orders", "payments"],
        members: [
          {
            topics: ["^pay.*", "orders"].sort(),
            assignment: [{ topic: "orders" }, { topic: "payments" }],
            revoking: [],
          },
        ],
      })
      expect(described.text).not.toContain("hid")
    })

    it("is given no records, no names and no places of what it may not read", async () => {
      may("read group g", "read topic orders")
      await join(["hidden", "orders"])
      const before = await answer(ROOT, "GET", "/v1/groups/g/offsets")
      const requests: [string, unknown][] = [
        ["poll", {}],
        ["poll", { memberEpoch: 1 }],
        ["poll", { memberEpoch: 1, autoOffsetReset: "latest" }],
        ["poll", { memberEpoch: 1, commit: [{ topic: "orders", partition: 0, offset: 1 }] }],
        ["poll", { memberEpoch: 1, positions: [{ topic: "hidden", partition: 0, offset: 0 }] }],
        ["poll", { number: 1 }],
        ["heartbeat", {}],
        ["heartbeat", { memberEpoch: 1 }],
        ["heartbeat", { number: 1 }],
      ]
      for (const [what, body] of requests) {
        const refused = await answer(ALICE, "POST", `${member}/${what}`, body)
        expect(refused).toMatchObject({ status: 403, body: { code: "not_authorized", denied: [] } })
        expect(refused.text).not.toContain("hidden")
      }
      expect(await answer(ROOT, "GET", "/v1/groups/g/offsets")).toEqual(before)
      may("describe topic hidden")
      expect((await answer(ALICE, "POST", `${member}/poll`, {})).body).toMatchObject({
        denied: [{ operation: "read", resourceName: "hidden" }],
      })
    })

    it("does not inherit what it may not read with a static member's name", async () => {
      may("read group g", "read topic orders")
      await answer(ROOT, "POST", `${member}/poll`, { memberEpoch: 0, topics: ["hidden"], instanceId: "i1" })
      const heir = await answer(ALICE, "POST", "/v1/groups/g/members/m2/poll", { memberEpoch: 0, instanceId: "i1" })
      expect(heir).toMatchObject({ status: 403, body: { code: "not_authorized" } })
      expect(heir.text).not.toContain("hidden")
    })

    it("reads what it may, whatever others of the group read", async () => {
      may("read group g", "read topic orders")
      await join(["hidden"])
      const polled = await answer(ALICE, "POST", "/v1/groups/g/members/m2/poll", { memberEpoch: 0, topics: ["orders"] })
      expect(polled.body).toMatchObject({
        assignment: [{ topic: "orders" }],
        batches: [{ records: [{ value: "orders" }] }],
      })
      expect(polled.text).not.toContain("hidden")
    })

    it("reads no more once a list says no, and may leave", async () => {
      may("read group g", "read topic orders")
      expect((await join(["orders"], ALICE)).status).toBe(200)
      lists.push(binding(ALICE, "deny", "read topic orders"))
      expect((await answer(ALICE, "POST", `${member}/poll`, { memberEpoch: 1 })).status).toBe(403)
      expect((await answer(ALICE, "POST", `${member}/heartbeat`, { memberEpoch: -1 })).status).toBe(200)
    })
  })

  it("goes on with its producer id in its own topics, whoever else takes the id's next epoch", async () => {
    may("write topic orders")
    lists.push(...allowing("User:mallory", "write topic payments"))
    const records = "/v1/topics/orders/partitions/0/records"
    const id = (await answer(ALICE, "POST", "/v1/producers", {})).body.id
    const append = (sequence: number) =>
      answer(ALICE, "POST", records, { records: [{ value: sequence }], producer: { id, epoch: 0, sequence } })
    expect((await append(0)).status).toBe(200)
    const taken = await answer("User:mallory", "POST", "/v1/producers", { id, epoch: 0 })
    expect(taken).toMatchObject({ status: 200, body: { id, epoch: 1 } })
    const forged = { records: [{ value: 1 }], producer: { id, epoch: 1, sequence: 0 } }
    expect((await answer("User:mallory", "POST", records, forged)).status).toBe(403)
    expect((await append(1)).status).toBe(200)
  })

  it("lists groups that it may describe", async () => {
    for (const group of ["a", "b", "c"]) {
      await ask(ROOT, "POST", `/v1/groups/${group}/offsets`, {
        offsets: [{ topic: "orders", partition: 0, offset: 1 }],
      })
    }
    may("read group b", "describe group x")
    expect((await answer(ALICE, "GET", "/v1/groups?limit=1")).body).toEqual({ groups: [{ group: "b" }] })
  })
})
