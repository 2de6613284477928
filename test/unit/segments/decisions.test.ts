import fc from "fast-check"
import { type BatchRecord, readBatchHeader } from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import { decideCompaction, needsDeleteHorizon, staysInLog } from "../../../functions/segments/compact/decide.ts"
import { coveredSegments, decideMerge } from "../../../functions/segments/merge/decide.ts"
import type { Segment } from "../../../functions/segments/ports.ts"
import { isExpired, pieceOf, startBySize } from "../../../functions/segments/retain/decide.ts"
import { orphansAmong } from "../../../functions/segments/sweep/decide.ts"
import { batchesOf } from "./fixture.ts"

describe("retention", () => {
  it("goes by the newest record of a piece, or by when it was stored where no record has a time", () => {
    expect(isExpired(pieceOf({ endOffset: 1, bytes: 1, maxTimestamp: 99 }, 5000), 100)).toBe(true)
    expect(isExpired(pieceOf({ endOffset: 1, bytes: 1, maxTimestamp: 100 }, 5), 100)).toBe(false)
    expect(isExpired(pieceOf({ endOffset: 1, bytes: 1, maxTimestamp: -1 }, 100), 100)).toBe(false)
    expect(isExpired(pieceOf({ endOffset: 1, bytes: 1, maxTimestamp: -1 }, 99), 100)).toBe(true)
  })

  it("by size never leaves less than it has to keep, and no piece that could go", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100 })), fc.integer({ min: 0, max: 500 }), (sizes, maxBytes) => {
        const pieces = sizes.map((bytes, index) => ({ endOffset: index + 1, bytes, timestamp: 0 }))
        const start = startBySize(pieces, maxBytes) ?? 0
        const kept = sizes.slice(start).reduce((sum, bytes) => sum + bytes, 0)
        const total = sizes.reduce((sum, bytes) => sum + bytes, 0)
        expect(kept).toBeGreaterThanOrEqual(Math.min(maxBytes, total))
        if (start < sizes.length) expect(kept - (sizes[start] ?? 0)).toBeLessThan(maxBytes)
      }),
    )
  })
})

describe("merging", () => {
  const rules = { targetBytes: 1000, maxSpanMs: Number.POSITIVE_INFINITY }

  it("takes eight neighbours, or half a segment of them", () => {
    expect(merged(Array(7).fill(10))).toEqual([])
    expect(merged(Array(8).fill(10))).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(merged([260, 250])).toEqual([])
    expect(merged([250, 250])).toEqual([0, 1])
    expect(merged([600, 250, 250, 600])).toEqual([1, 2])
    expect(merged([600, 600])).toEqual([])
  })

  it("leaves apart what is not adjacent, what compaction went through and what did not, and what expires long before", () => {
    const eight = Array.from({ length: 8 }, (_, index) => segment(index, 10))
    const apart = eight.map((each, index) => (index < 4 ? each : { ...each, baseOffset: each.baseOffset + 1 }))
    const mixed = eight.map((each, index) => ({ ...each, compactedTo: index < 4 ? 8 : 0 }))
    const old = eight.map((each, index) => ({ ...each, createdAt: index * 10, maxTimestamp: index * 10 }))
    expect(decideMerge(apart, rules)).toEqual([])
    expect(decideMerge(mixed, rules)).toEqual([])
    expect(decideMerge(old, { ...rules, maxSpanMs: 69 })).toEqual([])
    expect(decideMerge(old, { ...rules, maxSpanMs: 70 })).toHaveLength(8)
  })

  it("comes to an end, and writes no byte more often than a segment can double", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1200 }), { maxLength: 60 }), (sizes) => {
        let segments = sizes.map((bytes, index) => ({ ...segment(index, bytes), written: 0 }))
        for (let merges = 0; ; merges++) {
          const run = decideMerge(segments, rules)
          if (run.length === 0) break
          expect(merges).toBeLessThan(sizes.length)
          const parts = segments.filter((each) => run.includes(each))
          const [first, last] = [parts[0], parts.at(-1)]
          if (first === undefined || last === undefined) throw new Error("nothing merged")
          const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
          expect(bytes).toBeLessThanOrEqual(rules.targetBytes)
          const written = Math.max(...parts.map((part) => part.written)) + 1
          const at = segments.indexOf(first)
          segments = segments.toSpliced(at, parts.length, { ...first, endOffset: last.endOffset, bytes, written })
        }
        for (const { written } of segments) expect(written).toBeLessThanOrEqual(Math.log2(rules.targetBytes))
      }),
    )
  })

  it("knows what an earlier segment holds too", () => {
    const [a, b, c, d] = [span(0, 10), span(2, 10), span(4, 12), span(12, 14)]
    expect(coveredSegments([a, b, c, d])).toEqual([b])
    expect(coveredSegments([span(0, 30), a, b, c, d].slice(1))).toEqual([b])
    expect(coveredSegments([span(0, 14), b, c, d])).toEqual([b, c, d])
  })
})

