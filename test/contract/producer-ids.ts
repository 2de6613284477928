/** What every `ProducerIds` promises, whatever it is made of. */
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { MAX_PRODUCER_EPOCH, type ProducerIds } from "../../functions/producers/ports.ts"
import type { MakeSubject, Subject } from "./subject.ts"

export interface ProducerIdsSubject extends Subject<ProducerIds> {
  /** Takes an allocated id to this epoch behind the port's back: 32,767 calls would be slow. */
  setEpoch(id: number, epoch: number): Promise<void>
}

export function describeProducerIds(name: string, makeSubject: MakeSubject<ProducerIdsSubject>): void {
  describe(`producer ids: ${name}`, () => {
    let subject: ProducerIdsSubject
    let store: ProducerIds
    beforeEach(async () => {
      subject = await makeSubject()
      store = subject.store
    })
    afterEach(() => subject.dispose())

    it("gives an id to one producer only, also at the same moment and after a restart", async () => {
      const ids = await Promise.all(Array.from({ length: 50 }, () => allocate()))
      store = await subject.reopen()
      ids.push(...(await Promise.all(Array.from({ length: 50 }, () => allocate()))))
      expect(new Set(ids).size).toBe(100)
      for (const id of ids) expect(Number.isSafeInteger(id) && id >= 1).toBe(true)
    })

    it("counts epochs from 0, for each id, across a restart", async () => {
      const [one, other] = [await allocate(), await allocate()]
      expect(await store.bumpEpoch(one, 0)).toEqual({ kind: "bumped", epoch: 1 })
      expect(await store.bumpEpoch(one, 1)).toEqual({ kind: "bumped", epoch: 2 })
      store = await subject.reopen()
      expect(await store.bumpEpoch(one, 2)).toEqual({ kind: "bumped", epoch: 3 })
      expect(await store.bumpEpoch(other, 0)).toEqual({ kind: "bumped", epoch: 1 })
    })

    it("refuses another epoch than the present one", async () => {
      const id = await allocate()
      await store.bumpEpoch(id, 0)
      for (const epoch of [0, 2, MAX_PRODUCER_EPOCH]) {
        expect(await store.bumpEpoch(id, epoch)).toEqual({ kind: "stale_epoch", epoch: 1 })
      }
    })

    it("lets one of several that ask with the same epoch have the next", async () => {
      const id = await allocate()
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => store.bumpEpoch(id, 0)))
      expect(outcomes.filter(({ kind }) => kind === "bumped")).toEqual([{ kind: "bumped", epoch: 1 }])
      expect(outcomes.filter(({ kind }) => kind === "stale_epoch")).toHaveLength(9)
    })

    it("does not know an id that was never given", async () => {
      await allocate()
      for (const id of [0, 2 ** 52]) expect(await store.bumpEpoch(id, 0)).toEqual({ kind: "not_found" })
    })

    it("has no epoch after the last", async () => {
      const id = await allocate()
      await subject.setEpoch(id, MAX_PRODUCER_EPOCH - 1)
      expect(await store.bumpEpoch(id, MAX_PRODUCER_EPOCH - 1)).toEqual({ kind: "bumped", epoch: MAX_PRODUCER_EPOCH })
      expect(await store.bumpEpoch(id, MAX_PRODUCER_EPOCH)).toEqual({ kind: "exhausted" })
      expect(await store.bumpEpoch(id, 0)).toEqual({ kind: "stale_epoch", epoch: MAX_PRODUCER_EPOCH })
    })

    async function allocate(): Promise<number> {
      const outcome = await store.allocate()
      if (outcome.kind !== "allocated") throw new Error(outcome.detail)
      expect(outcome.epoch).toBe(0)
      return outcome.id
    }
  })
}
