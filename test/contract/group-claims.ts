/** What every `GroupClaims` promises: who owns a partition, and who owns it no more. fenced-commits.ts has what follows for commits. */
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { Claim, ClaimTarget, GroupClaims, GroupOffsets } from "../../functions/groups/ports.ts"
import { commitOf, ORDERS, paymentOf } from "./group-offsets.ts"
import type { MakeSubject, Subject } from "./subject.ts"

export type ClaimsStore = GroupOffsets & GroupClaims

export const CLAIMED: Claim = { kind: "claimed" }

export function targetOf(partition: number, change: Partial<ClaimTarget> = {}): ClaimTarget {
  return { partition: { topicId: ORDERS, partition }, topic: "orders", ...change }
}

/** Of the group `billing`. */
export async function claimIn(store: ClaimsStore, epoch: number, partitions: readonly number[]) {
  const targets = partitions.map((partition) => targetOf(partition))
  const outcome = await store.claim("billing", targets, epoch)
  if (outcome.kind === "unavailable") throw new Error(outcome.detail)
  return outcome.claims
}

export async function committedIn(store: ClaimsStore, group: string) {
  const outcome = await store.read(group)
  return outcome.kind === "offsets" ? outcome.offsets : []
}

export function describeGroupClaims(name: string, makeSubject: MakeSubject<Subject<ClaimsStore>>): void {
  describe(`a claim: ${name}`, () => {
    let subject: Subject<ClaimsStore>
    let store: ClaimsStore
    beforeEach(async () => {
      subject = await makeSubject()
      store = subject.store
    })
    afterEach(() => subject.dispose())

    const claim = (epoch: number, ...partitions: number[]) => claimIn(store, epoch, partitions)
    const committed = (group = "billing") => committedIn(store, group)

    it("takes a partition that nobody has, and says that nothing was committed", async () => {
      expect(await claim(1, 0)).toEqual([CLAIMED])
    })

    it("says where to go on, whole", async () => {
      const commit = commitOf(0, Number.MAX_SAFE_INTEGER, { metadata: "héllo \u{1f980}" })
      await store.commit("billing", [commit, commitOf(1, 0)])
      expect(await claim(7, 1, 0, 2)).toEqual([
        { kind: "claimed", committed: commitOf(1, 0) },
        { kind: "claimed", committed: commit },
        CLAIMED,
      ])
    })

    it("goes over a lower and an equal epoch, and over no higher one", async () => {
      expect(await claim(5, 0)).toEqual([CLAIMED])
      expect(await claim(5, 0)).toEqual([CLAIMED])
      expect(await claim(9, 0)).toEqual([CLAIMED])
      expect(await claim(8, 0)).toEqual([{ kind: "fenced", epoch: 9 }])
      expect(await claim(9, 0)).toEqual([CLAIMED])
    })

    it("stands for itself among others, and answers in their order", async () => {
      await claim(9, 3, 1)
      const fenced = { kind: "fenced", epoch: 9 }
      expect(await claim(8, 4, 3, 2, 1, 0)).toEqual([CLAIMED, fenced, CLAIMED, fenced, CLAIMED])
      expect(await claim(7, 4, 3)).toEqual([{ kind: "fenced", epoch: 8 }, fenced])
    })

    it("is none of another group, topic or partition", async () => {
      await store.claim("billing", [targetOf(1)], 9)
      const payment = { topicId: paymentOf(1, 0).partition.topicId, partition: 1 }
      const others: [string, ClaimTarget][] = [
        ["billing", targetOf(0)],
        ["billing", targetOf(10)],
        ["billing", { partition: payment, topic: "payments" }],
        ["billin", targetOf(1)],
        ["billing-2", targetOf(1)],
      ]
      for (const [group, target] of others) {
        expect(await store.claim(group, [target], 1)).toEqual({ kind: "claims", claims: [CLAIMED] })
      }
    })

    it("makes no committed offset and no group", async () => {
      await claim(3, 0, 1)
      expect(await store.read("billing")).toEqual({ kind: "not_found" })
      expect(await store.list({ limit: 10 })).toEqual({ kind: "page", groups: [] })
      await store.commit("billing", [commitOf(1, 5)])
      expect(await committed()).toEqual([commitOf(1, 5)])
    })

    it("takes hundreds of partitions of several topics at once", async () => {
      const payments = paymentOf(0, 0).partition.topicId
      const targets = Array.from({ length: 600 }, (_, index) => {
        const partition = index >> 1
        return index % 2 === 0
          ? targetOf(partition)
          : { partition: { topicId: payments, partition }, topic: "payments" }
      })
      await store.commit("billing", [commitOf(299, 7), paymentOf(13, 8)])
      await store.claim("billing", [targetOf(299)], 4)
      const claims = (epoch: number) => store.claim("billing", targets, epoch)
      const expected = targets.map((): Claim => CLAIMED)
      expected[27] = { kind: "claimed", committed: paymentOf(13, 8) }
      expected[598] = { kind: "fenced", epoch: 4 }
      expect(await claims(3)).toEqual({ kind: "claims", claims: expected })
      expected[598] = { kind: "claimed", committed: commitOf(299, 7) }
      expect(await claims(4)).toEqual({ kind: "claims", claims: expected })
    })

    it("ends at the highest epoch when several are made at once, and nobody of a lower one commits after", async () => {
      const epochs = [4, 9, 2, 7, 9, 1, 8, 3]
      const outcomes = await Promise.all(epochs.map((epoch) => claim(epoch, 0, 1)))
      for (const [index, claims] of outcomes.entries()) {
        if (epochs[index] === 9) expect(claims).toEqual([CLAIMED, CLAIMED])
      }
      for (const partition of [0, 1]) {
        for (const epoch of [1, 8]) {
          const outcome = await store.commit("billing", [commitOf(partition, 5)], { epoch })
          const ref = { topicId: ORDERS, partition }
          expect(outcome).toEqual({ kind: "fenced", fenced: [{ partition: ref, epoch: 9 }] })
        }
      }
      expect(await store.commit("billing", [commitOf(0, 5)], { epoch: 9 })).toEqual({ kind: "committed" })
    })

    it("misses no commit of its predecessor: it knows of it, or the commit is refused", async () => {
      for (let round = 0; round < 20; round += 1) {
        const group = `group-${round}`
        await store.claim(group, [targetOf(0)], 1)
        const commits = [1, 2, 3].map((offset) => store.commit(group, [commitOf(0, offset)], { epoch: 1 }))
        const claimed = store.claim(group, [targetOf(0)], 2)
        const late = [4, 5].map((offset) => store.commit(group, [commitOf(0, offset)], { epoch: 1 }))
        const outcomes = await Promise.all([...commits, ...late])
        const offsets = outcomes.flatMap(({ kind }, index) => (kind === "committed" ? [index + 1] : []))
        const highest = Math.max(0, ...offsets)
        const known = highest === 0 ? CLAIMED : { kind: "claimed", committed: commitOf(0, highest) }
        expect(await claimed).toEqual({ kind: "claims", claims: [known] })
        expect((await committed(group)).map(({ offset }) => offset)).toEqual(highest === 0 ? [] : [highest])
      }
    })

    it("is kept across a restart", async () => {
      await claim(5, 0)
      await store.commit("billing", [commitOf(1, 3)], { epoch: 6 })
      store = await subject.reopen()
      const fenced = [
        { kind: "fenced", epoch: 5 },
        { kind: "fenced", epoch: 6 },
      ]
      expect(await claim(4, 0, 1)).toEqual(fenced)
      expect(await claim(6, 0, 1)).toEqual([CLAIMED, { kind: "claimed", committed: commitOf(1, 3) }])
      expect(await committed()).toEqual([commitOf(1, 3)])
    })

    it("goes with its topic, in every group", async () => {
      const payment = { partition: paymentOf(0, 0).partition, topic: "payments" }
      await store.claim("billing", [targetOf(0), payment], 9)
      await store.claim("other", [targetOf(0)], 9)
      await store.commit("third", [commitOf(0, 1)], { epoch: 9 })
      expect(await store.forgetTopic(ORDERS)).toEqual({ kind: "done" })
      for (const group of ["billing", "other", "third"]) {
        expect(await store.claim(group, [targetOf(0)], 1)).toEqual({ kind: "claims", claims: [CLAIMED] })
      }
      const claims = [{ kind: "fenced", epoch: 9 }]
      expect(await store.claim("billing", [payment], 8)).toEqual({ kind: "claims", claims })
    })

    it("goes with the deletion of its group, also of one that committed nothing", async () => {
      await store.claim("billing", [targetOf(0), targetOf(1)], 9)
      await store.commit("billing", [commitOf(1, 5)])
      await store.claim("other", [targetOf(0)], 9)
      await store.claim("kept", [targetOf(0)], 9)
      expect(await store.delete("billing")).toEqual({ kind: "deleted" })
      expect(await store.delete("other")).toEqual({ kind: "not_found" })
      expect(await claim(1, 0, 1)).toEqual([CLAIMED, CLAIMED])
      expect(await store.claim("other", [targetOf(0)], 1)).toEqual({ kind: "claims", claims: [CLAIMED] })
      const claims = [{ kind: "fenced", epoch: 9 }]
      expect(await store.claim("kept", [targetOf(0)], 1)).toEqual({ kind: "claims", claims })
    })
  })
}
