import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { encodeBatch, portableCrc32c } from "stratalog/record-batch"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type SegmentEntry, scanSegment } from "../../../sdk/cli/inspect/scan.ts"
import { FileWindow } from "../../../sdk/cli/inspect/window.ts"
import { runCli } from "../../fakes/cli-io.ts"

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "strata-inspect-"))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

function batch(baseOffset: number, values: readonly string[]): Uint8Array {
  const records = values.map((value) => ({ timestamp: 1_700_000_000_000, key: null, value: Buffer.from(value) }))
  return encodeBatch({ records, baseOffset }, portableCrc32c)
}

const first = batch(0, ["a", "b"])
const second = batch(2, ["c"])
const third = batch(3, ["d", "e"])

async function file(...pieces: readonly Uint8Array[]): Promise<string> {
  const path = join(directory, `${crypto.randomUUID()}.log`)
  await writeFile(path, Buffer.concat(pieces))
  return path
}

async function scan(...pieces: readonly Uint8Array[]): Promise<string[]> {
  await using source = await FileWindow.open(await file(...pieces))
  const found: string[] = []
  for await (const entry of scanSegment(source, portableCrc32c)) found.push(told(entry))
  return found
}

function told(entry: SegmentEntry): string {
  if (entry.kind !== "batch") return `${entry.kind} ${entry.at}+${entry.sizeInBytes}`
  return `${entry.crcOk ? "good" : "bad"} ${entry.header.baseOffset} at ${entry.at}`
}

function damaged(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 0x55
  return copy
}

const secondAt = first.length
const thirdAt = first.length + second.length
const CRC_COVERED = 65
const LENGTH = 11
const MAGIC = 16

describe("a segment", () => {
  it("is its batches one after another", async () => {
    expect(await scan(first, second, third)).toEqual(["good 0 at 0", `good 2 at ${secondAt}`, `good 3 at ${thirdAt}`])
    expect(await scan()).toEqual([])
  })

  it("goes on behind a batch whose records are damaged", async () => {
    const found = await scan(first, damaged(second, CRC_COVERED), third)
    expect(found).toEqual(["good 0 at 0", `bad 2 at ${secondAt}`, `good 3 at ${thirdAt}`])
  })

  it.each([LENGTH, MAGIC])("finds the next batch behind a header damaged at byte %i", async (at) => {
    const found = await scan(first, damaged(second, at), third)
    expect(found).toEqual(["good 0 at 0", `unreadable ${secondAt}+${second.length}`, `good 3 at ${thirdAt}`])
  })

  it("says where it is cut", async () => {
    const found = await scan(first, second.subarray(0, -1))
    expect(found).toEqual(["good 0 at 0", `unreadable ${secondAt}+${second.length - 1}`])
    expect(await scan(first, second.subarray(0, 20))).toEqual(["good 0 at 0", `unreadable ${secondAt}+20`])
  })

  it("may be anything at its start, and longer than what is read at once", async () => {
    const noise = new Uint8Array(5 * 1024 * 1024).fill(2)
    expect(await scan(noise, first, second)).toEqual([
      `unreadable 0+${noise.length}`,
      `good 0 at ${noise.length}`,
      `good 2 at ${noise.length + secondAt}`,
    ])
  })
})

describe("strata inspect", () => {
  it("lists batches and their records", async () => {
    const path = await file(first, second)
    const { code, stdout } = await runCli(["inspect", path, "--records"])
    expect(code).toBe(0)
    expect(stdout.split("\n").map((line) => line.replace(/ +/g, " ").trim())).toEqual([
      "POSITION OFFSETS RECORDS SIZE CODEC PRODUCER MAX TIMESTAMP KIND CRC",
      `0 0-1 2 ${first.length} none - 2023-11-14T22:13:20.000Z data ok`,
      '{"offset":0,"timestamp":1700000000000,"key":null,"value":"a"}',
      '{"offset":1,"timestamp":1700000000000,"key":null,"value":"b"}',
      `${secondAt} 2 1 ${second.length} none - 2023-11-14T22:13:20.000Z data ok`,
      '{"offset":2,"timestamp":1700000000000,"key":null,"value":"c"}',
      `${path}: 2 batches, 3 records, ${first.length + second.length}`,
      "",
    ])
  })

  it("ends with 1 where something is broken, and tells it in JSON lines", async () => {
    const path = await file(first, damaged(second, MAGIC), damaged(third, CRC_COVERED))
    const { code, stdout, stderr } = await runCli(["inspect", path, "--records", "--json"])
    expect(code).toBe(1)
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
    expect(lines.map(({ kind }) => kind)).toEqual(["batch", "record", "record", "unreadable", "summary"])
    expect(lines[3]).toMatchObject({ position: secondAt, reason: expect.stringContaining("magic") })
    expect(JSON.parse(stderr)).toMatchObject({ code: "damaged" })
  })

  it("takes zeros at the end for room", async () => {
    expect(await scan(first, new Uint8Array(100))).toEqual(["good 0 at 0", `room ${secondAt}+100`])
    expect((await runCli(["inspect", await file(first, new Uint8Array(100))])).code).toBe(0)
    const withByte = Uint8Array.from({ length: 100 }, (_, index) => (index === 99 ? 1 : 0))
    expect((await runCli(["inspect", await file(first, withByte)])).code).toBe(1)
  })

  it("reads all segments of a directory in their order", async () => {
    const partition = await mkdtemp(join(directory, "orders-0-"))
    await writeFile(join(partition, "00000000000000000003.log"), third)
    await writeFile(join(partition, "00000000000000000000.log"), Buffer.concat([first, second]))
    const { stdout } = await runCli(["inspect", partition, "--json"])
    const offsets = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).baseOffset)
    expect(offsets).toEqual([0, 2, undefined, 3, undefined])
  })

  it("says what it cannot read", async () => {
    const { code, stderr } = await runCli(["inspect", join(directory, "nothing.log")])
    expect(code).toBe(1)
    expect(stderr).toContain("ENOENT")
  })
})
