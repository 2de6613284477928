import { existsSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { JournalLog } from "../../../functions/storage/embedded/journal/index.ts"
import { entryOf, P0, type TemporaryJournal, TOPIC, temporaryJournal } from "../../fakes/temporary-journal.ts"

const OTHER = { topicId: "0b8f6a3e-63a5-4b0e-8a53-6a5a0b6a7c02", partition: 0 }

describe("space of the journal", () => {
  let journal: TemporaryJournal
  let log: JournalLog

  beforeEach(async () => {
    journal = temporaryJournal()
    log = await journal.open({ fileBytes: 2_000, cacheBytes: 0 })
    await log.createPartitions(TOPIC, 1)
    await log.createPartitions(OTHER.topicId, 1)
  })

  afterEach(async () => {
    await log.close()
    journal.dispose()
  })

  const journalFiles = async () => (await journal.files()).filter((name) => name.endsWith(".journal"))

  async function reopened(): Promise<void> {
    await log.close()
    log = await journal.open({ fileBytes: 2_000, cacheBytes: 0 })
  }

  it("is given back as the log start moves, but for the newest file", async () => {
    for (let index = 0; index < 60; index++) await log.append(P0, [entryOf()])
    const before = (await journalFiles()).length
    await log.moveLogStart(P0, 40)
    await expect.poll(async () => (await journalFiles()).length).toBeLessThan(before - 3)
    await log.moveLogStart(P0, 60)
    await expect.poll(async () => (await journalFiles()).length).toBe(1)
    await reopened()
    expect(await log.describe(P0)).toMatchObject({ state: { logStartOffset: 60, highWatermark: 60 } })
    expect(await log.append(P0, [entryOf()])).toEqual([{ kind: "appended", baseOffset: 60 }])
  })

  it("is kept for the one partition that still reads a file", async () => {
    await log.append(OTHER, [entryOf()])
    for (let index = 0; index < 60; index++) await log.append(P0, [entryOf()])
    await log.moveLogStart(P0, 60)
    await expect.poll(async () => (await journalFiles()).length).toBe(2)
    await reopened()
    expect(await log.read(OTHER, { offset: 0, maxBytes: 1 })).toMatchObject({ batches: [{ baseOffset: 0 }] })
    await log.deletePartitions(OTHER.topicId)
    await expect.poll(async () => (await journalFiles()).length).toBe(1)
  })

  it("is never taken from under a reader: an answer is right, or says that the log starts later", async () => {
    for (let index = 0; index < 200; index++) await log.append(P0, [entryOf()])
    let start = 0
    const moving = (async () => {
      for (start = 10; start <= 200; start += 10) await log.moveLogStart(P0, start)
    })()
    let below = 0
    for (let round = 0; round < 300; round++) {
      const offset = (round * 7) % 200
      const outcome = await log.read(P0, { offset, maxBytes: 600 })
      if (outcome.kind === "below_start") {
        below++
        expect(offset).toBeLessThan(start)
      } else expect(outcome).toMatchObject({ kind: "batches", batches: expect.arrayContaining([expect.anything()]) })
    }
    await moving
    expect(below).toBeGreaterThan(0)
  })

  it("takes up a removal that a crash cut short", async () => {
    for (let index = 0; index < 30; index++) await log.append(P0, [entryOf()])
    await log.moveLogStart(P0, 30)
    await log.close()
    const sidecar = journal.path("00000000000000000099.index")
    await writeFile(sidecar, "left over")
    log = await journal.open({ fileBytes: 2_000 })
    expect(existsSync(sidecar)).toBe(false)
    await expect.poll(async () => (await journalFiles()).length).toBe(1)
  })
})
