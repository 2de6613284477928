import { describe, expect, it } from "vitest"
import type { FindKeyOutcome } from "../../../functions/access/ports.ts"
import { rememberedAccess } from "../../../functions/access/remembered.ts"
import { createMemoryAccessStore } from "../../fakes/memory-access-store.ts"

const stored = {
  id: "k1",
  secretHash: new Uint8Array(32),
  principal: "User:alice",
  superUser: false,
  description: "",
  createdAt: 0,
}
const binding = {
  principal: "User:alice",
  permission: "allow",
  operation: "read",
  resourceType: "topic",
  patternType: "literal",
  resourceName: "orders",
} as const

function counted(ttlMs: number) {
  const store = createMemoryAccessStore()
  const asked = { keys: 0, lists: 0 }
  let now = 0
  const known = rememberedAccess(
    {
      findKey: (id): FindKeyOutcome | Promise<FindKeyOutcome> => {
        asked.keys += 1
        return store.findKey(id) as FindKeyOutcome
      },
      bindings: () => {
        asked.lists += 1
        return store.bindings()
      },
    },
    { ttlMs, clock: { now: () => now } },
  )
  const pass = (ms: number) => {
    now += ms
  }
  return { store, asked, known, pass }
}

describe("what a process remembers of keys and lists", () => {
  it("is what was there at most so long ago", async () => {
    const { store, asked, known, pass } = counted(5_000)
    store.createKey(stored)
    store.addBindings([binding])
    for (let request = 0; request < 3; request++) {
      expect(await known.findKey("k1")).toMatchObject({ kind: "found" })
      expect(await known.bindings()).toMatchObject({ bindings: [binding] })
    }
    expect(asked).toEqual({ keys: 1, lists: 1 })
    store.removeKey("k1")
    store.removeBindings([binding])
    pass(4_999)
    expect(await known.findKey("k1")).toMatchObject({ kind: "found" })
    pass(1)
    expect(await known.findKey("k1")).toEqual({ kind: "not_found" })
    expect(await known.bindings()).toMatchObject({ bindings: [] })
  })

  it("is never that a key is unknown: one that was just made is let in", async () => {
    const { store, known } = counted(5_000)
    expect(await known.findKey("k1")).toEqual({ kind: "not_found" })
    store.createKey(stored)
    expect(await known.findKey("k1")).toMatchObject({ kind: "found" })
  })

  it("is nothing where it may not be old at all", async () => {
    const { store, known } = counted(0)
    store.createKey(stored)
    expect(await known.findKey("k1")).toMatchObject({ kind: "found" })
    store.removeKey("k1")
    expect(await known.findKey("k1")).toEqual({ kind: "not_found" })
  })

  it("is asked for once by all who wait for it", async () => {
    const { asked, known } = counted(5_000)
    await Promise.all(Array.from({ length: 10 }, () => known.bindings()))
    expect(asked.lists).toBe(1)
  })
})
