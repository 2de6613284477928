/** The faults that the groups in memory can be given: what becomes of a request whose answer, or which itself, is lost. */
import { describe, expect, it } from "vitest"
import type { Fault } from "../fakes/faults.ts"
import { createMemoryGroupStore, type GroupOperation } from "../fakes/memory-group-store.ts"
import { targetOf } from "./group-claims.ts"
import { commitOf } from "./group-offsets.ts"
import { stateOf } from "./group-states.ts"

const LOST = { kind: "unavailable", sideEffects: "unknown" }

describe("groups in memory, with faults", () => {
  it("lose the answer to a commit, or the commit", async () => {
    const store = createMemoryGroupStore(once("commit", { kind: "lose_answer" }))
    expect(await store.commit("billing", [commitOf(0, 5)])).toMatchObject(LOST)
    expect(await store.read("billing")).toMatchObject({ offsets: [{ offset: 5 }] })
    store.requests.interceptor = once("commit", { kind: "lose_request" })
    expect(await store.commit("billing", [commitOf(0, 6)])).toMatchObject(LOST)
    expect(await store.read("billing")).toMatchObject({ offsets: [{ offset: 5 }] })
  })

  it("claim some partitions of a call and not others", async () => {
    const store = createMemoryGroupStore((operation) =>
      operation.name === "claim" && operation.args[1][0]?.partition.partition === 1 ? { kind: "throttle" } : undefined,
    )
    const targets = [0, 1, 2].map((partition) => targetOf(partition))
    expect(await store.claim("billing", targets, 5), "something of it may have happened").toMatchObject(LOST)
    store.requests.interceptor = undefined
    const claims = [{ kind: "fenced", epoch: 5 }, { kind: "claimed" }, { kind: "fenced", epoch: 5 }]
    expect(await store.claim("billing", targets, 4)).toEqual({ kind: "claims", claims })
  })

  it("let a change of members land late, when its condition does not hold any more", async () => {
    const landings: (() => void)[] = []
    const held = (land: () => void) => landings.push(land)
    const store = createMemoryGroupStore(once("replaceMembers", { kind: "land_late", held }))
    expect(await store.replaceMembers("billing", { expected: 0, next: stateOf(1, "late"), gone: [] })).toMatchObject(
      LOST,
    )
    await store.replaceMembers("billing", { expected: 0, next: stateOf(1, "first"), gone: [] })
    for (const land of landings) land()
    expect(await store.members("billing")).toMatchObject({ state: stateOf(1, "first") })
  })

  it("may change between the two looks of one reading of members", async () => {
    const store = createMemoryGroupStore()
    let looks = 0
    store.requests.interceptor = async ({ name }) => {
      if (name !== "members" || ++looks !== 2) return undefined
      await store.touch("billing", "m1", { at: 1 })
      await store.replaceMembers("billing", { expected: 0, next: stateOf(1, "m1"), gone: [] })
      return undefined
    }
    expect(await store.members("billing")).toEqual({ kind: "members", seen: new Map([["m1", { at: 1, number: 1 }]]) })
    expect(store.requests.count("members")).toBe(2)
  })
})

/** The first of these requests suffers it. */
function once(name: GroupOperation["name"], fault: Fault) {
  let fired = false
  return (operation: GroupOperation): Fault | undefined => {
    if (fired || operation.name !== name) return undefined
    fired = true
    return fault
  }
}
