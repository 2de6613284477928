/** The first key by an invocation of the function, and nothing of it for whoever comes through a front door. */
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { FIRST_KEY_ID } from "../../../functions/access/first-key.ts"
import { parseKey } from "../../../functions/access/key-format.ts"
import type { AccessStore } from "../../../functions/access/ports.ts"
import type { GatewayAnswer, GatewayEvent } from "../../../functions/lambda/events.ts"
import { answerFirstKey, type FirstKeyEvent, firstKeyMaker } from "../../../functions/lambda/first-key.ts"
import type { AccessChoice } from "../../../functions/lambda/gates.ts"
import { createMemoryAccessStore } from "../../fakes/memory-access-store.ts"

const context = { awsRequestId: "invocation-1", getRemainingTimeInMillis: () => 10_000 }
const GATEWAY: GatewayAnswer = { statusCode: 418, headers: {}, body: "", isBase64Encoded: false }

let store: AccessStore
let lines: string[]
const write = process.stderr.write

beforeEach(() => {
  store = createMemoryAccessStore()
  lines = []
  process.stderr.write = (text: string | Uint8Array) => {
    lines.push(String(text))
    return true
  }
})
afterEach(() => {
  process.stderr.write = write
})

function invoke(event: unknown, auth: AccessChoice["auth"] = "key", keys: AccessStore = store): Promise<unknown> {
  const choice: AccessChoice = { auth, iamPrincipals: "super", superUsers: new Set() }
  const handler = answerFirstKey(async () => GATEWAY, firstKeyMaker(choice, keys))
  return handler(event as GatewayEvent | FirstKeyEvent, context)
}

const stored = async () => {
  const found = await store.findKey(FIRST_KEY_ID)
  return found.kind === "found" ? found.key : undefined
}

describe("the first key", () => {
  it.each(["key", "both"] as const)("is shown to whoever invokes the function, with auth=%s", async (auth) => {
    expect(await invoke({ firstKey: {} }, auth)).toEqual({
      key: expect.stringMatching(/^stk_/),
      principal: "User:admin",
      note: expect.stringContaining("shown this once"),
    })
    expect(await stored()).toMatchObject({ principal: "User:admin", superUser: true })
  })

  it("is made once; where it is lost another one takes its place", async () => {
    const first = await invoke({ firstKey: { principal: "User:ops" } })
    expect(await invoke({ firstKey: {} })).toEqual({ error: expect.stringContaining('{"firstKey":{"replace":true}}') })
    expect(await stored()).toMatchObject({ principal: "User:ops" })
    const second = await invoke({ firstKey: { replace: true } })
    expect(second).toMatchObject({ key: expect.stringMatching(/^stk_/), principal: "User:admin" })
    expect(second).not.toEqual(first)
  })

  it("is in no line of the log, and that it was made is", async () => {
    const answer = await invoke({ firstKey: { replace: true } })
    const key = parseKey((answer as { key: string }).key)
    expect(lines.join("")).toContain("first_key_made")
    expect(lines.join("")).not.toContain(key?.secret)
  })

  it.each(["iam", "none"] as const)("is not made with auth=%s", async (auth) => {
    expect(await invoke({ firstKey: {} }, auth)).toEqual({ error: expect.stringContaining("auth=key") })
    expect(await stored()).toBeUndefined()
  })

  it.each([
    [null],
    [true],
    ["yes"],
    [[]],
    [{ principal: "admin" }],
    [{ principal: "User:" }],
    [{ principal: "User:*" }],
    [{ principal: "User:a\nb" }],
    [{ principal: `User:${"a".repeat(201)}` }],
    [{ principal: 1 }],
    [{ replace: "true" }],
    [{ superUser: true }],
    [{ __proto__: null, replace: 1 }],
  ])("is not made for what nobody can have meant: %j", async (firstKey) => {
    expect(await invoke({ firstKey })).toEqual({ error: expect.stringContaining('Send {"firstKey":{}}') })
    expect(await stored()).toBeUndefined()
  })

  it("is not shown where nobody knows whether it is there", async () => {
    const lost = {
      kind: "unavailable",
      reason: "storage_failed",
      sideEffects: "unknown",
      detail: "No answer.",
    } as const
    expect(await invoke({ firstKey: {} }, "key", { ...store, createKey: () => lost })).toEqual({
      error: expect.stringMatching(/No answer\..*not known.*try again/),
    })
  })

  it.each([
    { version: "2.0", rawPath: "/", requestContext: { http: { method: "POST" } }, body: '{"firstKey":{}}' },
    { version: "2.0", rawPath: "/", requestContext: { http: { method: "POST" } }, firstKey: {} },
    { httpMethod: "POST", path: "/", requestContext: {}, firstKey: {} },
  ])("is nothing that a request asks for: %j", async (event) => {
    expect(await invoke(event)).toBe(GATEWAY)
    expect(await stored()).toBeUndefined()
  })
})
