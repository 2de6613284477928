import { encodeBatch, portableCrc32c } from "stratalog/record-batch"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { RecentLog } from "../../../functions/segments/ports.ts"
import { createJournalRecentLog } from "../../../functions/storage/embedded/tiering/recent-log.ts"
import { StorageTimes } from "../../../functions/storage/embedded/tiering/storage-times.ts"
import { entryOf, P0, TOPIC } from "../../fakes/temporary-journal.ts"
import { TemporaryTieredLog } from "../../fakes/temporary-tiered-log.ts"

describe("the journal as the recent part of a log", () => {
  const tiered = { log: new TemporaryTieredLog() }
  let recent: RecentLog
  let time: number
  let leavesTo: number

  beforeEach(async () => {
    tiered.log = new TemporaryTieredLog()
    const log = await tiered.log.open()
    await log.createPartitions(TOPIC, 1)
    time = 1_000
    leavesTo = 0
    const { journal, boundaries } = tiered.log.parts
    recent = createJournalRecentLog({
      journal,
      boundaries,
      times: new StorageTimes({ now: () => time }),
      leavesTo: () => leavesTo,
    })
  })

  afterEach(async () => {
    await tiered.log.close()
    tiered.log.directory.dispose()
  })

  async function append(count: number): Promise<void> {
    for (let index = 0; index < count; index++) await tiered.log.parts.log.append(P0, [entryOf()])
  }

  async function stretches(from: number, limit = 100) {
    const outcome = await recent.stretches(P0, from, limit)
    if (outcome.kind !== "stretches") throw new Error(outcome.kind)
    return outcome
  }

  it("comes in stretches of a batch where there are few, and as many as asked for", async () => {
    await append(5)
    const { stretches: all, more } = await stretches(0)
    expect(all.map(({ baseOffset, endOffset }) => [baseOffset, endOffset])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
    ])
    expect(more).toBe(false)
    expect(all[0]).toMatchObject({ maxTimestamp: 1, bytes: expect.any(Number) })
    expect(await stretches(3, 1)).toMatchObject({ stretches: [{ baseOffset: 3, endOffset: 4 }], more: true })
    expect(await stretches(5)).toEqual({ kind: "stretches", stretches: [], more: false })
  })

  it("comes in longer stretches where there is much, one of which ends where the partition is to leave", async () => {
    const batches = Array.from({ length: 2_500 }, () => entryOf())
    await tiered.log.parts.log.append(P0, batches)
    leavesTo = 1_000
    const { stretches: all } = await stretches(0, 5_000)
    expect(all.length).toBeLessThan(1_002)
    expect(all.map(({ endOffset }) => endOffset)).toContain(1_000)
    expect(all.at(-1)?.endOffset).toBe(2_500)
    expect(all.every(({ baseOffset }, index) => baseOffset === (all[index - 1]?.endOffset ?? 0))).toBe(true)
  })

  it("tells of its oldest part when it was seen first, and of the rest when it was seen last", async () => {
    await append(1)
    await recent.state(P0)
    time = 2_000
    await append(1)
    await recent.state(P0)
    time = 3_000
    await append(1)
    await recent.state(P0)
    await append(1)
    time = 4_000
    const times = async (from: number) => (await stretches(from)).stretches.map(({ storedAt }) => storedAt)
    expect(await times(0)).toEqual([1_000, 3_000, 3_000, 4_000])
    await recent.commitTiered(P0, 0, 1)
    await recent.state(P0)
    expect(await times(1)).toEqual([4_000, 4_000, 4_000])
    time = 5_000
    await recent.state(P0)
    expect(await times(1)).toEqual([4_000, 4_000, 4_000])
  })

  it("is read up to a boundary, and has moved where somebody else was faster", async () => {
    await append(5)
    expect(await recent.read(P0, 1, 3, 1_000_000)).toMatchObject({ batches: [{ baseOffset: 1 }, { baseOffset: 2 }] })
    expect(await recent.read(P0, 1, 3, 1)).toMatchObject({ batches: [{ baseOffset: 1 }] })
    await recent.commitTiered(P0, 0, 3)
    await recent.dropTiered(P0)
    expect(await recent.read(P0, 1, 3, 1)).toEqual({ kind: "moved" })
    await tiered.log.parts.log.moveLogStart(P0, 5)
    expect(await recent.read(P0, 3, 5, 1)).toEqual({ kind: "moved" })
    expect(await recent.commitTiered(P0, 3, 5)).toEqual({ kind: "moved", tieredTo: 5 })
    expect(await recent.state(P0)).toMatchObject({ state: { logStartOffset: 5, highWatermark: 5, tieredTo: 5 } })
  })

  it("begins with the whole batch that the log start falls into", async () => {
    const records = Array.from({ length: 5 }, () => ({ timestamp: 1, key: null, value: Buffer.from("v") }))
    const { log } = tiered.log.parts
    for (let batches = 0; batches < 2; batches++) {
      const batch = encodeBatch({ records }, portableCrc32c)
      await log.append(P0, [{ batch, recordCount: 5, maxTimestamp: 1 }])
    }
    await log.moveLogStart(P0, 3)
    expect(await recent.state(P0)).toMatchObject({ state: { logStartOffset: 3, tieredTo: 0 } })
    expect(await stretches(0)).toMatchObject({ stretches: [{ baseOffset: 0, endOffset: 5 }, { baseOffset: 5 }] })
    expect(await recent.read(P0, 0, 5, 1)).toMatchObject({ batches: [{ baseOffset: 0, recordCount: 5 }] })
    await tiered.log.tier(P0)
    expect(await tiered.log.segments(P0)).toMatchObject([{ baseOffset: 0, endOffset: 10 }])
    expect(await log.read(P0, { offset: 3, maxBytes: 1 })).toMatchObject({ batches: [{ baseOffset: 0 }] })
    expect(await log.read(P0, { offset: 2, maxBytes: 1 })).toMatchObject({ kind: "below_start" })
  })

  it("is unknown where the topic is gone", async () => {
    await tiered.log.parts.log.deletePartitions(TOPIC)
    const unknown = { kind: "unknown_partition" }
    expect(await recent.state(P0)).toEqual(unknown)
    expect(await recent.stretches(P0, 0, 1)).toEqual(unknown)
    expect(await recent.read(P0, 0, 1, 1)).toEqual(unknown)
    expect(await recent.commitTiered(P0, 0, 1)).toEqual(unknown)
    expect(await recent.dropTiered(P0)).toEqual(unknown)
  })
})