describe("compaction", () => {
  const rules = { writtenBefore: 1000, minDirtyRatio: 0.5, overdueBefore: 0 }

  it("begins when half of the bytes are new, or some of it is overdue", () => {
    const [clean, dirty] = [{ ...segment(0, 60), compactedTo: 1 }, segment(1, 50)]
    expect(decideCompaction([clean, dirty], rules)).toBeUndefined()
    expect(decideCompaction([clean, { ...dirty, bytes: 60 }], rules)).toMatchObject({ from: 1, to: 2 })
    expect(decideCompaction([clean, { ...dirty, createdAt: 0 }], rules)).toMatchObject({ from: 1, to: 2 })
    expect(decideCompaction([clean], rules)).toBeUndefined()
    expect(decideCompaction([], rules)).toBeUndefined()
  })

  it("leaves alone what is younger than the lag, and all behind it", () => {
    const young = { ...segment(1, 50), maxTimestamp: 1001 }
    expect(decideCompaction([segment(0, 50), young, segment(2, 50)], rules)).toMatchObject({ from: 0, to: 1 })
    expect(decideCompaction([young, segment(2, 50)], rules)).toBeUndefined()
  })

  it("finishes a pass that was cut off before it begins another", () => {
    const segments = [{ ...segment(0, 50), compactedTo: 2 }, segment(1, 50), segment(2, 50)]
    expect(decideCompaction(segments, rules)).toMatchObject({ from: 1, to: 2 })
  })

  it("goes back to what came back uncompacted", () => {
    const back = [{ ...segment(0, 50), compactedTo: 3 }, segment(1, 50), { ...segment(2, 50), compactedTo: 3 }]
    expect(decideCompaction(back, rules)).toMatchObject({ from: 1, to: 3 })
  })

  it("removes a record that a later one replaces, and keeps one without a key", () => {
    const lastOffset = (key: Uint8Array) => (String(key) === String(Buffer.from("a")) ? 7 : undefined)
    const stays = (offset: number, key: string | null) =>
      staysInLog(record(offset, key, "v"), header(), { lastOffset, to: 10, now: 0 })
    expect([stays(6, "a"), stays(7, "a"), stays(8, "a"), stays(6, "b"), stays(6, null)]).toEqual([
      false,
      true,
      true,
      true,
      true,
    ])
  })

  it("removes a tombstone once its time is over, but not before all that it deletes was looked for", () => {
    const horizon = { ...header(), hasDeleteHorizon: true, baseTimestamp: 500 }
    const stays = (at: { offset?: number; now?: number; of?: typeof horizon; value?: string | null }) =>
      staysInLog(record(at.offset ?? 5, "a", at.value ?? null), at.of ?? horizon, {
        lastOffset: () => undefined,
        to: 6,
        now: at.now ?? 500,
      })
    expect(stays({})).toBe(false)
    expect(stays({ now: 499 })).toBe(true)
    expect(stays({ offset: 6 })).toBe(true)
    expect(stays({ of: header() })).toBe(true)
    expect(stays({ value: "v" })).toBe(true)
  })

  it("says how long tombstones stay when it has seen all of the batch, once", () => {
    const both = [record(4, "a", null), record(5, "b", null), record(6, "c", "v")]
    expect(needsDeleteHorizon(both, header(), 6)).toBe(true)
    expect(needsDeleteHorizon(both, header(), 5)).toBe(false)
    expect(needsDeleteHorizon(both, { ...header(), hasDeleteHorizon: true }, 6)).toBe(false)
    expect(needsDeleteHorizon(both.slice(2), header(), 6)).toBe(false)
    expect(needsDeleteHorizon([record(4, null, null)], header(), 6)).toBe(false)
  })

  function header() {
    const batch = batchesOf([{ records: 1, bytes: 1, timestamp: 1 }])[0]
    if (batch === undefined) throw new Error("no batch")
    return readBatchHeader(batch.bytes)
  }

  function record(offset: number, key: string | null, value: string | null): BatchRecord {
    const bytes = (text: string | null) => (text === null ? null : Buffer.from(text))
    return { offset, timestamp: 0, key: bytes(key), value: bytes(value), headers: [] }
  }
})

describe("the sweep", () => {
  it("takes old objects that nobody names", () => {
    const objects = ["a", "b", "c"].map((key, storedAt) => ({ key, size: 1, storedAt }))
    expect(orphansAmong(objects, [{ ...segment(0, 1), objectKey: "a" }], 2)).toEqual(["b"])
  })
})

function segment(index: number, bytes: number): Segment {
  return {
    baseOffset: index,
    endOffset: index + 1,
    objectKey: `o${index}`,
    bytes,
    crc32c: 0,
    maxTimestamp: 0,
    createdAt: 1,
    compactedTo: 0,
    points: [],
    version: 1,
  }
}

function span(baseOffset: number, endOffset: number): Segment {
  return { ...segment(baseOffset, 1), endOffset }
}

function merged(sizes: readonly number[]): number[] {
  const run = decideMerge(
    sizes.map((bytes, index) => segment(index, bytes)),
    { targetBytes: 1000, maxSpanMs: Number.POSITIVE_INFINITY },
  )
  return run.map(({ baseOffset }) => baseOffset)
}
