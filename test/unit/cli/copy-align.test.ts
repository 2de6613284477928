import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { align, type Bounds } from "../../../sdk/cli/copy/align.ts"
import { decideStart } from "../../../sdk/cli/copy/decide-start.ts"
import { markCommit, markOf } from "../../../sdk/cli/copy/mark.ts"
import { OffsetMap } from "../../../sdk/cli/copy/offset-map.ts"
import type { BatchRecord } from "../../../sdk/record-batch/types.ts"

interface Numbered {
  readonly offset: number
  readonly n: number
}

async function* walk(records: readonly Numbered[]): AsyncGenerator<BatchRecord> {
  for (const { offset, n } of records) yield { offset, timestamp: n, key: null, value: null, headers: [] }
}

const aligned = (source: readonly Numbered[], target: readonly Numbered[], bounds: Bounds, from = 0) =>
  align({ source: from, target: from }, bounds, { source: walk(source), target: walk(target) })

/** A log of ten records, some of which compaction took, and what was copied of it before it took some more. */
const history = fc
  .record({
    gone: fc.uniqueArray(fc.nat(19), { maxLength: 15 }),
    goneLater: fc.uniqueArray(fc.nat(19), { maxLength: 15 }),
    copied: fc.nat(20),
  })
  .map(({ gone, goneLater, copied }) => {
    const all = Array.from({ length: 20 }, (_, offset) => ({ offset, n: offset }))
    const first = all.filter(({ offset }) => !gone.includes(offset))
    const target = first.slice(0, copied).map(({ n }, offset) => ({ offset, n }))
    const source = first.filter(({ offset }) => !goneLater.includes(offset))
    return { source, target, last: target.at(-1)?.n ?? -1 }
  })

describe("aligning", () => {
  it("finds where the source goes on behind what is copied, though compaction took more of it", async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ source, target, last }) => {
        const result = await aligned(source, target, { source: 20, target: target.length, until: "target" })
        if (result.kind !== "aligned") throw new Error(`they differ at ${JSON.stringify(result.at)}`)
        const left = source.filter(({ offset }) => offset >= result.position.source)
        expect(left).toEqual(source.filter(({ n }) => n > last))
        expect(result.position.target).toBe(target.length)
        expect(result.same).toBe(source.filter(({ n }) => n <= last).length)
      }),
    )
  })

  it("takes no record of somebody else for one of the source's", async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ source, target }) => {
        const strange = [...target, { offset: target.length, n: 999 }]
        const dense = source.length === 20
        const result = await aligned(source, strange, { source: 20, target: strange.length, until: "target" })
        if (dense) expect(result.kind).toBe("differ")
        else if (result.kind === "aligned") expect(result.onlyTarget).toBeGreaterThan(0)
      }),
    )
    const source = [0, 1, 2].map((n) => ({ offset: n, n }))
    for (const at of [0, 1, 2, 3]) {
      const target = source.map((each) => (each.offset === at ? { ...each, n: 9 } : each))
      if (at === 3) target.push({ offset: 3, n: 3 })
      const result = await aligned(source, target, { source: 3, target: target.length, until: "both" })
      expect(result).toMatchObject({ kind: "differ", at: { target: at } })
    }
  })

  it("counts what either side lacks", async () => {
    const source = [0, 1, 2, 5, 6].map((n) => ({ offset: n, n }))
    const lacking = [0, 2, 5, 6].map((n) => ({ offset: n, n }))
    const more = [0, 1, 2, 3, 5, 6].map((n) => ({ offset: n, n }))
    const bounds = { source: 7, target: 7, until: "both" } as const
    expect(await aligned(source, lacking, bounds)).toMatchObject({ same: 4, onlySource: 1, onlyTarget: 0 })
    expect(await aligned(source, more, bounds)).toMatchObject({ same: 5, onlySource: 0, onlyTarget: 1 })
    expect(await aligned(source, source.slice(0, 4), { ...bounds, target: 6 })).toMatchObject({ kind: "differ" })
  })
})

it("an offset map knows each offset, and what is unknown to it", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(3), { minLength: 1, maxLength: 50 }), fc.nat(10), fc.nat(5), (gaps, start, shift) => {
      const offsets: number[] = []
      let next = start + shift
      for (const gap of gaps) {
        next += gap
        offsets.push(next++)
      }
      const map = new OffsetMap({ source: start + shift, target: start })
      offsets.forEach((offset, index) => {
        map.note(offset, start + index)
      })
      const end = start + offsets.length
      for (let offset = start + shift; offset < next + 3; offset++) {
        const behind = offsets.findIndex((each) => each >= offset)
        expect(map.translate(offset, end)).toBe(behind === -1 ? end : start + behind)
      }
      if (start + shift > 0) expect(map.translate(start + shift - 1, end)).toBe(shift === 0 ? start - 1 : undefined)
    }),
  )
})

describe("the start of a partition", () => {
  const ends = (logStartOffset: number, highWatermark: number) => ({ logStartOffset, highWatermark })
  const mark = (source: number, target: number, topicId = "a") => ({ topicId, position: { source, target } })
  const state = { source: ends(0, 10), target: ends(0, 0), topicId: "a", mark: undefined }

  it("is the beginning of an empty one, and the mark where nothing came since", () => {
    expect(decideStart(state)).toEqual({ kind: "begin", position: { source: 0, target: 0 } })
    expect(decideStart({ ...state, target: ends(0, 5), mark: mark(7, 5) })).toEqual({
      kind: "begin",
      position: { source: 7, target: 5 },
    })
  })

  it("is looked for behind the mark, among fillers, or by comparing", () => {
    expect(decideStart({ ...state, target: ends(0, 6), mark: mark(7, 5) }).kind).toBe("align")
    expect(decideStart({ ...state, source: ends(8, 10), target: ends(0, 6), mark: mark(5, 5) })).toEqual({
      kind: "fillers",
      from: 5,
    })
    expect(decideStart({ ...state, target: ends(0, 6) }).kind).toBe("compare")
  })

  it("is refused where it makes no sense", () => {
    for (const wrong of [
      { mark: mark(0, 0, "b") },
      { target: ends(0, 5), mark: mark(12, 5) },
      { target: ends(0, 5), mark: mark(6, 6) },
      { target: ends(0, 11) },
      { source: ends(5, 10), target: ends(0, 5) },
    ]) {
      expect(decideStart({ ...state, ...wrong }).kind).toBe("refuse")
    }
  })
})

it("a mark is read as it was written, and nothing else is one", () => {
  const mark = { topicId: "a", position: { source: 7, target: 5 } }
  const { offset, metadata = "" } = markCommit({ topic: "orders", partition: 0 }, mark)
  expect(markOf({ offset, metadata })).toEqual(mark)
  for (const other of ["", "{}", "null", '{"copyOf":1,"next":2}']) {
    expect(markOf({ offset, metadata: other })).toBeUndefined()
  }
})
