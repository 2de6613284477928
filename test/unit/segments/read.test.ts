import { describe, expect, it } from "vitest"
import { findInSegments } from "../../../functions/segments/read/find-by-timestamp.ts"
import { readSegments } from "../../../functions/segments/read/read-segments.ts"
import {
  afresh,
  type BatchShape,
  batchesOf,
  partition,
  type SegmentStorage,
  segmentStorage,
  storeSegment,
} from "./fixture.ts"

const KiB = 1024

describe("a read of segments", () => {
  it("takes about one request a megabyte, and none for what is remembered", async () => {
    const storage = segmentStorage()
    const batches = batchesOf(shapes(512, 8 * KiB))
    await storeSegment(storage, batches)
    const request = { offset: 0, maxBytes: 4 * KiB * KiB }
    const first = await readSegments(storage, partition, request, 512)
    expect(first.kind === "batches" && first.batches.length).toBeGreaterThan(490)
    expect(storage.objects.requests.get).toBe(3)
    expect(storage.index.requests.count("find")).toBe(1)
    expect(await readSegments(storage, partition, request, 512)).toEqual(first)
    expect(storage.objects.requests.get).toBe(3)
    expect(storage.index.requests.count("find")).toBe(1)
    await readSegments(afresh(storage), partition, { offset: 70, maxBytes: KiB * KiB }, 512)
    expect(storage.objects.requests.get).toBe(4)
  })

  it("fetches little for few records", async () => {
    const { storage, batches } = await oneSegment(shapes(512, 8 * KiB))
    const sizes: number[] = []
    const objects: typeof storage.objects = Object.create(storage.objects)
    objects.get = async (key, range) => {
      sizes.push((range?.end ?? Number.NaN) - (range?.start ?? 0))
      return storage.objects.get(key, range)
    }
    const outcome = await readSegments(
      { ...storage, objects },
      partition,
      { offset: 300, maxBytes: KiB * KiB, maxRecords: 1 },
      512,
    )
    expect(outcome).toEqual({ kind: "batches", batches: [batches[300]] })
    expect(sizes).toHaveLength(1)
    expect(sizes[0]).toBeLessThan(80 * KiB)
  })

  it("shares one request among readers of one place", async () => {
    const { storage } = await oneSegment(shapes(8, 8 * KiB))
    const reads = Array.from({ length: 10 }, () => readSegments(storage, partition, { offset: 2, maxBytes: 10_000 }, 8))
    const [first, ...others] = await Promise.all(reads)
    expect(first?.kind).toBe("batches")
    for (const other of others) expect(other).toEqual(first)
    expect(storage.objects.requests.get).toBe(1)
  })

  it("keeps its memory within its bounds", async () => {
    const { storage } = await oneSegment(shapes(2048, 8 * KiB))
    for (let offset = 0; offset < 2048; offset += 100) {
      await readSegments(storage, partition, { offset, maxBytes: KiB * KiB }, 2048)
    }
    expect(storage.memory.blocks.bytes).toBeLessThanOrEqual(8 * KiB * KiB)
    expect(storage.memory.blocks.bytes).toBeGreaterThan(6 * KiB * KiB)
    expect(storage.memory.inFlight.size).toBe(0)
  })

  it("never gives what lies in the recent part", async () => {
    const { storage, batches } = await oneSegment(shapes(8, 100))
    const outcome = await readSegments(storage, partition, { offset: 3, maxBytes: KiB * KiB }, 5)
    expect(outcome).toEqual({ kind: "batches", batches: batches.slice(3, 5) })
  })

  it("goes on in the next segment while it has less than half of what may be given", async () => {
    const storage = segmentStorage()
    const batches = batchesOf(shapes(40, 1000))
    for (let at = 0; at < 40; at += 4) await storeSegment(storage, batches.slice(at, at + 4))
    const outcome = await readSegments(storage, partition, { offset: 1, maxBytes: 20_000 }, 40)
    expect(outcome.kind === "batches" && outcome.batches).toEqual(batches.slice(1, 12))
  })
})

