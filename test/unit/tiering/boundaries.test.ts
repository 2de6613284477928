import { existsSync } from "node:fs"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { JournalLog } from "../../../functions/storage/embedded/journal/index.ts"
import {
  openSqliteStores,
  type SqliteStores,
  type TieredPartitions,
} from "../../../functions/storage/embedded/sqlite/index.ts"
import { Boundaries } from "../../../functions/storage/embedded/tiering/boundaries.ts"
import { entryOf, P0, type TemporaryJournal, TOPIC, temporaryJournal } from "../../fakes/temporary-journal.ts"

const FAILED = { kind: "unavailable", reason: "storage_failed", detail: "the disk failed" } as const

describe("where the journal begins and segments end", () => {
  let directory: TemporaryJournal
  let journal: JournalLog
  let stores: SqliteStores
  let boundaries: Boundaries

  /** What the database answers to the next writes, and whether they take effect. */
  const faults: { readonly sideEffects: "none" | "unknown"; readonly lands: boolean }[] = []

  const faulty = (store: TieredPartitions): TieredPartitions => ({
    ...store,
    save: async (ref, tiered) => {
      const fault = faults.shift()
      if (fault === undefined) return store.save(ref, tiered)
      if (fault.lands) await store.save(ref, tiered)
      return { ...FAILED, sideEffects: fault.sideEffects }
    },
  })

  async function open(): Promise<void> {
    journal = await directory.open({ fileBytes: 2_000 })
    stores = openSqliteStores({ path: join(directory.directory, "stratalog.db") })
    boundaries = new Boundaries({ journal, store: faulty(stores.tiered) })
    await boundaries.restore()
  }

  async function reopen(): Promise<void> {
    stores.close()
    await journal.close()
    await open()
  }

  const watermarks = () => journal.partition(P0)?.watermarks
  const journalStart = () => journal.partition(P0)?.committed.logStartOffset

  beforeEach(async () => {
    faults.length = 0
    directory = temporaryJournal()
    await open()
    await journal.createPartitions(TOPIC, 1)
    for (let index = 0; index < 40; index++) await journal.append(P0, [entryOf()])
  })

  afterEach(async () => {
    stores.close()
    await journal.close()
    directory.dispose()
  })

  it("move without a change for readers, and free the journal's files", async () => {
    expect(await boundaries.commitTiered(P0, 0, 20)).toEqual({ kind: "committed" })
    expect(await boundaries.commitTiered(P0, 0, 30)).toEqual({ kind: "moved", tieredTo: 20 })
    expect([watermarks(), journalStart()]).toEqual([{ logStartOffset: 0, highWatermark: 40 }, 0])
    expect(await boundaries.dropTiered(P0)).toEqual({ kind: "dropped", more: false })
    expect([watermarks(), journalStart()]).toEqual([{ logStartOffset: 0, highWatermark: 40 }, 20])
    expect(journal.partition(P0)?.isInSegments(19)).toBe(true)
    expect(journal.partition(P0)?.isInSegments(20)).toBe(false)
    await reopen()
    expect([watermarks(), journalStart()]).toEqual([{ logStartOffset: 0, highWatermark: 40 }, 20])
    await expect.poll(() => existsSync(directory.path("00000000000000000001.journal"))).toBe(false)
  })

  it("are finished at the next start after a crash between the two steps", async () => {
    await boundaries.commitTiered(P0, 0, 20)
    await reopen()
    expect([watermarks(), journalStart()]).toEqual([{ logStartOffset: 0, highWatermark: 40 }, 20])
  })

  it("let records be deleted within the segments, at their end and beyond", async () => {
    await boundaries.commitTiered(P0, 0, 20)
    for (const [before, start] of [
      [5, 5],
      [3, 5],
      [20, 20],
      [25, 25],
      [22, 25],
    ] as const) {
      await boundaries.dropTiered(P0)
      expect(await boundaries.moveLogStart(P0, before)).toEqual({ kind: "moved", logStartOffset: start })
      expect(watermarks()?.logStartOffset).toBe(start)
      await reopen()
      expect(watermarks()?.logStartOffset).toBe(start)
    }
    expect(await boundaries.moveLogStart(P0, 41)).toEqual({
      kind: "beyond_end",
      watermarks: { logStartOffset: 25, highWatermark: 40 },
    })
    expect(await boundaries.commitTiered(P0, 25, 30)).toEqual({ kind: "committed" })
    await reopen()
    expect([watermarks()?.logStartOffset, journalStart()]).toEqual([25, 30])
  })

  it("keep a deletion that races a boundary on its way, in either order", async () => {
    const both = [boundaries.moveLogStart(P0, 15), boundaries.commitTiered(P0, 0, 20)]
    expect(await Promise.all(both)).toMatchObject([{ kind: "moved" }, { kind: "moved", tieredTo: 15 }])
    const again = [boundaries.commitTiered(P0, 15, 20), boundaries.moveLogStart(P0, 17), boundaries.dropTiered(P0)]
    expect(await Promise.all(again)).toMatchObject([{ kind: "committed" }, { kind: "moved" }, { kind: "dropped" }])
    await reopen()
    expect([watermarks()?.logStartOffset, journalStart()]).toEqual([17, 20])
  })

  it("wake who waits where the log begins later, and nobody where only the boundary moved", async () => {
    const seen = { logStartOffset: 0, highWatermark: 40 }
    let woken = false
    const waiting = journal.waitForChange([{ partition: P0, seen }], new AbortController().signal).then(() => {
      woken = true
    })
    await boundaries.commitTiered(P0, 0, 20)
    await boundaries.dropTiered(P0)
    expect(woken).toBe(false)
    await boundaries.moveLogStart(P0, 1)
    await waiting
  })

  it("do not bring deleted records back after a write of unknown outcome that landed", async () => {
    faults.push({ sideEffects: "unknown", lands: true })
    expect(await boundaries.commitTiered(P0, 0, 20)).toMatchObject({ kind: "unavailable", sideEffects: "unknown" })
    expect(await boundaries.moveLogStart(P0, 15)).toEqual({ kind: "moved", logStartOffset: 15 })
    await reopen()
    expect(watermarks()?.logStartOffset).toBe(15)
  })

  it("refuse while what the database holds cannot be settled", async () => {
    faults.push({ sideEffects: "unknown", lands: true }, { sideEffects: "none", lands: false })
    await boundaries.commitTiered(P0, 0, 20)
    expect(await boundaries.moveLogStart(P0, 15)).toMatchObject({ kind: "unavailable", sideEffects: "none" })
    expect(watermarks()?.logStartOffset).toBe(0)
    expect(await boundaries.commitTiered(P0, 0, 20)).toEqual({ kind: "committed" })
  })

  it("refuse a journal that is older than the database", async () => {
    await stores.tiered.save(P0, { tieredTo: 50, logStartOffset: 0 })
    await expect(boundaries.restore()).rejects.toThrow(/ends partition 0 .* at offset 40, but its segments reach to 50/)
    await stores.tiered.save(P0, undefined)
  })

  it("answer unknown for a partition that is gone", async () => {
    await boundaries.commitTiered(P0, 0, 20)
    await journal.deletePartitions(TOPIC)
    const unknown = { kind: "unknown_partition" }
    expect(await boundaries.moveLogStart(P0, 5)).toEqual(unknown)
    expect(await boundaries.commitTiered(P0, 20, 30)).toEqual(unknown)
    expect(await boundaries.dropTiered(P0)).toEqual(unknown)
    await reopen()
    expect(watermarks()).toBeUndefined()
  })
})
