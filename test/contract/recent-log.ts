/** What every `RecentLog` promises, whatever it is made of: functions/segments/ports.ts. */
import { readBatchHeader } from "stratalog/record-batch"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { PartitionRef, StoredBatch } from "../../functions/log/ports.ts"
import type { RecentLog, Stretch } from "../../functions/segments/ports.ts"

export interface RecentLogSubject {
  readonly recent: RecentLog
  /** A partition of which nothing was tiered, with 40 batches of one record of some 300 bytes, appended one by one. */
  readonly partition: PartitionRef
  dispose(): Promise<void>
}

export const APPENDS = 40

export function describeRecentLog(name: string, makeSubject: () => Promise<RecentLogSubject>): void {
  describe(`${name} is a recent log`, () => {
    let subject: RecentLogSubject
    let recent: RecentLog
    let partition: PartitionRef
    beforeEach(async () => {
      subject = await makeSubject()
      recent = subject.recent
      partition = subject.partition
    })
    afterEach(() => subject.dispose())

    it("knows no other partition", async () => {
      const other = { ...partition, partition: 99 }
      const outcomes = [
        await recent.state(other),
        await recent.stretches(other, 0, 10),
        await recent.read(other, 0, 1, 10),
        await recent.commitTiered(other, 0, 1),
        await recent.dropTiered(other),
      ]
      expect(outcomes).toEqual(outcomes.map(() => ({ kind: "unknown_partition" })))
    })

    it("says where the log begins and ends", async () => {
      expect(await recent.state(partition)).toMatchObject({
        kind: "state",
        state: { logStartOffset: 0, tieredTo: 0, highWatermark: APPENDS },
      })
    })

    it("gives stretches without a gap, from any offset on and as many as asked for", async () => {
      const all = await stretchesFrom(0)
      expect(all.length).toBeGreaterThan(0)
      const end = all.at(-1)?.endOffset ?? 0
      for (let from = 0; from < end; from++) {
        const rest = await stretchesFrom(from)
        let next = from
        for (const { baseOffset, endOffset, bytes } of rest) {
          expect(baseOffset).toBe(next)
          expect(endOffset).toBeGreaterThan(baseOffset)
          expect(bytes).toBeGreaterThan(300 * (endOffset - baseOffset))
          next = endOffset
        }
        expect(next).toBe(end)
        const one = await recent.stretches(partition, from, 1)
        expect(one).toEqual({ kind: "stretches", stretches: rest.slice(0, 1), more: rest.length > 1 })
      }
      expect(await stretchesFrom(end)).toEqual([])
    })

    it("reads whole batches, never past the end that is asked for, and at least one", async () => {
      const end = (await stretchesFrom(0)).at(-1)?.endOffset ?? 0
      for (const [from, to, maxBytes] of [
        [0, end, 1],
        [0, end, 10_000_000],
        [1, end, 1_000],
        [0, 1, 10_000_000],
        [2, 5, 10_000_000],
      ] as const) {
        const read = await readOnce(from, to, maxBytes)
        expect(read[0]?.baseOffset).toBe(from)
        let next = from
        for (const { baseOffset, recordCount, bytes } of read) {
          expect(baseOffset).toBe(next)
          expect(readBatchHeader(bytes)).toMatchObject({ baseOffset, recordCount })
          next += recordCount
        }
        expect(next).toBeLessThanOrEqual(to)
        if (maxBytes === 1) expect(read).toHaveLength(1)
      }
    })

    it("moves its beginning once, from where it is", async () => {
      const [first] = await stretchesFrom(0)
      const to = first?.endOffset ?? 0
      expect(await recent.commitTiered(partition, 1, to)).toMatchObject({ kind: "moved", tieredTo: 0 })
      expect(await recent.commitTiered(partition, 0, to)).toEqual({ kind: "committed" })
      expect(await recent.state(partition)).toMatchObject({ state: { tieredTo: to, highWatermark: APPENDS } })
      expect(await recent.commitTiered(partition, 0, 1)).toEqual({ kind: "moved", tieredTo: to })
      expect(await recent.read(partition, 0, to, 1_000)).toEqual({ kind: "moved" })
    })

    it("frees what lies below its beginning, and nothing else, however often it is asked", async () => {
      const all = await stretchesFrom(0)
      const to = all[0]?.endOffset ?? 0
      const end = all.at(-1)?.endOffset ?? 0
      const behind = to < end ? await readOnce(to, end, 10_000_000) : []
      await recent.commitTiered(partition, 0, to)
      for (let times = 0; times < 2; times++) {
        for (let more = true; more; ) {
          const dropped = await recent.dropTiered(partition)
          if (dropped.kind !== "dropped") throw new Error(JSON.stringify(dropped))
          more = dropped.more
        }
        expect(await stretchesFrom(to)).toEqual(all.slice(1))
        if (to < end) expect(await readOnce(to, end, 10_000_000)).toEqual(behind)
      }
    })

    async function stretchesFrom(from: number): Promise<readonly Stretch[]> {
      const outcome = await recent.stretches(partition, from, 1_000)
      if (outcome.kind !== "stretches") throw new Error(JSON.stringify(outcome))
      expect(outcome.more).toBe(false)
      return outcome.stretches
    }

    async function readOnce(from: number, to: number, maxBytes: number): Promise<readonly StoredBatch[]> {
      const outcome = await recent.read(partition, from, to, maxBytes)
      if (outcome.kind !== "batches") throw new Error(JSON.stringify(outcome))
      return outcome.batches
    }
  })
}
