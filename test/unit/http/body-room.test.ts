import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type BodyRoom, SMALL_BODY } from "../../../functions/http/web-exchange.ts"
import { type HttpApi, openHttpApi } from "../../fakes/http-api.ts"

let api: HttpApi
let told: [what: string, bytes: number][]
let letIn: (() => void)[]

const room: BodyRoom = {
  enter: (start) => void letIn.push(start),
  hold: (bytes) => void told.push(["hold", bytes]),
  release: (bytes) => void told.push(["release", bytes]),
}

beforeEach(async () => {
  told = []
  letIn = []
  api = openHttpApi({}, { room })
  await api.send("PUT", "/v1/topics/t", { json: {}, headers: { "content-length": "2" } })
  told = []
})
afterEach(() => api.dispose())

const produce = (body: string, headers: Record<string, string>) =>
  api.send("POST", "/v1/topics/t/records", { body, headers: { "content-type": "application/json", ...headers } })

const large = JSON.stringify({ records: [{ value: "x".repeat(SMALL_BODY) }] })

describe("the room for bodies", () => {
  it.each([
    ["with its length", { "content-length": `${large.length}` }],
    ["whose length is not told", {}],
  ])("is asked for a large body %s before it is read, and gets it back with the answer", async (_what, headers) => {
    const answer = produce(large, headers)
    await expect.poll(() => letIn.length).toBe(1)
    expect(told).toEqual([])
    letIn[0]?.()
    expect((await answer).status).toBe(200)
    const held = told.filter(([what]) => what === "hold").reduce((sum, [, bytes]) => sum + bytes, 0)
    expect(held).toBe(large.length)
    expect(told.at(-1)).toEqual(["release", held])
  })

  it("is not asked for small ones, nor for what is refused for its length", async () => {
    const small = JSON.stringify({ records: [{ value: 1 }] })
    expect((await produce(small, { "content-length": `${small.length}` })).status).toBe(200)
    expect((await produce(small, { "content-length": "999999999" })).status).toBe(413)
    expect(letIn).toEqual([])
    expect(told.filter(([, bytes]) => bytes !== 0)).toEqual([])
  })

  it("gets back what a refused request took", async () => {
    const body = `{"records":[{"value":"${"x".repeat(SMALL_BODY)}"`
    const answer = produce(body, {})
    await expect.poll(() => letIn.length).toBe(1)
    letIn[0]?.()
    expect((await answer).status).toBe(400)
    expect(told.at(-1)).toEqual(["release", body.length])
  })
})