describe("what is damaged", () => {
  it.each([0, 20, 61, 80_000, 500_000])("is named by object and position: a bit at byte %i", async (position) => {
    const { storage, batches, segment } = await oneSegment(shapes(64, 8 * KiB))
    const start = batches.findLast(({ baseOffset }) => sizeBefore(batches, baseOffset) <= position)
    storage.objects.inject(({ call }) => (call === "get" ? { kind: "corrupt", position } : undefined))
    const outcome = await readSegments(storage, partition, { offset: 0, maxBytes: KiB * KiB }, 64)
    const where = `object ${segment.objectKey} at byte ${sizeBefore(batches, start?.baseOffset ?? 0)}`
    expect(outcome).toMatchObject({ kind: "corrupt", where })
    storage.objects.inject(() => undefined)
    expect(await readSegments(storage, partition, { offset: 0, maxBytes: KiB * KiB }, 64)).toMatchObject({
      kind: "batches",
    })
  })

  it("is noticed in a base offset, which no checksum covers", async () => {
    const { storage, segment } = await oneSegment(shapes(4, 100))
    storage.objects.inject(() => ({ kind: "corrupt", position: segment.bytes - segment.bytes / 4 + 7 }))
    const outcome = await readSegments(storage, partition, { offset: 0, maxBytes: KiB * KiB }, 4)
    expect(outcome).toMatchObject({ kind: "corrupt", detail: "a batch has base offset 2 where 3 should follow" })
  })

  it("is noticed where the object ends early", async () => {
    const { storage, segment } = await oneSegment(shapes(4, 100))
    for (const bytes of [0, segment.bytes / 2, segment.bytes / 2 + 30, segment.bytes - 1]) {
      storage.objects.inject(() => ({ kind: "truncate", bytes }))
      const outcome = await readSegments(storage, partition, { offset: 0, maxBytes: KiB * KiB }, 4)
      expect(outcome).toMatchObject({ kind: "corrupt", where: `object ${segment.objectKey} at byte ${bytes}` })
    }
  })

  it("and what storage cannot give are told apart", async () => {
    const { storage } = await oneSegment(shapes(4, 100))
    storage.objects.inject(() => ({ kind: "fail", reason: "throttled" }))
    const outcome = await readSegments(storage, partition, { offset: 0, maxBytes: KiB * KiB }, 4)
    expect(outcome).toMatchObject({ kind: "unavailable", reason: "throttled" })
    storage.objects.inject(() => undefined)
    storage.index.requests.interceptor = () => ({ kind: "throttle" })
    const unindexed = await readSegments(afresh(storage), partition, { offset: 0, maxBytes: KiB * KiB }, 4)
    expect(unindexed).toMatchObject({ kind: "unavailable", reason: "throttled" })
  })
})

describe("an object that is gone", () => {
  const request = { offset: 5, maxBytes: KiB * KiB }

  it("is corruption where the index still names it", async () => {
    const { storage, segment } = await oneSegment(shapes(8, 100))
    await storage.objects.remove([segment.objectKey])
    const where = `object ${segment.objectKey} at byte 0`
    expect(await readSegments(storage, partition, request, 8)).toMatchObject({ kind: "corrupt", where })
    const found = await findInSegments(storage, partition, { timestamp: 0, from: 0, upTo: 8 })
    expect(found).toMatchObject({ kind: "corrupt", where })
  })

  it("is looked for again where the index was read before", async () => {
    const { storage, segment, batches } = await oneSegment(shapes(8, 100))
    const reader = { ...storage, memory: afresh(storage).memory }
    await readSegments(reader, partition, { offset: 7, maxBytes: 1 }, 8)
    const remembers = { ...reader, memory: Object.assign(afresh(storage).memory) }
    remembers.memory.remember(partition, segment)
    await storeSegment(storage, batches, { objectKey: "segments/other.log" })
    await storage.index.replace(partition, { ...segment, objectKey: "segments/other.log", version: 2 })
    await storage.objects.remove([segment.objectKey])
    expect(await readSegments(remembers, partition, request, 8)).toEqual({ kind: "batches", batches: batches.slice(5) })
  })

  it("is missing where the index names nothing any more", async () => {
    const { storage, segment } = await oneSegment(shapes(8, 100))
    storage.memory.remember(partition, segment)
    await storage.index.remove(partition, segment)
    await storage.objects.remove([segment.objectKey])
    expect(await readSegments(storage, partition, request, 8)).toEqual({ kind: "missing", offset: 5 })
    const found = await findInSegments(storage, partition, { timestamp: 0, from: 3, upTo: 8 })
    expect(found).toEqual({ kind: "missing", offset: 3 })
  })
})

describe("what a merge left in the index", () => {
  it.each([8, 6])("is read or stepped over: an entry that ends at %i, in a segment that ends at 12", async (end) => {
    const storage = segmentStorage()
    const batches = batchesOf(shapes(12, 100))
    await storeSegment(storage, batches)
    const leftover = await storeSegment(storage, batches.slice(4, end))
    for (const swept of [false, true]) {
      if (swept) await storage.objects.remove([leftover.objectKey])
      for (let offset = 0; offset < 12; offset++) {
        const outcome = await readSegments(afresh(storage), partition, { offset, maxBytes: 1 }, 12)
        expect(outcome, `at ${offset}`).toEqual({ kind: "batches", batches: [batches[offset]] })
        const search = { timestamp: batches[offset]?.maxTimestamp ?? 0, from: 0, upTo: 12 }
        const found = await findInSegments(afresh(storage), partition, search)
        expect(found, `at ${offset}`).toEqual({ kind: "batch", batch: batches[offset] })
      }
    }
  })
})

function shapes(count: number, bytes: number): BatchShape[] {
  return Array.from({ length: count }, (_, index) => ({ records: 1, bytes, timestamp: 1000 + index }))
}

async function oneSegment(of: readonly BatchShape[]) {
  const storage: SegmentStorage = segmentStorage()
  const batches = batchesOf(of)
  const segment = await storeSegment(storage, batches)
  return { storage, batches, segment }
}

function sizeBefore(
  batches: readonly { baseOffset: number; recordCount: number; bytes: Uint8Array }[],
  offset: number,
): number {
  return batches
    .filter((batch) => batch.baseOffset + batch.recordCount <= offset)
    .reduce((sum, { bytes }) => sum + bytes.length, 0)
}
