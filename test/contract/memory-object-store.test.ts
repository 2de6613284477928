// The fake that other tests stand on keeps the port's promises too, durability aside; and its faults do what they say.
import { describe, expect, it } from "vitest"
import { MemoryObjectStore, type ObjectFault } from "../fakes/memory-object-store.ts"
import { describeObjectStore } from "./object-store.ts"

describeObjectStore("in memory", async () => {
  const store = new MemoryObjectStore()
  return { store, reopen: async () => store, dispose: async () => undefined }
})

describe("the faults of objects in memory", () => {
  const bytes = new Uint8Array([1, 2, 3, 4])

  function storeWith(fault: ObjectFault, call: "put" | "get" | "remove" | "list" = "put"): MemoryObjectStore {
    const store = new MemoryObjectStore()
    store.inject((request) => (request.call === call && store.requests[call] === 1 ? fault : undefined))
    return store
  }

  it("lose the answer of what took effect", async () => {
    const store = storeWith({ kind: "lose_answer" })
    expect(await store.put("a", [bytes])).toMatchObject({ kind: "unavailable", sideEffects: "unknown" })
    expect(store.keys()).toEqual(["a"])
    expect(store.struck).toEqual({ lose_answer: 1 })
  })

  it("fail before the effect", async () => {
    const store = storeWith({ kind: "fail", reason: "throttled" })
    expect(await store.put("a", [bytes])).toMatchObject({ reason: "throttled", sideEffects: "none" })
    expect(store.keys()).toEqual([])
    expect(await store.put("a", [bytes])).toEqual({ kind: "stored" })
    expect(store.requests.put).toBe(2)
  })

  it("let a request land late", async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const store = storeWith({ kind: "late", until: promise })
    expect(await store.put("a", [bytes])).toMatchObject({ sideEffects: "unknown" })
    expect(store.keys()).toEqual([])
    resolve()
    await promise
    expect(store.keys()).toEqual(["a"])
  })

  it("make a request wait", async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const store = storeWith({ kind: "delay", until: promise })
    const put = store.put("a", [bytes])
    expect(store.keys()).toEqual([])
    resolve()
    expect(await put).toEqual({ kind: "stored" })
    expect(store.keys()).toEqual(["a"])
  })

  it("turn a bit, cut an object short, or hide it: once", async () => {
    for (const [fault, seen] of [
      [{ kind: "corrupt" }, { kind: "object", bytes: new Uint8Array([1, 2, 2, 4]) }],
      [
        { kind: "truncate", bytes: 3 },
        { kind: "object", bytes: bytes.subarray(0, 3) },
      ],
      [{ kind: "hide" }, { kind: "missing" }],
    ] as const) {
      const store = storeWith(fault, "get")
      await store.put("a", [bytes])
      expect(await store.get("a")).toEqual(seen)
      expect(await store.get("a")).toEqual({ kind: "object", bytes })
    }
  })
})
