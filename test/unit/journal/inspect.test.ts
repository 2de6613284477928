import { mkdtemp, open, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { encodeBatch, portableCrc32c } from "stratalog/record-batch"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openJournal } from "../../../functions/storage/embedded/journal/index.ts"
import {
  type InspectedEntry,
  type InspectedFrame,
  inspectJournal,
} from "../../../functions/storage/embedded/journal/inspect.ts"

const TOPIC = "0e8dd9a8-3b5c-4c57-9f6e-3b0a0f6d2a11"
const crc32c = portableCrc32c

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "stratalog-inspect-"))
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** A closed journal with three batches of one record each; answers the folder of its files. */
async function journalWithBatches(): Promise<string> {
  const directory = await mkdtemp(join(root, "journal-"))
  const journal = await openJournal({ directory, crc32c })
  await journal.createPartitions(TOPIC, 2)
  for (const value of ["a", "b", "c"]) {
    const batch = encodeBatch({ records: [{ timestamp: 1_000, key: null, value: Buffer.from(value) }] }, crc32c)
    await journal.append({ topicId: TOPIC, partition: 1 }, [{ batch, recordCount: 1, maxTimestamp: 1_000 }])
  }
  await journal.moveLogStart({ topicId: TOPIC, partition: 1 }, 1)
  await journal.close()
  const found = (await readdir(directory, { recursive: true })).find((name) => name.endsWith(".journal"))
  return join(directory, found ?? "", "..")
}

async function inspect(directory: string): Promise<InspectedEntry[]> {
  const entries: InspectedEntry[] = []
  for await (const entry of inspectJournal(directory, { crc32c, batches: true })) entries.push(entry)
  return entries
}

const frames = (entries: readonly InspectedEntry[]) =>
  entries.filter((entry): entry is InspectedFrame => entry.kind === "frame")

/** Changes the byte at `position` of the only file. */
async function damage(directory: string, position: number): Promise<void> {
  const [name = ""] = (await readdir(directory)).filter((file) => file.endsWith(".journal"))
  const file = await open(join(directory, name), "r+")
  const byte = Buffer.alloc(1)
  await file.read(byte, 0, 1, position)
  await file.write(Buffer.of((byte[0] ?? 0) ^ 0x55), 0, 1, position)
  await file.close()
}

describe("inspecting a journal", () => {
  it("shows every frame with its batch", async () => {
    const entries = await inspect(await journalWithBatches())
    expect(entries[0]).toMatchObject({ kind: "file" })
    const types = frames(entries).map(({ type }) => type)
    expect(types).toEqual(expect.arrayContaining(["fileStart", "partitionsCreated", "batch", "logStartMoved"]))
    const batches = frames(entries).filter(({ type }) => type === "batch")
    expect(batches.map(({ topicId, partition, baseOffset, crcOk }) => [topicId, partition, baseOffset, crcOk])).toEqual(
      [
        [TOPIC, 1, 0, true],
        [TOPIC, 1, 1, true],
        [TOPIC, 1, 2, true],
      ],
    )
    expect(batches[2]?.batch?.[7]).toBe(2)
    expect(entries.some(({ kind }) => kind === "unreadable")).toBe(false)
  })

  it("marks a batch whose bytes are damaged and goes on", async () => {
    const directory = await journalWithBatches()
    const [, second] = frames(await inspect(directory)).filter(({ type }) => type === "batch")
    await damage(directory, (second?.position ?? 0) + (second?.sizeInBytes ?? 0) - 1)
    const batches = frames(await inspect(directory)).filter(({ type }) => type === "batch")
    expect(batches.map(({ crcOk }) => crcOk)).toEqual([true, false, true])
  })

  it("finds the next frame behind a damaged header", async () => {
    const directory = await journalWithBatches()
    const before = frames(await inspect(directory))
    const [, second] = before.filter(({ type }) => type === "batch")
    await damage(directory, (second?.position ?? 0) + 20)
    const entries = await inspect(directory)
    expect(entries.find(({ kind }) => kind === "unreadable")).toMatchObject({
      position: second?.position,
      sizeInBytes: second?.sizeInBytes,
      reason: expect.stringContaining("damaged"),
    })
    expect(frames(entries)).toHaveLength(before.length - 1)
  })

  it("changes nothing and takes no lock", async () => {
    const directory = await mkdtemp(join(root, "open-"))
    const journal = await openJournal({ directory, crc32c })
    await journal.createPartitions(TOPIC, 1)
    const names = await readdir(directory, { recursive: true })
    const file = names.find((name) => name.endsWith(".journal")) ?? ""
    expect(frames(await inspect(join(directory, file, "..")))).not.toHaveLength(0)
    expect(await readdir(directory, { recursive: true })).toEqual(names)
    expect(await journal.createPartitions(TOPIC, 2)).toEqual({ kind: "done" })
    await journal.close()
  })
})
