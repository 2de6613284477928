import { BATCH_TYPE, EVENT_STREAM_TYPE, type Fetched, limits } from "stratalog/protocol"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openHttpApi } from "../../fakes/http-api.ts"

const maxAnswerBytes = 10_000
const small = openHttpApi({ limits: { ...limits, maxAnswerBytes, maxBatchBytes: 100_000, eventStream: false } })
afterAll(() => small.dispose())

const records = "/v1/topics/t/partitions/0/records"
const append = (...values: unknown[]) =>
  small.send("POST", records, { json: { records: values.map((value) => ({ value })) } })
const fetched = async (path: string): Promise<Fetched> => (await small.send("GET", path)).json() as Promise<Fetched>

beforeAll(async () => {
  await small.send("PUT", "/v1/topics/t", { json: { partitions: 2 } })
})

describe("an answer that would grow too large", () => {
  it("holds what fits, and goes on from there", async () => {
    const values = Array.from({ length: 30 }, (_, index) => `${index}`.padEnd(1000, "é"))
    await append(...values)
    const seen: unknown[] = []
    for (let offset = 0; offset < values.length; ) {
      const response = await small.send("GET", `${records}?offset=${offset}`)
      const text = await response.text()
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxAnswerBytes)
      const answer = JSON.parse(text) as Fetched
      expect(answer.records.length).toBeGreaterThan(0)
      expect(answer.nextOffset).toBe(offset + answer.records.length)
      seen.push(...answer.records.map(({ value }) => value))
      offset = answer.nextOffset
    }
    expect(seen).toEqual(values)
  })

  it("bounds all partitions of a fetch together", async () => {
    await small.send("POST", "/v1/topics/t/partitions/1/records", { json: { records: [{ value: "other" }] } })
    const partitions = [
      { topic: "t", partition: 0, offset: 0 },
      { topic: "t", partition: 1, offset: 0 },
    ]
    const response = await small.send("POST", "/v1/fetch", { json: { partitions } })
    const text = await response.text()
    expect([response.status, Buffer.byteLength(text) <= maxAnswerBytes]).toEqual([200, true])
    expect(JSON.parse(text).partitions[0].records.length).toBeGreaterThan(0)
  })

  it("names a record that alone is too large, and where to have it", async () => {
    const { highWatermark: offset } = await fetched(`${records}?offset=latest`)
    await append("x".repeat(maxAnswerBytes), "behind")
    const problem = await small.refused("GET", `${records}?offset=${offset}`)
    expect(problem).toMatchObject({ code: "not_acceptable", offset })
    expect(problem.detail).toContain(BATCH_TYPE)
    const many = await small.refused("POST", "/v1/fetch", {
      json: { partitions: [{ topic: "t", partition: 0, offset }] },
    })
    expect(many.code).toBe("not_acceptable")
    const batch = await small.send("GET", `${records}?offset=${offset}`, { headers: { accept: BATCH_TYPE } })
    expect([batch.status, (await batch.arrayBuffer()).byteLength > maxAnswerBytes]).toEqual([200, true])
    expect((await fetched(`${records}?offset=${offset + 1}`)).records[0]?.value).toBe("behind")
  })
})

describe("a deployment that allows less", () => {
  it("refuses event streams and says what to do instead", async () => {
    const problem = await small.refused("GET", records, { headers: { accept: EVENT_STREAM_TYPE } })
    expect(problem.code).toBe("not_acceptable")
    expect(problem.detail).toContain("wait=")
    const either = await small.send("GET", `${records}?offset=latest`, {
      headers: { accept: `${EVENT_STREAM_TYPE}, application/json` },
    })
    expect([either.status, either.headers.get("content-type")]).toEqual([200, "application/json"])
  })

  it("refuses topics that ask for more", async () => {
    const config = { "max.message.bytes": 100_001 }
    for (const [method, json] of [
      ["PUT", { config }],
      ["PATCH", { config }],
    ] as const) {
      const problem = await small.refused(method, method === "PUT" ? "/v1/topics/other" : "/v1/topics/t", { json })
      expect(problem).toMatchObject({ code: "invalid_request", errors: [{ path: "config.max.message.bytes" }] })
    }
    expect(
      (await small.send("PATCH", "/v1/topics/t", { json: { config: { "max.message.bytes": null } } })).status,
    ).toBe(200)
  })
})
