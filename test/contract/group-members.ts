/** What every `GroupMembers` promises, and what members make of the list and the deletion of groups. */
import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { GroupState } from "../../functions/groups/members/state.ts"
import type { GroupStore, MembersChange } from "../../functions/groups/ports.ts"
import { commitOf, ORDERS } from "./group-offsets.ts"
import { largeState, memberOf, stateOf, T0, unusualNames, variedState } from "./group-states.ts"
import { MembersModel, membersSteps } from "./members-model.ts"
import type { MakeSubject, Subject } from "./subject.ts"

export function describeGroupMembers(name: string, makeSubject: MakeSubject<Subject<GroupStore>>): void {
  describe(`members of groups: ${name}`, () => {
    let subject: Subject<GroupStore>
    let store: GroupStore
    beforeEach(async () => {
      subject = await makeSubject()
      store = subject.store
    })
    afterEach(() => subject.dispose())

    const members = async (group = "billing") => {
      const outcome = await store.members(group)
      if (outcome.kind === "unavailable") throw new Error(outcome.detail)
      return outcome
    }
    const touch = (memberId: string, number?: number, at = T0) =>
      store.touch("billing", memberId, number === undefined ? { at } : { at, number })
    const replace = (next: GroupState, change: Partial<MembersChange> = {}) =>
      store.replaceMembers("billing", { expected: next.epoch - 1, next, gone: [], ...change })
    const list = (after?: string) => store.list(after === undefined ? { limit: 10 } : { limit: 10, after })

    describe("a touch", () => {
      it("is numbered by the storage where it has no number", async () => {
        expect(await touch("m1")).toEqual({ kind: "touched", number: 1 })
        expect(await touch("m1")).toEqual({ kind: "touched", number: 2 })
        expect(await touch("m2")).toEqual({ kind: "touched", number: 1 })
      })

      it("gets a number of its own among those made at the same time", async () => {
        const outcomes = await Promise.all(Array.from({ length: 12 }, () => touch("m1")))
        const numbers = outcomes.map((each) => (each.kind === "touched" ? each.number : each.kind))
        expect(new Set(numbers)).toEqual(new Set(Array.from({ length: 12 }, (_, index) => index + 1)))
      })

      it("may have a higher number, or the same again, and is late with a lower one", async () => {
        expect(await touch("m1", 5)).toEqual({ kind: "touched", number: 5 })
        expect(await touch("m1", 9)).toEqual({ kind: "touched", number: 9 })
        expect(await touch("m1", 9)).toEqual({ kind: "touched", number: 9 })
        expect(await touch("m1", 8)).toEqual({ kind: "late", number: 9 })
        expect(await touch("m1")).toEqual({ kind: "touched", number: 10 })
        expect(await touch("m1", 9)).toEqual({ kind: "late", number: 10 })
      })

      it("ends at the highest number of those made at the same time", async () => {
        const numbers = [3, 8, 1, 8, 5, 2]
        const outcomes = await Promise.all(numbers.map((number) => touch("m1", number)))
        for (const [index, outcome] of outcomes.entries()) {
          const number = numbers[index] ?? 0
          if (outcome.kind === "late") expect(outcome.number).toBeGreaterThan(number)
          else expect(outcome).toEqual({ kind: "touched", number })
        }
        expect((await members()).seen.get("m1")?.number).toBe(8)
      })

      it("is seen, with its time and number, and a late one is not", async () => {
        await touch("m1", 5, T0 + 10)
        await touch("m1", 4, T0 + 99)
        await touch("m2", undefined, T0 + 20)
        await touch("m2", 1, T0 + 30)
        expect((await members()).seen).toEqual(
          new Map([
            ["m1", { at: T0 + 10, number: 5 }],
            ["m2", { at: T0 + 30, number: 1 }],
          ]),
        )
      })

      it("is none of another member or group", async () => {
        for (const memberId of ["m1", "m", "m11"]) await touch(memberId, 9)
        await store.touch("billin", "m1", { at: T0, number: 3 })
        await store.touch("billing-2", "m1", { at: T0, number: 4 })
        expect([...(await members()).seen.keys()].sort()).toEqual(["m", "m1", "m11"])
        expect((await members("billin")).seen).toEqual(new Map([["m1", { at: T0, number: 3 }]]))
      })

      it("makes no group and no state", async () => {
        await touch("m1")
        expect((await members()).state).toBeUndefined()
        expect(await list()).toEqual({ kind: "page", groups: [] })
        expect(await store.read("billing")).toEqual({ kind: "not_found" })
      })
    })

    describe("a state", () => {
      it("is absent where the group never had a member", async () => {
        expect(await members()).toEqual({ kind: "members", seen: new Map() })
      })

      it("is read as it was written, whatever is in it", async () => {
        for (const next of [variedState(1), stateOf(2, "m1"), stateOf(3), variedState(4)]) {
          expect(await replace(next)).toEqual({ kind: "replaced" })
          expect((await members()).state).toEqual(next)
        }
      })

      it("may be as large as a group gets", async () => {
        for (const next of [largeState(1, 2_000), largeState(2, 2_000)]) {
          expect(await replace(next)).toEqual({ kind: "replaced" })
          expect((await members()).state).toEqual(next)
        }
        store = await subject.reopen()
        expect((await members()).state).toEqual(largeState(2, 2_000))
      })

      it("is replaced only where it is the one that was read", async () => {
        expect(await replace(stateOf(2, "m1"), { expected: 1 })).toEqual({ kind: "changed" })
        expect((await members()).state).toBeUndefined()
        await replace(stateOf(1, "m1"))
        await replace(stateOf(2, "m1", "m2"))
        for (const expected of [0, 1, 3]) {
          expect(await replace(stateOf(expected + 1, "late"), { expected })).toEqual({ kind: "changed" })
        }
        expect((await members()).state).toEqual(stateOf(2, "m1", "m2"))
      })

      it("is replaced by one of those who try at the same time", async () => {
        for (let epoch = 1; epoch <= 4; epoch += 1) {
          const ids = Array.from({ length: 8 }, (_, index) => `m${index}`)
          await Promise.all(ids.map((memberId) => touch(memberId, epoch)))
          const outcomes = await Promise.all(
            ids.map((memberId) => replace(stateOf(epoch, memberId), { by: { memberId, number: epoch } })),
          )
          const winners = ids.filter((_, index) => outcomes[index]?.kind === "replaced")
          expect(winners).toHaveLength(1)
          expect(outcomes.filter(({ kind }) => kind === "changed")).toHaveLength(7)
          expect((await members()).state).toEqual(stateOf(epoch, winners[0] ?? ""))
        }
      })

      it("is not replaced by a request that a later one of its member has overtaken", async () => {
        await touch("m1", 5)
        await touch("m2", 9)
        const by = (number: number) => ({ by: { memberId: "m1", number } })
        expect(await replace(stateOf(1, "m1"), by(4))).toEqual({ kind: "changed" })
        expect((await members()).state).toBeUndefined()
        expect(await replace(stateOf(1, "m1"), by(5))).toEqual({ kind: "replaced" })
        await touch("m1")
        expect(await replace(stateOf(2, "m1", "m2"), by(5))).toEqual({ kind: "changed" })
        expect(await replace(stateOf(2, "m1", "m2"), by(6))).toEqual({ kind: "replaced" })
        expect((await members()).state).toEqual(stateOf(2, "m1", "m2"))
      })

      it("is replaced by a request of which nothing is known any more", async () => {
        expect(await replace(stateOf(1, "m1"), { by: { memberId: "m1", number: 1 } })).toEqual({ kind: "replaced" })
      })

      it("is another group's no matter how alike the names are", async () => {
        const groups = unusualNames
        for (const [index, group] of groups.entries()) {
          const next = stateOf(1, `m${index}`)
          expect(await store.replaceMembers(group, { expected: 0, next, gone: [] })).toEqual({ kind: "replaced" })
          await store.touch(group, `m${index}`, { at: T0, number: index + 1 })
        }
        for (const [index, group] of groups.entries()) {
          const seen = new Map([[`m${index}`, { at: T0, number: index + 1 }]])
          expect(await members(group)).toEqual({ kind: "members", state: stateOf(1, `m${index}`), seen })
        }
      })
    })

    describe("members that are gone", () => {
      it("are forgotten, and no others", async () => {
        for (const memberId of ["m1", "m2", "m3"]) await touch(memberId, 7)
        await replace(stateOf(1, "m1", "m2", "m3"))
        const by = { memberId: "m1", number: 7 }
        expect(await replace(stateOf(2, "m2"), { by, gone: ["m1", "m3", "never-there"] })).toEqual({ kind: "replaced" })
        expect((await members()).seen).toEqual(new Map([["m2", { at: T0, number: 7 }]]))
        expect(await touch("m3", 2), "its numbers begin anew").toEqual({ kind: "touched", number: 2 })
        expect(await touch("m1")).toEqual({ kind: "touched", number: 1 })
      })

      it("are not forgotten by a change that was refused", async () => {
        await touch("m1", 7)
        await replace(stateOf(1, "m1"))
        expect(await replace(stateOf(1), { gone: ["m1"] })).toEqual({ kind: "changed" })
        const by = { memberId: "m1", number: 6 }
        expect(await replace(stateOf(2), { by, gone: ["m1"] })).toEqual({ kind: "changed" })
        expect((await members()).seen.get("m1")).toEqual({ at: T0, number: 7 })
      })

      it("may come back at the same moment: their request is numbered, and the state is what was written", async () => {
        await touch("m1", 7)
        await replace(stateOf(1, "m1", "m2"))
        const [touched, replaced] = await Promise.all([touch("m1", 8), replace(stateOf(2, "m2"), { gone: ["m1"] })])
        expect(touched).toEqual({ kind: "touched", number: 8 })
        expect(replaced).toEqual({ kind: "replaced" })
        const { state, seen } = await members()
        expect(state).toEqual(stateOf(2, "m2"))
        if (seen.has("m1")) expect(seen.get("m1")).toEqual({ at: T0, number: 8 })
      })

      it("may be as many as a group has", async () => {
        const all = largeState(1, 200)
        const ids = all.members.map(({ memberId }) => memberId)
        await Promise.all(ids.map((memberId) => touch(memberId)))
        await replace(all)
        expect((await members()).seen.size).toBe(ids.length)
        expect(await replace(stateOf(2, "last"), { gone: ids })).toEqual({ kind: "replaced" })
        expect((await members()).seen).toEqual(new Map())
      })
    })

    it("takes any legal name for a member", async () => {
      await replace(stateOf(1, ...unusualNames))
      for (const [index, memberId] of unusualNames.entries()) {
        expect(await touch(memberId, index + 1)).toEqual({ kind: "touched", number: index + 1 })
      }
      const seen = new Map(unusualNames.map((memberId, index) => [memberId, { at: T0, number: index + 1 }]))
      expect(await members()).toEqual({ kind: "members", state: stateOf(1, ...unusualNames), seen })
    })

    describe("the list and the deletion of groups", () => {
      it("show groups that have members or offsets, once, and no empty ones", async () => {
        const put = (group: string, next: GroupState) =>
          store.replaceMembers(group, { expected: next.epoch - 1, next, gone: [] })
        await store.commit("both", [commitOf(0, 1)])
        await put("both", stateOf(1, "m1"))
        await put("empty", stateOf(1, "m1"))
        await put("empty", stateOf(2))
        await put("members", stateOf(1, "m1"))
        await store.commit("offsets", [commitOf(0, 1)])
        await put("offsets", stateOf(1, "m1"))
        await put("offsets", stateOf(2))
        await store.touch("touched", "m1", { at: T0 })
        expect(await list()).toEqual({ kind: "page", groups: ["both", "members", "offsets"] })
        expect(await list("members")).toEqual({ kind: "page", groups: ["offsets"] })
        const first = await store.list({ limit: 2 })
        expect(first).toEqual({ kind: "page", groups: ["both", "members"], next: "members" })
        expect(await store.read("members")).toEqual({ kind: "not_found" })
      })

      it("show a group again whose members come back, and hide one whose last offset goes", async () => {
        await replace(stateOf(1, "m1"))
        await replace(stateOf(2))
        expect(await list()).toEqual({ kind: "page", groups: [] })
        await replace(stateOf(3, "m2"))
        expect(await list()).toEqual({ kind: "page", groups: ["billing"] })
        await store.commit("billing", [commitOf(0, 1)])
        await replace(stateOf(4))
        expect(await list()).toEqual({ kind: "page", groups: ["billing"] })
        await store.forgetTopic(ORDERS)
        expect(await list()).toEqual({ kind: "page", groups: [] })
      })

      it("keep the epoch of a deleted group", async () => {
        await store.commit("billing", [commitOf(0, 1)])
        await replace(stateOf(1, "m1"))
        await replace(stateOf(2))
        expect(await store.delete("billing")).toEqual({ kind: "deleted" })
        expect(await store.delete("billing")).toEqual({ kind: "not_found" })
        expect(await list()).toEqual({ kind: "page", groups: [] })
        store = await subject.reopen()
        expect((await members()).state).toEqual(stateOf(2))
        expect(await replace(stateOf(1, "m1"))).toEqual({ kind: "changed" })
        expect(await replace(stateOf(3, "m1"))).toEqual({ kind: "replaced" })
      })

      it("keep the state when a topic is forgotten", async () => {
        await replace(stateOf(1, "m1"))
        await store.forgetTopic(ORDERS)
        expect((await members()).state).toEqual(stateOf(1, "m1"))
      })
    })

    it("is kept across a restart, with at least the number of each member's last change", async () => {
      await touch("m1", 5)
      await touch("m2", 3)
      const next = stateOf(1, memberOf("m1", { number: 5 }), memberOf("m2", { number: 2, joinedAt: T0 + 7 }))
      await replace(next, { by: { memberId: "m1", number: 5 } })
      store = await subject.reopen()
      const { state, seen } = await members()
      expect(state).toEqual(next)
      expect(seen.get("m1")?.number).toBe(5)
      expect(seen.get("m2")?.number).toBeGreaterThanOrEqual(2)
      for (const { at } of seen.values()) expect(at).toBeGreaterThanOrEqual(T0)
      expect(await touch("m1", 4)).toEqual({ kind: "late", number: 5 })
      expect(await touch("m2", 1)).toMatchObject({ kind: "late" })
      expect(await touch("m1")).toEqual({ kind: "touched", number: 6 })
      expect(await replace(stateOf(2, "m1"), { by: { memberId: "m1", number: 5 } })).toEqual({ kind: "changed" })
      expect(await replace(stateOf(2, "m1"), { by: { memberId: "m1", number: 6 } })).toEqual({ kind: "replaced" })
    })

    it("follows the model, whatever is touched and replaced in whichever order", async () => {
      let count = 0
      const property = fc.asyncProperty(fc.array(membersSteps, { maxLength: 14 }), async (steps) => {
        count += 1
        const group = `group-${count}`
        const model = new MembersModel()
        for (const [at, each] of steps.entries()) {
          if (each.kind === "touch") {
            const request = { at, ...(each.number !== undefined && { number: each.number }) }
            expect(await store.touch(group, each.memberId, request)).toEqual(model.touch(each.memberId, request))
          } else {
            const change = model.changeOf(each)
            expect(await store.replaceMembers(group, change)).toEqual(model.replace(change))
          }
        }
        expect(await members(group)).toEqual(model.members())
      })
      await fc.assert(property, { numRuns: 40 })
    })
  })
}
