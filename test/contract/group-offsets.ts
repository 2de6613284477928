/** What every `GroupOffsets` promises, whatever it is made of. */
import fc from "fast-check"
import { limits } from "stratalog/protocol"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { CommittedOffset, GroupOffsets } from "../../functions/groups/ports.ts"
import type { MakeSubject, Subject } from "./subject.ts"

export const ORDERS = "0a000000-0000-4000-8000-000000000001"
const PAYMENTS = "0b000000-0000-4000-8000-000000000002"

export function commitOf(partition: number, offset: number, change: Partial<CommittedOffset> = {}): CommittedOffset {
  const ref = { topicId: ORDERS, partition }
  return { partition: ref, topic: "orders", offset, metadata: "", committedAt: 1_763_600_000_000, ...change }
}

export function paymentOf(partition: number, offset: number): CommittedOffset {
  return commitOf(partition, offset, { partition: { topicId: PAYMENTS, partition }, topic: "payments" })
}

export function describeGroupOffsets(name: string, makeSubject: MakeSubject<Subject<GroupOffsets>>): void {
  describe(`group offsets: ${name}`, () => {
    let subject: Subject<GroupOffsets>
    let store: GroupOffsets
    beforeEach(async () => {
      subject = await makeSubject()
      store = subject.store
    })
    afterEach(() => subject.dispose())

    it("knows no group that committed nothing", async () => {
      expect(await store.read("billing")).toEqual({ kind: "not_found" })
      expect(await store.delete("billing")).toEqual({ kind: "not_found" })
      expect(await store.list({ limit: 10 })).toEqual({ kind: "page", groups: [] })
    })

    it("reads what was committed, whole, by topic id and partition", async () => {
      const payment = paymentOf(0, 9)
      const commits = [commitOf(10, Number.MAX_SAFE_INTEGER, { metadata: "héllo \u{1f980}" }), payment, commitOf(2, 0)]
      expect(await store.commit("billing", commits)).toEqual({ kind: "committed" })
      const offsets = [commits[2], commits[0], payment]
      expect(await store.read("billing")).toEqual({ kind: "offsets", offsets })
    })

    it("keeps what it said across a restart", async () => {
      await store.commit("billing", [commitOf(0, 1), commitOf(1, 2)])
      await store.commit("billing", [commitOf(0, 5)])
      await store.commit("gone", [commitOf(0, 5)])
      await store.delete("gone")
      store = await subject.reopen()
      expect(await store.read("billing")).toEqual({ kind: "offsets", offsets: [commitOf(0, 5), commitOf(1, 2)] })
      expect(await store.list({ limit: 10 })).toEqual({ kind: "page", groups: ["billing"] })
      expect(await store.commit("billing", [commitOf(0, 4)])).toMatchObject({ kind: "regressed" })
    })

    it("takes the same offset again, with what comes with it", async () => {
      await store.commit("billing", [commitOf(0, 5, { metadata: "a" })])
      const again = commitOf(0, 5, { metadata: "b", committedAt: 1_763_600_000_999 })
      expect(await store.commit("billing", [again])).toEqual({ kind: "committed" })
      expect(await store.read("billing")).toEqual({ kind: "offsets", offsets: [again] })
    })

    it("writes nothing of a call that would move a partition back, and says which and where they are", async () => {
      const before = [commitOf(0, 5), commitOf(1, 5), commitOf(2, 5)]
      await store.commit("billing", before)
      const call = [commitOf(0, 9), commitOf(1, 4), commitOf(2, 3), commitOf(3, 1)]
      expect(await store.commit("billing", call)).toEqual({
        kind: "regressed",
        regressed: [
          { partition: { topicId: ORDERS, partition: 1 }, committed: 5 },
          { partition: { topicId: ORDERS, partition: 2 }, committed: 5 },
        ],
      })
      expect(await store.read("billing")).toEqual({ kind: "offsets", offsets: before })
    })

    it("makes no group of a refused call's group, and spoils no other call made with it", async () => {
      await store.commit("billing", [commitOf(0, 5)])
      const outcomes = await Promise.all([
        store.commit("one", [commitOf(0, 1)]),
        store.commit("billing", [commitOf(1, 1), commitOf(0, 1)]),
        store.commit("two", [commitOf(0, 2)]),
      ])
      expect(outcomes.map(({ kind }) => kind)).toEqual(["committed", "regressed", "committed"])
      expect(await store.read("billing")).toEqual({ kind: "offsets", offsets: [commitOf(0, 5)] })
      expect(await store.read("two")).toEqual({ kind: "offsets", offsets: [commitOf(0, 2)] })
    })

    it("takes as many partitions in one call as the service allows, all or none", async () => {
      const commits = Array.from({ length: limits.maxCommits }, (_, partition) => commitOf(partition, partition + 1))
      expect(await store.commit("billing", commits)).toEqual({ kind: "committed" })
      expect(await store.read("billing")).toEqual({ kind: "offsets", offsets: commits })
      const last = limits.maxCommits - 1
      const call = commits.map((each) => ({ ...each, offset: each.partition.partition === last ? 0 : 1_000 }))
      expect(await store.commit("billing", call)).toMatchObject({ kind: "regressed", regressed: [{ committed: 100 }] })
      expect(await store.read("billing")).toEqual({ kind: "offsets", offsets: commits })
    })

    it("keeps groups, topics and partitions apart", async () => {
      const other = paymentOf(0, 1)
      await store.commit("a", [commitOf(0, 9)])
      expect(await store.commit("a", [other, commitOf(1, 1)])).toEqual({ kind: "committed" })
      expect(await store.commit("b", [commitOf(0, 1)])).toEqual({ kind: "committed" })
      expect(await store.read("a")).toEqual({ kind: "offsets", offsets: [commitOf(0, 9), commitOf(1, 1), other] })
    })

    it("ends at the highest of concurrent commits, and never said yes to one that went back", async () => {
      const offsets = [7, 3, 20, 1, 12, 20, 15, 4]
      const outcomes = await Promise.all(offsets.map((offset) => store.commit("billing", [commitOf(0, offset)])))
      expect(await store.read("billing")).toEqual({ kind: "offsets", offsets: [commitOf(0, 20)] })
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome.kind !== "regressed") expect(outcome).toEqual({ kind: "committed" })
        else expect(outcome.regressed[0]?.committed).toBeGreaterThan(offsets[index] ?? 0)
      }
    })

    it("follows the model: a call is committed if and only if no partition of it goes back", async () => {
      const partition = fc.integer({ min: 0, max: 3 })
      const call = fc.dictionary(partition.map(String), fc.integer({ min: 0, max: 8 }), { minKeys: 1 })
      let group = 0
      const property = fc.asyncProperty(fc.array(call, { maxLength: 12 }), async (calls) => {
        group += 1
        const model = new Map<number, number>()
        for (const each of calls) {
          const commits = Object.entries(each).map(([key, offset]) => commitOf(Number(key), offset))
          const back = commits.filter(({ partition, offset }) => offset < (model.get(partition.partition) ?? 0))
          const outcome = await store.commit(`group-${group}`, commits)
          expect(outcome.kind === "regressed" ? outcome.regressed.length : 0).toBe(back.length)
          if (back.length === 0) for (const { partition, offset } of commits) model.set(partition.partition, offset)
        }
        const read = await store.read(`group-${group}`)
        const found = read.kind === "offsets" ? read.offsets : []
        expect(new Map(found.map((each) => [each.partition.partition, each.offset]))).toEqual(model)
      })
      await fc.assert(property, { numRuns: 30 })
    })

    it("lists groups by name, a page at a time, each once", async () => {
      const groups = ["A", "a", "a-b", "a.b", "a_b", "ab", "b"].sort()
      for (const group of groups.toReversed()) await store.commit(group, [commitOf(0, 1), commitOf(1, 1)])
      for (let limit = 1; limit <= groups.length; limit += 1) expect(await pages(limit)).toEqual(groups)
      expect(await store.list({ limit: 2, after: "a/" })).toEqual({ kind: "page", groups: ["a_b", "ab"], next: "ab" })
      expect(await store.list({ limit: 2, prefix: "a" })).toEqual({ kind: "page", groups: ["a", "a-b"], next: "a-b" })
      expect(await store.list({ limit: 2, prefix: "a", after: "a.b" })).toEqual({ kind: "page", groups: ["a_b", "ab"] })
      expect(await store.list({ limit: 9, prefix: "a", after: "A" })).toMatchObject({ groups: { length: 5 } })
      for (const none of [{ prefix: "A", after: "b" }, { prefix: "none" }, { prefix: "a", after: "a~" }]) {
        expect(await store.list({ limit: 9, ...none })).toEqual({ kind: "page", groups: [] })
      }
    })

    it("starts anew after a deletion", async () => {
      await store.commit("billing", [commitOf(0, 5)])
      await store.commit("other", [commitOf(0, 6)])
      expect(await store.delete("billing")).toEqual({ kind: "deleted" })
      expect(await store.read("billing")).toEqual({ kind: "not_found" })
      expect(await store.commit("billing", [commitOf(0, 1)])).toEqual({ kind: "committed" })
      expect(await store.read("other")).toEqual({ kind: "offsets", offsets: [commitOf(0, 6)] })
    })

    it("forgets a topic in all groups; a group that has nothing else is gone", async () => {
      const payment = paymentOf(0, 1)
      await store.commit("both", [commitOf(0, 5), commitOf(1, 5), payment])
      await store.commit("orders-only", [commitOf(0, 5)])
      expect(await store.forgetTopic(ORDERS)).toEqual({ kind: "done" })
      expect(await store.forgetTopic(ORDERS)).toEqual({ kind: "done" })
      expect(await store.read("both")).toEqual({ kind: "offsets", offsets: [payment] })
      expect(await store.read("orders-only")).toEqual({ kind: "not_found" })
      expect(await store.list({ limit: 10 })).toEqual({ kind: "page", groups: ["both"] })
    })

    async function pages(limit: number): Promise<string[]> {
      const found: string[] = []
      let after: string | undefined
      do {
        const page = await store.list(after === undefined ? { limit } : { limit, after })
        if (page.kind !== "page") throw new Error(page.detail)
        expect(page.groups.length).toBeLessThanOrEqual(limit)
        found.push(...page.groups)
        after = page.next
      } while (after !== undefined)
      return found
    }
  })
}
