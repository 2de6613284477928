import { beforeEach, describe, expect, it } from "vitest"
import { authenticate } from "../../../functions/access/authenticate.ts"
import {
  FIRST_KEY_ID,
  type FirstKeyDeps,
  type FirstKeyRequest,
  makeFirstKey,
} from "../../../functions/access/first-key.ts"
import { parseKey } from "../../../functions/access/key-format.ts"
import type { AccessStore } from "../../../functions/access/ports.ts"
import { hasHash, secretHash, unguessable } from "../../../functions/codecs/key-secret.ts"
import { createMemoryAccessStore } from "../../fakes/memory-access-store.ts"

const clock = { now: () => 1_763_600_000_000 }
let store: AccessStore
let deps: FirstKeyDeps

beforeEach(() => {
  store = createMemoryAccessStore()
  deps = { keys: store, unguessable, secretHash, clock }
})

async function made(request: FirstKeyRequest = {}): Promise<string> {
  const outcome = await makeFirstKey(deps, request)
  if (outcome.kind !== "created") throw new Error(outcome.kind)
  return outcome.key
}

const asks = async (key: string) => {
  const access = { keys: store, bindings: store, hasHash, clock, superUsers: new Set<string>() }
  const outcome = await authenticate(access, `Bearer ${key}`)
  return outcome.kind === "caller" ? [outcome.caller.name, outcome.caller.superUser] : outcome.kind
}

const unavailable = { kind: "unavailable", reason: "storage_failed", sideEffects: "unknown", detail: "gone" } as const

describe("the first key", () => {
  it("is a super-user's", async () => {
    expect(await asks(await made())).toEqual(["User:admin", true])
    expect(await asks(await made({ principal: "User:ops", replace: true }))).toEqual(["User:ops", true])
  })

  it("is made once, and what is there stays as it is", async () => {
    const key = await made()
    expect(await makeFirstKey(deps, {})).toEqual({ kind: "exists" })
    expect(await makeFirstKey(deps, { principal: "User:other" })).toEqual({ kind: "exists" })
    expect(await asks(key)).toEqual(["User:admin", true])
  })

  it("is one where several make it at once", async () => {
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => makeFirstKey(deps, {})))
    const kinds = outcomes.map(({ kind }) => kind).sort()
    expect(kinds).toEqual(["created", ...Array<string>(7).fill("exists")])
  })

  it("is never the same twice, and has the shape of every key", async () => {
    const keys = [await made(), await made({ replace: true })]
    expect(new Set(keys).size).toBe(2)
    expect(keys.map((key) => parseKey(key)?.id)).toEqual([FIRST_KEY_ID, FIRST_KEY_ID])
  })

  it("is taken no more once another stands in its place", async () => {
    const lost = await made()
    const key = await made({ replace: true })
    expect(await asks(lost)).toBe("refused")
    expect(await asks(key)).toEqual(["User:admin", true])
  })

  it("that replaces one and cannot be made leaves open what is there: the one before is gone", async () => {
    const refused = { ...unavailable, sideEffects: "none" } as const
    const replace = () => makeFirstKey({ ...deps, keys: { ...store, createKey: () => refused } }, { replace: true })
    expect(await replace()).toEqual(refused)
    const before = await made()
    expect(await replace()).toEqual({ ...refused, sideEffects: "unknown" })
    expect(await asks(before)).toBe("refused")
  })

  it("can be made again when it was revoked", async () => {
    await made()
    await store.removeKey(FIRST_KEY_ID)
    expect(await asks(await made())).toEqual(["User:admin", true])
  })

  it("is not made where the storage fails, and nobody is told otherwise", async () => {
    const failing = (keys: Partial<AccessStore>) => ({ ...deps, keys: { ...store, ...keys } })
    expect(await makeFirstKey(failing({ createKey: () => unavailable }), {})).toEqual(unavailable)
    const key = await made()
    expect(await makeFirstKey(failing({ removeKey: () => unavailable }), { replace: true })).toEqual(unavailable)
    expect(await asks(key)).toEqual(["User:admin", true])
  })
})
