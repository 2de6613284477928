import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type FileLayer, nodeFiles, type OpenFile } from "../../functions/storage/embedded/files/index.ts"
import type { JournalLog } from "../../functions/storage/embedded/journal/index.ts"
import { entryOf, P0, type TemporaryJournal, TOPIC, temporaryJournal } from "../fakes/temporary-journal.ts"

/** The real file system, on a disk of so many bytes: a write takes what fits, and the next one fails. */
function cappedFiles(disk: { capacity: number }): FileLayer {
  const sizes = new Map<string, number>()
  const used = (): number => [...sizes.values()].reduce((sum, size) => sum + size, 0)
  const capped = (file: OpenFile, path: string): OpenFile => {
    const fitting = (buffers: readonly Uint8Array[], position: number): Uint8Array => {
      const bytes = Buffer.concat(buffers)
      const size = sizes.get(path) ?? 0
      const room = Math.max(0, disk.capacity - used()) + Math.max(0, size - position)
      const fits = bytes.subarray(0, room)
      if (bytes.length > 0 && fits.length === 0) throw Object.assign(new Error("ENOSPC: disk full"), { code: "ENOSPC" })
      sizes.set(path, Math.max(size, position + fits.length))
      return fits
    }
    return {
      ...file,
      write: async (buffers, position) => file.write([fitting(buffers, position)], position),
      writeNow: (buffers, position) => file.writeNow([fitting(buffers, position)], position),
      truncate: async (length) => {
        await file.truncate(length)
        sizes.set(path, length)
      },
    }
  }
  return {
    ...nodeFiles,
    open: async (path, mode) => {
      const file = await nodeFiles.open(path, mode)
      if (!sizes.has(path)) sizes.set(path, await file.size())
      return mode === "read" ? file : capped(file, path)
    },
    remove: async (path) => {
      await nodeFiles.remove(path)
      sizes.delete(path)
    },
  }
}

describe("journal on a full disk", () => {
  let journal: TemporaryJournal
  let log: JournalLog
  const disk = { capacity: 0 }

  beforeEach(async () => {
    disk.capacity = 60_000
    journal = temporaryJournal()
    log = await open()
    await log.createPartitions(TOPIC, 1)
  })

  afterEach(async () => {
    await log.close()
    journal.dispose()
  })

  function open(): Promise<JournalLog> {
    return journal.open({
      files: cappedFiles(disk),
      fileBytes: 8_000,
      layAheadBytes: 1_000,
      reserveBytes: 8_000,
      cacheBytes: 0,
    })
  }

  /** Appends until there is no room; answers how many went in. */
  async function fill(): Promise<number> {
    for (let count = 0; ; count++) {
      const [outcome] = await log.append(P0, [entryOf(700)])
      if (outcome?.kind === "appended") continue
      expect(outcome).toMatchObject({ kind: "unavailable", reason: "storage_full", sideEffects: "none" })
      return count
    }
  }

  async function readable(from: number): Promise<number> {
    let offset = from
    for (;;) {
      const outcome = await log.read(P0, { offset, maxBytes: 5_000 })
      if (outcome.kind !== "batches") throw new Error(JSON.stringify(outcome))
      if (outcome.batches.length === 0) return offset
      offset += outcome.batches.length
    }
  }

  it("refuses appends, keeps what it has, and goes on when there is room", async () => {
    const count = await fill()
    expect(count).toBeGreaterThan(20)
    expect(await readable(0)).toBe(count)
    const failed = await Promise.all(Array.from({ length: 20 }, () => log.append(P0, [entryOf(700)])))
    expect(failed.flat().every(({ kind }) => kind === "unavailable")).toBe(true)
    expect(await readable(0)).toBe(count)
    disk.capacity += 40_000
    expect(await fill()).toBeGreaterThan(20)
    const end = await readable(0)
    await log.close()
    disk.capacity += 1_000
    log = await open()
    expect(await readable(0)).toBe(end)
  })

  it("still takes what makes room", async () => {
    const count = await fill()
    const appends = Promise.all(Array.from({ length: 5 }, () => log.append(P0, [entryOf(700)])))
    expect(await log.moveLogStart(P0, count)).toEqual({ kind: "moved", logStartOffset: count })
    await appends
    await expect.poll(() => log.append(P0, [entryOf(700)])).toMatchObject([{ kind: "appended" }])
    expect(await fill()).toBeGreaterThan(20)
    expect(await log.deletePartitions(TOPIC)).toEqual({ kind: "done" })
  })
})
