/** What every `GroupOffsets` promises of commits that claims guard: those of an owner, and resets. */
import fc from "fast-check"
import { limits } from "stratalog/protocol"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { ClaimsModel, claimsSteps } from "./claims-model.ts"
import { CLAIMED, type ClaimsStore, claimIn, committedIn, targetOf } from "./group-claims.ts"
import { commitOf, ORDERS } from "./group-offsets.ts"
import type { MakeSubject, Subject } from "./subject.ts"

export function describeFencedCommits(name: string, makeSubject: MakeSubject<Subject<ClaimsStore>>): void {
  describe(`commits under an epoch: ${name}`, () => {
    let subject: Subject<ClaimsStore>
    let store: ClaimsStore
    beforeEach(async () => {
      subject = await makeSubject()
      store = subject.store
    })
    afterEach(() => subject.dispose())

    const claim = (epoch: number, ...partitions: number[]) => claimIn(store, epoch, partitions)
    const committed = (group = "billing") => committedIn(store, group)

    describe("a commit under an epoch", () => {
      it("claims what it commits", async () => {
        expect(await store.commit("billing", [commitOf(0, 5)], { epoch: 3 })).toEqual({ kind: "committed" })
        expect(await claim(2, 0)).toEqual([{ kind: "fenced", epoch: 3 }])
        expect(await store.commit("billing", [commitOf(0, 6)], { epoch: 3 })).toEqual({ kind: "committed" })
        expect(await store.commit("billing", [commitOf(0, 7)], { epoch: 4 })).toEqual({ kind: "committed" })
        expect(await claim(3, 0)).toEqual([{ kind: "fenced", epoch: 4 }])
        expect(await committed()).toEqual([commitOf(0, 7)])
      })

      it("writes nothing where one of its partitions was claimed under a higher one, and says which", async () => {
        await claim(7, 1)
        await claim(8, 2)
        const call = [0, 1, 2, 3].map((partition) => commitOf(partition, 5))
        const fenced = [
          { partition: { topicId: ORDERS, partition: 1 }, epoch: 7 },
          { partition: { topicId: ORDERS, partition: 2 }, epoch: 8 },
        ]
        expect(await store.commit("billing", call, { epoch: 6 })).toEqual({ kind: "fenced", fenced })
        expect(await committed()).toEqual([])
        expect(await claim(1, 0, 3), "it claimed nothing").toEqual([CLAIMED, CLAIMED])
      })

      it("is told that it is fenced before that it goes back", async () => {
        await store.commit("billing", [commitOf(0, 5), commitOf(1, 5), commitOf(2, 5)])
        await claim(7, 1)
        const call = [commitOf(0, 4), commitOf(1, 4), commitOf(2, 9)]
        const fenced = [{ partition: { topicId: ORDERS, partition: 1 }, epoch: 7 }]
        expect(await store.commit("billing", call, { epoch: 6 })).toEqual({ kind: "fenced", fenced })
        const regressed = [0, 1].map((partition) => ({ partition: { topicId: ORDERS, partition }, committed: 5 }))
        expect(await store.commit("billing", call, { epoch: 7 })).toEqual({ kind: "regressed", regressed })
        expect(await committed()).toEqual([commitOf(0, 5), commitOf(1, 5), commitOf(2, 5)])
      })

      it("that goes back claims nothing", async () => {
        await store.commit("billing", [commitOf(0, 5)], { epoch: 2 })
        expect(await store.commit("billing", [commitOf(0, 4)], { epoch: 9 })).toMatchObject({ kind: "regressed" })
        expect(await claim(3, 0)).toEqual([{ kind: "claimed", committed: commitOf(0, 5) }])
      })

      it("takes as many partitions as the service allows, all or none", async () => {
        const commits = Array.from({ length: limits.maxCommits }, (_, partition) => commitOf(partition, 1))
        expect(await store.commit("billing", commits, { epoch: 4 })).toEqual({ kind: "committed" })
        await claim(6, limits.maxCommits - 1)
        const next = commits.map((each) => ({ ...each, offset: 2 }))
        expect(await store.commit("billing", next, { epoch: 5 })).toMatchObject({
          kind: "fenced",
          fenced: [{ epoch: 6 }],
        })
        expect(await committed()).toEqual(commits)
        expect(await store.commit("billing", next, { epoch: 6 })).toEqual({ kind: "committed" })
        expect(await committed()).toEqual(next)
      })
    })

    it("leaves the owner as it is in a commit without an epoch", async () => {
      await claim(7, 0)
      expect(await store.commit("billing", [commitOf(0, 5), commitOf(1, 5)])).toEqual({ kind: "committed" })
      expect(await claim(6, 0)).toEqual([{ kind: "fenced", epoch: 7 }])
      expect(await store.commit("billing", [commitOf(1, 6)], { epoch: 1 })).toEqual({ kind: "committed" })
    })

    describe("a reset", () => {
      it("takes offsets back and forth, and the partitions from their owners", async () => {
        await store.commit("billing", [commitOf(0, 5), commitOf(1, 5)], { epoch: 2 })
        const reset = [commitOf(0, 1), commitOf(1, 9), commitOf(2, 0)]
        const terms = { epoch: 3, mayGoBack: true }
        expect(await store.commit("billing", reset, terms)).toEqual({ kind: "committed" })
        expect(await store.commit("billing", reset, terms), "again").toEqual({ kind: "committed" })
        expect(await committed()).toEqual(reset)
        expect(await store.commit("billing", [commitOf(0, 6)], { epoch: 2 })).toMatchObject({ kind: "fenced" })
        expect(await claim(4, 0)).toEqual([{ kind: "claimed", committed: commitOf(0, 1) }])
      })

      it("is fenced by a later owner, whole", async () => {
        await store.commit("billing", [commitOf(0, 5), commitOf(1, 5)], { epoch: 2 })
        await claim(4, 1)
        const terms = { epoch: 3, mayGoBack: true }
        const outcome = await store.commit("billing", [commitOf(0, 1), commitOf(1, 1)], terms)
        expect(outcome).toMatchObject({ kind: "fenced", fenced: [{ epoch: 4 }] })
        expect(await committed()).toEqual([commitOf(0, 5), commitOf(1, 5)])
      })

      it("without an epoch goes back and leaves the owner as it is", async () => {
        await store.commit("billing", [commitOf(0, 5)], { epoch: 2 })
        expect(await store.commit("billing", [commitOf(0, 1)], { mayGoBack: true })).toEqual({ kind: "committed" })
        expect(await claim(1, 0)).toEqual([{ kind: "fenced", epoch: 2 }])
        expect(await claim(2, 0)).toEqual([{ kind: "claimed", committed: commitOf(0, 1) }])
      })
    })

    it("follows the model, whatever is claimed, committed and reset in whichever order", async () => {
      let group = 0
      const property = fc.asyncProperty(fc.array(claimsSteps, { maxLength: 14 }), async (steps) => {
        group += 1
        const model = new ClaimsModel()
        for (const each of steps) {
          if (each.kind === "claim") {
            const targets = each.partitions.map((partition) => targetOf(partition))
            const claims = each.partitions.map((partition) => model.claim(partition, each.epoch))
            expect(await store.claim(`group-${group}`, targets, each.epoch)).toEqual({ kind: "claims", claims })
          } else {
            const { kind: _, commits: offsets, ...terms } = each
            const commits = Object.entries(offsets).map(([key, offset]) => commitOf(Number(key), offset))
            const expected = model.commit(commits, terms)
            expect(await store.commit(`group-${group}`, commits, terms)).toEqual(expected)
          }
          expect(await committed(`group-${group}`)).toEqual(model.offsets())
        }
      })
      await fc.assert(property, { numRuns: 40 })
    })
  })
}
