import { setImmediate } from "node:timers/promises"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type FileLayer, nodeFiles } from "../../../functions/storage/embedded/files/index.ts"
import type { TieredLog } from "../../../functions/storage/embedded/tiering/tiered-log.ts"
import { entryOf, P0, TOPIC } from "../../fakes/temporary-journal.ts"
import { TemporaryTieredLog } from "../../fakes/temporary-tiered-log.ts"

describe("a log in journal and segments", () => {
  let tiered: TemporaryTieredLog
  let log: TieredLog

  beforeEach(async () => {
    tiered = new TemporaryTieredLog({ fileBytes: 2_000, cacheBytes: 0 })
    log = await tiered.open()
    await log.createPartitions(TOPIC, 1)
  })

  afterEach(async () => {
    await tiered.close()
    tiered.directory.dispose()
  })

  async function append(count: number): Promise<void> {
    for (let index = 0; index < count; index++) await log.append(P0, [entryOf()])
  }

  const journalFiles = async () => (await tiered.directory.files()).filter((name) => name.endsWith(".journal"))

  it("answers at once what is in memory, and without a promise where nothing is in segments", async () => {
    await tiered.close()
    tiered.directory.dispose()
    tiered = new TemporaryTieredLog()
    log = await tiered.open()
    await log.createPartitions(TOPIC, 1)
    await append(1)
    expect(log.read(P0, { offset: 0, maxBytes: 1 })).toMatchObject({ kind: "batches" })
    expect(log.findByTimestamp(P0, 0)).toMatchObject({ kind: "batch" })
    await tiered.tier(P0)
    await append(1)
    expect(log.read(P0, { offset: 1, maxBytes: 1 })).toMatchObject({ kind: "batches", batches: [{ baseOffset: 1 }] })
    expect(await log.read(P0, { offset: 0, maxBytes: 1 })).toMatchObject({ batches: [{ baseOffset: 0 }] })
  })

  it("frees the files that one record kept", async () => {
    await append(1)
    const busy = { topicId: "0b8f6a3e-63a5-4b0e-8a53-6a5a0b6a7c02", partition: 0 }
    await log.createPartitions(busy.topicId, 1)
    for (let index = 0; index < 60; index++) await log.append(busy, [entryOf()])
    await log.moveLogStart(busy, 60)
    await expect.poll(async () => (await journalFiles()).length).toBe(2)
    await tiered.tier(P0)
    await expect.poll(async () => (await journalFiles()).length).toBe(1)
    expect(await log.read(P0, { offset: 0, maxBytes: 1 })).toMatchObject({ batches: [{ baseOffset: 0 }] })
  })

  it("is read whole while it moves from one into the other", async () => {
    await append(120)
    let moved = false
    const moving = (async () => {
      const { recent } = tiered.parts
      for (let round = 0; round < 12; round++) {
        await tiered.tier(P0)
        await append(5)
      }
      expect(await recent.state(P0)).toMatchObject({ state: { logStartOffset: 0 } })
      moved = true
    })()
    let reads = 0
    for (let offset = 0; !moved; offset = (offset + 7) % 120) {
      const outcome = await log.read(P0, { offset, maxBytes: 600 })
      expect(outcome).toMatchObject({ kind: "batches", watermarks: { logStartOffset: 0 } })
      expect(outcome.kind === "batches" && outcome.batches[0]?.baseOffset).toBe(offset)
      expect(await log.findByTimestamp(P0, 0)).toMatchObject({ kind: "batch", batch: { baseOffset: 0 } })
      reads++
      await setImmediate()
    }
    await moving
    expect(reads).toBeGreaterThan(0)
  })

  it("is read from the segment where the journal's file goes from under its reader", async () => {
    await append(20)
    await tiered.close()
    const gate = Promise.withResolvers<void>()
    const open: FileLayer["open"] = async (path, mode) => {
      if (mode === "read" && path.endsWith("01.journal") && serving) await gate.promise
      return nodeFiles.open(path, mode)
    }
    let serving = false
    log = await tiered.open({ files: { ...nodeFiles, open }, openFiles: 1 })
    serving = true
    const readings = [log.read(P0, { offset: 3, maxBytes: 1 }), log.findByTimestamp(P0, 0)]
    serving = false
    // Another file takes the place of the one that is being opened, so that upkeep opens it once more.
    await log.read(P0, { offset: 19, maxBytes: 1 })
    await tiered.tier(P0)
    await expect.poll(journalFiles).not.toContain("00000000000000000001.journal")
    gate.resolve()
    const [read, found] = await Promise.all(readings)
    expect(read).toMatchObject({ kind: "batches", batches: [{ baseOffset: 3 }] })
    expect(found).toMatchObject({ kind: "batch", batch: { baseOffset: 0 } })
  })

  it("says that the log starts later where a segment goes from under its reader", async () => {
    await append(20)
    await tiered.tier(P0)
    const release = Promise.withResolvers<void>()
    tiered.objects.inject(({ call }) => (call === "get" ? { kind: "delay", until: release.promise } : undefined))
    const reading = log.read(P0, { offset: 3, maxBytes: 1 })
    await log.moveLogStart(P0, 20)
    await tiered.objects.remove(tiered.objects.keys())
    release.resolve()
    expect(await reading).toMatchObject({ kind: "below_start", watermarks: { logStartOffset: 20 } })
  })

  it("calls what is missing without such a reason corrupt, by its place", async () => {
    await append(20)
    await tiered.tier(P0)
    const [segment] = await tiered.segments(P0)
    await tiered.objects.remove(tiered.objects.keys())
    const missing = { kind: "corrupt", where: expect.stringContaining(segment?.objectKey ?? "no segment") }
    expect(await log.read(P0, { offset: 3, maxBytes: 1 })).toMatchObject(missing)
    expect(await log.findByTimestamp(P0, 0)).toMatchObject(missing)
    await tiered.parts.stores.segments.remove(P0, { baseOffset: 0, version: 1 })
    log = await reopened()
    const none = { kind: "corrupt", detail: "No segment holds offset 3." }
    expect(await log.read(P0, { offset: 3, maxBytes: 1 })).toMatchObject(none)
  })

  it("counts the bytes in segments, and no longer those below the log start", async () => {
    await append(10)
    const before = await log.describe(P0)
    await tiered.tier(P0)
    expect(await log.describe(P0)).toEqual(before)
    await append(10)
    await tiered.tier(P0)
    await log.moveLogStart(P0, 10)
    expect(await log.describe(P0)).toMatchObject({
      state: { sizeInBytes: before.kind === "partition" && before.state.sizeInBytes },
    })
  })

  it("forgets a deleted topic's segments, also where a crash came between", async () => {
    await append(10)
    await tiered.tier(P0)
    const { stores } = tiered.parts
    tiered.objects.inject(({ call }) => (call === "list" ? { kind: "fail" } : undefined))
    expect(await log.deletePartitions(TOPIC)).toMatchObject({ kind: "unavailable" })
    expect(await log.read(P0, { offset: 0, maxBytes: 1 })).toEqual({ kind: "unknown_partition" })
    expect(stores.tiered.topicIds()).toEqual([TOPIC])
    tiered.objects.inject(() => undefined)
    log = await reopened()
    expect(await log.deletePartitions(TOPIC)).toEqual({ kind: "done" })
    expect(tiered.objects.keys()).toEqual([])
    expect(await tiered.segments(P0)).toEqual([])
    expect(tiered.parts.stores.tiered.topicIds()).toEqual([])
  })

  async function reopened(): Promise<TieredLog> {
    await tiered.close()
    return tiered.open()
  }
})
