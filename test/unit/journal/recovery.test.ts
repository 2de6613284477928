import { appendFile, open, readFile, rename, rm, truncate, writeFile } from "node:fs/promises"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { FRAME_HEADER_BYTES } from "../../../functions/storage/embedded/journal/frame.ts"
import type { JournalLog } from "../../../functions/storage/embedded/journal/index.ts"
import { entryOf, P0, type TemporaryJournal, TOPIC, temporaryJournal } from "../../fakes/temporary-journal.ts"

const FIRST = "00000000000000000001.journal"
const ENTRY = entryOf().batch.length

describe("opening a journal", () => {
  let journal: TemporaryJournal
  let log: JournalLog | undefined

  beforeEach(() => {
    journal = temporaryJournal()
  })

  afterEach(async () => {
    await log?.close()
    log = undefined
    journal.dispose()
  })

  /** Appends one after another; answers the file as a crash right now would leave it. */
  async function filled(count: number, options: { fileBytes?: number } = {}): Promise<Buffer> {
    log = await journal.open({ layAheadBytes: 0, ...options })
    await log.createPartitions(TOPIC, 1)
    for (let index = 0; index < count; index++) await log.append(P0, [entryOf()])
    const bytes = await readFile(journal.path(FIRST))
    await log.close()
    log = undefined
    return bytes
  }

  async function highWatermark(): Promise<number> {
    log = await journal.open()
    const outcome = await log.describe(P0)
    return outcome.kind === "partition" ? outcome.state.highWatermark : -1
  }

  async function damage(file: string, position: number): Promise<void> {
    const handle = await open(journal.path(file), "r+")
    const byte = Buffer.alloc(1)
    await handle.read(byte, 0, 1, position)
    await handle.write(Buffer.from([(byte[0] ?? 0) ^ 0x40]), 0, 1, position)
    await handle.close()
  }

  it("cuts off a write that a crash cut short, wherever it was cut", async () => {
    const bytes = await filled(3)
    const last = bytes.length - FRAME_HEADER_BYTES - ENTRY
    for (const cut of [1, 50, FRAME_HEADER_BYTES, FRAME_HEADER_BYTES + 1, FRAME_HEADER_BYTES + ENTRY - 1]) {
      await writeFile(journal.path(FIRST), bytes.subarray(0, last + cut))
      expect(await highWatermark()).toBe(2)
      expect(journal.events.at(-1)).toMatchObject({ kind: "recovered", truncatedBytes: cut })
      expect(await log?.append(P0, [entryOf()])).toEqual([{ kind: "appended", baseOffset: 2 }])
      await log?.close()
    }
  })

  it("takes zeros behind the end for room, and other bytes for an unfinished write", async () => {
    const bytes = await filled(2)
    await writeFile(journal.path(FIRST), bytes)
    await appendFile(journal.path(FIRST), Buffer.alloc(5_000))
    expect(await highWatermark()).toBe(2)
    expect(journal.events.findLast(({ kind }) => kind === "recovered")).toMatchObject({ truncatedBytes: 0 })
    await log?.close()
    await writeFile(journal.path(FIRST), Buffer.concat([bytes, Buffer.alloc(600), Buffer.from("unfinished")]))
    expect(await highWatermark()).toBe(2)
    expect(journal.events.findLast(({ kind }) => kind === "recovered")).toMatchObject({ truncatedBytes: 610 })
  })

  it("refuses damage to what was acknowledged, and names the place", async () => {
    const bytes = await filled(4)
    const second = bytes.length - 3 * (FRAME_HEADER_BYTES + ENTRY)
    for (const at of [0, 30, FRAME_HEADER_BYTES + 70]) {
      await writeFile(journal.path(FIRST), bytes)
      await damage(FIRST, second + at)
      const error = await journal.open().catch((reason: unknown) => reason)
      expect(error).toMatchObject({ name: "JournalOpenError", code: "corrupt" })
      expect(String(error)).toContain(`${FIRST} is damaged at byte ${second}`)
      expect((await readFile(journal.path(FIRST))).length).toBe(bytes.length)
    }
  })

  it("refuses damage to the last record of a journal that was closed in order", async () => {
    const bytes = await filled(2)
    await damage(FIRST, bytes.length - 5)
    await expect(journal.open()).rejects.toMatchObject({ code: "corrupt" })
  })

  it("is not fooled by a frame inside a client's record", async () => {
    const bytes = await filled(2)
    const frame = bytes.subarray(bytes.length - FRAME_HEADER_BYTES - ENTRY)
    await writeFile(journal.path(FIRST), Buffer.concat([bytes, Buffer.from("torn"), frame]))
    expect(await highWatermark()).toBe(2)
  })

  it("reads older files by their sidecars, and without them", async () => {
    await filled(40, { fileBytes: 1_500 })
    const sidecars = (await journal.files()).filter((name) => name.endsWith(".index"))
    expect(sidecars.length).toBeGreaterThan(3)
    await damage(sidecars[0] ?? "", 30)
    await rm(journal.path(sidecars[1] ?? ""))
    await truncate(journal.path(sidecars[2] ?? ""), 3)
    expect(await highWatermark()).toBe(40)
    for (let offset = 0; offset < 40; offset++) {
      expect(await log?.read(P0, { offset, maxBytes: 1 })).toMatchObject({ batches: [{ baseOffset: offset }] })
    }
    // They are written again in the background, and a close does not wait for those that are not begun.
    const present = async () => (await journal.files()).filter((name) => name.endsWith(".index"))
    await expect.poll(present).toEqual(sidecars)
  })

  it("refuses an older file that is missing or cut", async () => {
    await filled(40, { fileBytes: 1_500 })
    const names = (await journal.files()).filter((name) => name.endsWith(".journal"))
    const middle = names[2] ?? ""
    await rename(journal.path(middle), journal.path("kept"))
    await expect(journal.open()).rejects.toMatchObject({ code: "corrupt", message: expect.stringContaining("missing") })
    await rename(journal.path("kept"), journal.path(middle))
    await truncate(journal.path(middle), 800)
    await expect(journal.open()).rejects.toMatchObject({ code: "corrupt", message: expect.stringContaining(middle) })
  })

  it("passes over a file that was begun and never used", async () => {
    await filled(5)
    await writeFile(journal.path("00000000000000000002.journal"), "begun")
    expect(await highWatermark()).toBe(5)
    await log?.close()
    expect(await journal.files()).toEqual([FIRST])
  })

  it("answers a read of damaged bytes with the place, and goes on elsewhere", async () => {
    await filled(40, { fileBytes: 1_500 })
    await damage("00000000000000000002.journal", 700)
    log = await journal.open()
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, offset) => log?.read(P0, { offset, maxBytes: 1 })),
    )
    const corrupt = outcomes.filter((outcome) => outcome?.kind === "corrupt")
    expect(corrupt).toHaveLength(1)
    expect(corrupt[0]).toMatchObject({ where: expect.stringContaining("00000000000000000002.journal at byte ") })
    expect(outcomes.filter((outcome) => outcome?.kind === "batches")).toHaveLength(39)
  })

  it("keeps a topic that was made again under its old id apart from its earlier life", async () => {
    log = await journal.open({ fileBytes: 1_500 })
    const keeper = { topicId: "0b8f6a3e-63a5-4b0e-8a53-6a5a0b6a7c02", partition: 0 }
    await log.createPartitions(keeper.topicId, 1)
    for (const lifeOf of [12, 3, 0]) {
      await log.createPartitions(TOPIC, 1)
      for (let index = 0; index < lifeOf; index++) {
        await log.append(P0, [entryOf(100, { id: 5, epoch: 0, sequence: index })])
        await log.append(keeper, [entryOf()])
      }
      await log.close()
      expect(await highWatermark()).toBe(lifeOf)
      await log.deletePartitions(TOPIC)
    }
    await log.close()
    expect(await highWatermark()).toBe(-1)
  })

  it("refuses a topic id that would come back changed", async () => {
    log = await journal.open()
    await expect(log.createPartitions(TOPIC.toUpperCase(), 1)).rejects.toThrow(TypeError)
  })

  it("refuses sizes that positions cannot hold", async () => {
    await expect(journal.open({ fileBytes: 2 ** 31 + 1 })).rejects.toThrow(RangeError)
  })
})
