/** What the examples do where a web service fails. */
import { describe, expect, it } from "vitest"
import * as z from "zod"
import { getJson } from "../../../examples/web/get-json.ts"
import { type Reply, startJsonServer } from "./json-server.ts"

const schema = z.object({ n: z.number() })
const good: Reply = { status: 200, body: { n: 1 } }
const never = new AbortController().signal

async function ask(
  replies: readonly Reply[],
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
) {
  await using server = await startJsonServer((_, index) => replies[index] ?? { status: 500, body: {} })
  const answer = await getJson(new URL(server.url), schema, { signal: never, backoffMs: 1, ...options })
  return { answer, requests: server.asked.length }
}

describe("getJson", () => {
  it.each<[string, Reply]>([
    ["an error of the server", { status: 503, body: {} }],
    ["too many requests", { status: 429, body: {}, headers: { "retry-after": "0.001" } }],
    [
      "a Retry-After that is no number",
      { status: 429, body: {}, headers: { "retry-after": "Fri, 31 Dec 1999 23:59:59 GMT" } },
    ],
    ["broken JSON", { text: '{"n": 1' }],
  ])("asks again after %s", async (_, reply) => {
    expect(await ask([reply, reply, good])).toEqual({ answer: { kind: "value", value: { n: 1 } }, requests: 3 })
  })

  it("asks again where an answer does not end in time", async () => {
    const { answer, requests } = await ask(["stall", "stall", "stall", "stall"], { timeoutMs: 20 })
    expect(answer).toEqual({ kind: "problem", reason: "no answer (TimeoutError)", again: true })
    expect(requests).toBe(4)
  })

  it("gives up after some attempts", async () => {
    const { answer, requests } = await ask([])
    expect(answer).toEqual({ kind: "problem", reason: "status 500", status: 500, again: true })
    expect(requests).toBe(4)
  })

  it.each<[string, Reply, string]>([
    ["a refusal", { status: 404, body: {} }, "status 404"],
    ["another shape", { status: 200, body: { n: "one" } }, "an answer of another shape (n: "],
  ])("does not insist after %s", async (_, reply, reason) => {
    const { answer, requests } = await ask([reply, good])
    expect(answer).toMatchObject({ kind: "problem", reason: expect.stringContaining(reason) })
    expect(requests).toBe(1)
  })

  it("ends at once where it is told to", async () => {
    expect(await ask([good], { signal: AbortSignal.abort() })).toMatchObject({
      answer: { kind: "problem" },
      requests: 0,
    })
  })
})
