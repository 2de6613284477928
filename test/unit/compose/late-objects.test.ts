import { expect, it } from "vitest"
import { openedLate } from "../../../functions/compose/functions/late-objects.ts"
import { MemoryObjectStore } from "../../fakes/memory-object-store.ts"

const bytes = new Uint8Array([1])

it("objects are opened once, however many want one at first", async () => {
  const objects = new MemoryObjectStore()
  let opened = 0
  const late = openedLate(async () => {
    opened++
    return objects
  })
  expect(opened).toBe(0)
  const [put, missing] = await Promise.all([late.put("a", [bytes]), late.get("b")])
  expect([put, missing]).toEqual([{ kind: "stored" }, { kind: "missing" }])
  expect(await late.get("a")).toEqual({ kind: "object", bytes })
  expect(opened).toBe(1)
})

it("a call whose storage cannot be opened says so, and the next one opens again, once for all that come", async () => {
  const objects = new MemoryObjectStore()
  const failures = [new Error("no such file"), new Error("too many open files")]
  let opened = 0
  const late = openedLate(async () => {
    opened++
    const failure = failures.shift()
    if (failure !== undefined) throw failure
    return objects
  })
  const first = await Promise.all([late.put("a", [bytes]), late.list({ prefix: "", limit: 1 })])
  for (const outcome of first) {
    expect(outcome).toMatchObject({ kind: "unavailable", sideEffects: "none", reason: "storage_failed" })
    expect(outcome).toMatchObject({ detail: expect.stringContaining("no such file") })
  }
  expect(opened).toBe(1)
  expect(await late.get("a")).toMatchObject({ detail: expect.stringContaining("too many open files") })
  expect(await Promise.all([late.put("a", [bytes]), late.remove(["b"])])).toEqual([
    { kind: "stored" },
    { kind: "removed" },
  ])
  expect(opened).toBe(3)
})

it("who begins anew is not forgotten by those who failed together with it", async () => {
  const objects = new MemoryObjectStore()
  let opened = 0
  const late = openedLate(async () => {
    if (opened++ === 0) throw new Error("not yet")
    return objects
  })
  // The second call of the first chain is made while the other one that failed has not seen its failure yet.
  const again = late.get("a").then(() => late.get("a"))
  await Promise.all([again, late.get("b"), late.get("c")])
  await late.get("d")
  expect(opened).toBe(2)
})
