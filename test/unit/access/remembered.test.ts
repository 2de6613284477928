import { describe, expect, it } from "vitest"
import type { BindingsOutcome, FindKeyOutcome } from "../../../functions/access/ports.ts"
import { forgettingStore, type RecallingAccess, rememberedAccess } from "../../../functions/access/remembered.ts"
import { createMemoryAccessStore } from "../../fakes/memory-access-store.ts"
import { binding as bindingOf } from "../../fakes/named-callers.ts"
import { storedKey } from "../../fakes/stored-key.ts"

const stored = storedKey("k1")
const binding = bindingOf("User:alice", "allow", "read topic orders")

/** As whoever has the key is let in. */
async function find(known: RecallingAccess): Promise<FindKeyOutcome> {
  const key = known.recall("k1")
  return key === undefined ? known.findKey("k1") : { kind: "found", key }
}

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
      expect(await find(known)).toMatchObject({ kind: "found" })
      expect(await known.bindings()).toMatchObject({ bindings: [binding] })
    }
    expect(asked).toEqual({ keys: 1, lists: 1 })
    store.removeKey("k1")
    store.removeBindings([binding])
    pass(4_999)
    expect(await find(known)).toMatchObject({ kind: "found" })
    pass(1)
    expect(await find(known)).toEqual({ kind: "not_found" })
    expect(await known.bindings()).toMatchObject({ bindings: [] })
  })

  it("is never that a key is unknown: one that was just made is let in", async () => {
    const { store, known } = counted(5_000)
    expect(await find(known)).toEqual({ kind: "not_found" })
    store.createKey(stored)
    expect(await find(known)).toMatchObject({ kind: "found" })
  })

  it("is nothing where it may not be old at all", async () => {
    const { store, known } = counted(0)
    store.createKey(stored)
    expect(await find(known)).toMatchObject({ kind: "found" })
    store.removeKey("k1")
    expect(await find(known)).toEqual({ kind: "not_found" })
  })

  it("is asked for once by all who wait for it", async () => {
    const { asked, known } = counted(5_000)
    await Promise.all(Array.from({ length: 10 }, () => known.bindings()))
    expect(asked.lists).toBe(1)
  })

  it("is no older than it may be for whoever joins a question that takes long", async () => {
    const lists: PromiseWithResolvers<BindingsOutcome>[] = []
    let now = 0
    const known = rememberedAccess(
      {
        findKey: () => ({ kind: "not_found" }),
        bindings: () => {
          const answer = Promise.withResolvers<BindingsOutcome>()
          lists.push(answer)
          return answer.promise
        },
      },
      { ttlMs: 5_000, clock: { now: () => now } },
    )
    const first = known.bindings()
    now = 4_999
    const joined = known.bindings()
    expect(lists).toHaveLength(1)
    now = 5_000
    const second = known.bindings()
    expect(lists).toHaveLength(2)
    lists[1]?.resolve({ kind: "bindings", bindings: [] })
    lists[0]?.resolve({ kind: "bindings", bindings: [binding] })
    expect(await first).toMatchObject({ bindings: [binding] })
    expect(await joined).toMatchObject({ bindings: [binding] })
    expect(await second).toMatchObject({ bindings: [] })
    // What was answered last was asked for too long ago to be remembered.
    void known.bindings()
    expect(lists).toHaveLength(3)
  })

  it("is asked for by each request where nothing may be old, also while another one waits", async () => {
    const { store, asked, known } = counted(0)
    const before = known.bindings()
    store.addBindings([binding])
    expect(await known.bindings()).toMatchObject({ bindings: [binding] })
    await before
    expect(asked.lists).toBe(2)
  })

  it("outlives no revocation by more than that, also where the look-up was under way", async () => {
    const store = createMemoryAccessStore()
    const slow: PromiseWithResolvers<void>[] = []
    let now = 0
    const known = rememberedAccess(
      {
        findKey: async (id) => {
          const found = await store.findKey(id)
          const answer = Promise.withResolvers<void>()
          slow.push(answer)
          await answer.promise
          return found
        },
        bindings: store.bindings,
      },
      { ttlMs: 5_000, clock: { now: () => now } },
    )
    store.createKey(stored)
    const asked = find(known)
    await Promise.resolve()
    now = 4_000
    store.removeKey("k1")
    slow[0]?.resolve()
    expect(await asked).toMatchObject({ kind: "found" })
    now = 5_000
    const again = find(known)
    await Promise.resolve()
    slow[1]?.resolve()
    expect(await again).toEqual({ kind: "not_found" })
  })

  it("stays while storage does not answer those who ask anew", async () => {
    const store = createMemoryAccessStore()
    store.createKey(stored)
    let fails = false
    const failing = { kind: "unavailable", reason: "throttled", sideEffects: "none", detail: "busy" } as const
    const findKey = (id: string) => (fails ? failing : store.findKey(id))
    const known = rememberedAccess({ findKey, bindings: store.bindings }, { ttlMs: 5_000, clock: { now: () => 0 } })
    expect(await find(known)).toMatchObject({ kind: "found" })
    fails = true
    expect(await known.findKey("k1")).toEqual(failing)
    expect(await find(known)).toMatchObject({ kind: "found" })
  })
})

describe("what is changed through the same process", () => {
  it("is known at once, however long it is remembered", async () => {
    const { store, known } = counted(Number.POSITIVE_INFINITY)
    const through = forgettingStore(store, known)
    await through.createKey(stored)
    await through.addBindings([binding])
    expect(await find(known)).toMatchObject({ kind: "found" })
    expect(await known.bindings()).toMatchObject({ bindings: [binding] })
    await through.removeKey("k1")
    await through.removeBindings([binding])
    expect(await find(known)).toEqual({ kind: "not_found" })
    expect(await known.bindings()).toMatchObject({ bindings: [] })
  })

  it("is not taken back by an answer that was under way meanwhile", async () => {
    const store = createMemoryAccessStore()
    store.createKey(stored)
    store.addBindings([binding])
    const gate = Promise.withResolvers<void>()
    const slow = {
      findKey: async (id: string) => {
        const before = await store.findKey(id)
        await gate.promise
        return before
      },
      bindings: async () => {
        const before = await store.bindings()
        await gate.promise
        return before
      },
    }
    const known = rememberedAccess(slow, { ttlMs: Number.POSITIVE_INFINITY, clock: { now: () => 0 } })
    const through = forgettingStore(store, known)
    const [key, lists] = [find(known), known.bindings()]
    await through.removeKey("k1")
    await through.removeBindings([binding])
    const after = known.bindings()
    gate.resolve()
    await Promise.all([key, lists])
    expect(await after).toMatchObject({ bindings: [] })
    expect(await find(known)).toEqual({ kind: "not_found" })
    expect(await known.bindings()).toMatchObject({ bindings: [] })
  })

  it("is forgotten where the storage does not tell what became of it", async () => {
    const { store, known } = counted(Number.POSITIVE_INFINITY)
    const lost = { kind: "unavailable", reason: "storage_failed", sideEffects: "unknown", detail: "" } as const
    store.createKey(stored)
    await find(known)
    const remove = (id: string) => {
      store.removeKey(id)
      return lost
    }
    await forgettingStore({ ...store, removeKey: remove }, known).removeKey("k1")
    expect(await find(known)).toEqual({ kind: "not_found" })
  })
})

it("a clock that is set back keeps nothing for longer", async () => {
  const { store, known, pass } = counted(5_000)
  store.createKey(stored)
  await find(known)
  store.removeKey("k1")
  pass(-3_600_000)
  expect(await find(known)).toEqual({ kind: "not_found" })
})
