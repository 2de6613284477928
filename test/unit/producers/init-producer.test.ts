import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { initProducer } from "../../../functions/producers/init/init-producer.ts"
import { openTemporaryStorage, type TemporaryStorage } from "../../fakes/temporary-storage.ts"

describe("initProducer", () => {
  let storage: TemporaryStorage
  beforeEach(() => {
    storage = openTemporaryStorage()
  })
  afterEach(() => storage.dispose())

  it("gives a new id, then its next epochs", async () => {
    const first = await initProducer(storage)
    if (first.kind !== "initialized") throw new Error(first.kind)
    expect(first.epoch).toBe(0)
    const other = await initProducer(storage)
    expect(other).toMatchObject({ kind: "initialized", epoch: 0 })
    expect(other).not.toEqual(first)
    expect(await initProducer(storage, first)).toEqual({ ...first, epoch: 1 })
    expect(await initProducer(storage, { ...first, epoch: 1 })).toEqual({ ...first, epoch: 2 })
  })

  it("refuses an epoch that is past, and an id that nobody has", async () => {
    const first = await initProducer(storage)
    if (first.kind !== "initialized") throw new Error(first.kind)
    await initProducer(storage, first)
    expect(await initProducer(storage, first)).toEqual({ kind: "stale_epoch", epoch: 1 })
    expect(await initProducer(storage, { id: 999, epoch: 0 })).toEqual({ kind: "producer_not_found", id: 999 })
  })

  it("gives a new id after the last epoch", async () => {
    const producers = { ...storage.producers, bumpEpoch: () => ({ kind: "exhausted" }) as const }
    const present = { id: 999, epoch: 32_767 }
    const result = await initProducer({ producers }, present)
    expect(result).toMatchObject({ kind: "initialized", epoch: 0 })
    expect(result).not.toMatchObject({ id: 999 })
  })
})
