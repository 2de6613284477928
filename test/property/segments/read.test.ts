import "./seeded.ts"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { StoredBatch } from "../../../functions/log/ports.ts"
import { findInSegments } from "../../../functions/segments/read/find-by-timestamp.ts"
import { readSegments } from "../../../functions/segments/read/read-segments.ts"
import {
  batchesOf,
  endOf,
  partition,
  readFromModel,
  type SegmentStorage,
  segmentStorage,
  storeSegment,
} from "../../unit/segments/fixture.ts"

/** Batches of all sizes, some larger than a block, their times in any order. */
const shape = fc.record({
  records: fc.integer({ min: 1, max: 4 }),
  bytes: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 10_000, max: 90_000 })),
  timestamp: fc.integer({ min: 0, max: 50 }),
})

/** Cut into segments, each with batches that compaction took away, but never the last one. */
const log = fc.record({
  shapes: fc.array(shape, { minLength: 1, maxLength: 40 }),
  cuts: fc.array(fc.integer({ min: 1, max: 39 }), { maxLength: 4 }),
  removed: fc.array(fc.integer({ min: 0, max: 39 }), { maxLength: 15 }),
})

type Log = typeof log extends fc.Arbitrary<infer T> ? T : never

async function store({
  shapes,
  cuts,
  removed,
}: Log): Promise<{ storage: SegmentStorage; batches: StoredBatch[]; end: number }> {
  const storage = segmentStorage()
  const all = batchesOf(shapes)
  const bounds = [...new Set([0, ...cuts.filter((cut) => cut < all.length), all.length])].sort((a, b) => a - b)
  const batches: StoredBatch[] = []
  for (let index = 1; index < bounds.length; index++) {
    const part = all.slice(bounds[index - 1], bounds[index])
    const kept = part.filter((batch, at) => at === part.length - 1 || !removed.includes(all.indexOf(batch)))
    const compactedTo = kept.length < part.length ? Number.MAX_SAFE_INTEGER : 0
    await storeSegment(storage, kept, { baseOffset: part[0]?.baseOffset ?? 0, compactedTo })
    batches.push(...kept)
  }
  const last = all.at(-1)
  return { storage, batches, end: last === undefined ? 0 : endOf(last) }
}

describe("segments", () => {
  it("read at any offset and size as the list of their batches", async () => {
    const request = fc.record({
      at: fc.nat(),
      maxBytes: fc.integer({ min: 1, max: 200_000 }),
      maxRecords: fc.integer({ min: 1, max: 30 }),
    })
    await fc.assert(
      fc.asyncProperty(log, fc.array(request, { minLength: 1, maxLength: 8 }), async (made, requests) => {
        const { storage, batches, end } = await store(made)
        for (const { at, maxBytes, maxRecords } of requests) {
          const offset = at % end
          const outcome = await readSegments(storage, partition, { offset, maxBytes, maxRecords }, end)
          const whole = readFromModel(batches, { offset, maxBytes, maxRecords })
          const given = outcome.kind === "batches" ? outcome.batches : []
          expect(given.length).toBeGreaterThan(0)
          expect(given).toEqual(whole.slice(0, given.length))
        }
      }),
      { numRuns: 60 },
    )
  })

  it("read from end to end without a gap, wherever the recent part begins", async () => {
    await fc.assert(
      fc.asyncProperty(log, fc.integer({ min: 1, max: 300_000 }), fc.nat(), async (made, maxBytes, cut) => {
        const { storage, batches } = await store(made)
        const upTo = endOf(nth(batches, cut % batches.length))
        const read: StoredBatch[] = []
        for (let offset = 0; offset < upTo; ) {
          const outcome = await readSegments(storage, partition, { offset, maxBytes }, upTo)
          if (outcome.kind !== "batches") throw new Error(JSON.stringify(outcome))
          read.push(...outcome.batches)
          offset = endOf(nth(read, read.length - 1))
        }
        expect(read).toEqual(batches.filter(({ baseOffset }) => baseOffset < upTo))
      }),
      { numRuns: 60 },
    )
  })

  it("find a time as the list of their batches", async () => {
    await fc.assert(
      fc.asyncProperty(log, fc.integer({ min: 0, max: 60 }), fc.nat(), async (made, timestamp, at) => {
        const { storage, batches, end } = await store(made)
        const from = at % end
        const found = await findInSegments(storage, partition, { timestamp, from, upTo: end })
        const batch = batches.find((candidate) => endOf(candidate) > from && candidate.maxTimestamp >= timestamp)
        expect(found).toEqual(batch === undefined ? { kind: "none" } : { kind: "batch", batch })
      }),
      { numRuns: 100 },
    )
  })
})

function nth(batches: readonly StoredBatch[], index: number): StoredBatch {
  const batch = batches[index]
  if (batch === undefined) throw new RangeError(`no batch ${index}`)
  return batch
}
