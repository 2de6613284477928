/** What every `GroupClaims` promises, and the commits that claims guard: who owns a partition, and who owns it no more. */
import fc from "fast-check"
import { limits } from "stratalog/protocol"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { Claim, ClaimTarget, CommittedOffset, GroupClaims, GroupOffsets } from "../../functions/groups/ports.ts"
import { commitOf, ORDERS, paymentOf } from "./group-offsets.ts"
import type { MakeSubject, Subject } from "./subject.ts"

export type ClaimsStore = GroupOffsets & GroupClaims

const CLAIMED: Claim = { kind: "claimed" }

export function targetOf(partition: number, change: Partial<ClaimTarget> = {}): ClaimTarget {
  return { partition: { topicId: ORDERS, partition }, topic: "orders", ...change }
}

export function describeGroupClaims(name: string, makeSubject: MakeSubject<Subject<ClaimsStore>>): void {
  describe(`claims of groups: ${name}`, () => {
    let subject: Subject<ClaimsStore>
    let store: ClaimsStore
    beforeEach(async () => {
      subject = await makeSubject()
      store = subject.store
    })
    afterEach(() => subject.dispose())

    const claim = async (epoch: number, ...partitions: number[]) => {
      const targets = partitions.map((partition) => targetOf(partition))
      const outcome = await store.claim("billing", targets, epoch)
      if (outcome.kind === "unavailable") throw new Error(outcome.detail)
      return outcome.claims
    }
    const committed = async (group = "billing") => {
      const outcome = await store.read(group)
      return outcome.kind === "offsets" ? outcome.offsets : []
    }

    describe("a claim", () => {
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
      const property = fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
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

interface CommitStep {
  readonly kind: "commit"
  readonly commits: Readonly<Record<string, number>>
  readonly epoch?: number
  readonly mayGoBack?: boolean
}

const partitions = fc.integer({ min: 0, max: 3 })
const epochs = fc.integer({ min: 1, max: 5 })
const step = fc.oneof(
  fc.record({
    kind: fc.constant("claim" as const),
    partitions: fc.uniqueArray(partitions, { minLength: 1 }),
    epoch: epochs,
  }),
  fc.record(
    {
      kind: fc.constant("commit" as const),
      commits: fc.dictionary(partitions.map(String), fc.integer({ min: 0, max: 8 }), { minKeys: 1 }),
      epoch: epochs,
      mayGoBack: fc.boolean(),
    },
    { requiredKeys: ["kind", "commits"] },
  ),
)

/** What a group's partitions go through, one call at a time. */
class ClaimsModel {
  readonly #owners = new Map<number, number>()
  readonly #commits = new Map<number, CommittedOffset>()

  claim(partition: number, epoch: number): Claim {
    const owner = this.#owners.get(partition) ?? 0
    if (owner > epoch) return { kind: "fenced", epoch: owner }
    this.#owners.set(partition, epoch)
    const committed = this.#commits.get(partition)
    return committed === undefined ? CLAIMED : { kind: "claimed", committed }
  }

  commit(commits: readonly CommittedOffset[], { epoch, mayGoBack }: Omit<CommitStep, "kind" | "commits">) {
    const ownerOf = ({ partition: { partition } }: CommittedOffset) => this.#owners.get(partition) ?? 0
    const offsetOf = ({ partition: { partition } }: CommittedOffset) => this.#commits.get(partition)?.offset ?? 0
    const fenced = commits.filter((each) => epoch !== undefined && ownerOf(each) > epoch)
    if (fenced.length > 0) {
      return { kind: "fenced", fenced: fenced.map((each) => ({ partition: each.partition, epoch: ownerOf(each) })) }
    }
    const back = commits.filter((each) => mayGoBack !== true && each.offset < offsetOf(each))
    if (back.length > 0) {
      const regressed = back.map((each) => ({ partition: each.partition, committed: offsetOf(each) }))
      return { kind: "regressed", regressed }
    }
    for (const each of commits) {
      const { partition } = each.partition
      this.#commits.set(partition, each)
      if (epoch !== undefined) this.#owners.set(partition, epoch)
    }
    return { kind: "committed" }
  }

  offsets(): readonly CommittedOffset[] {
    return [...this.#commits.values()].sort((a, b) => a.partition.partition - b.partition.partition)
  }
}
