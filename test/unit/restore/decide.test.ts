import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { decideObject, gapsIn } from "../../../functions/restore/decide.ts"

const OBJECT = { key: "segments/a", bytes: 10, from: 0, to: 5, isCovered: false }
const version = (id: string, size: number) => ({ id, size })

describe("an object that a restored index names", () => {
  it("is left alone where it is there, whatever its history", () => {
    const history = { versions: [version("v2", 10)], markers: ["m"], isDeleted: true }
    expect(decideObject(OBJECT, 10, history, true)).toEqual({ kind: "present" })
  })

  it("has its marks taken away where it was deleted, once or several times", () => {
    const history = { versions: [version("v1", 10)], markers: ["m2", "m1"], isDeleted: true }
    expect(decideObject(OBJECT, undefined, history, true)).toEqual({ kind: "unmark", markers: ["m2", "m1"] })
  })

  it("is copied from the version that has its size, where others lie above it or it is wanted elsewhere", () => {
    const hidden = { versions: [version("v2", 3), version("v1", 10)], markers: ["m"], isDeleted: true }
    expect(decideObject(OBJECT, undefined, hidden, true)).toEqual({ kind: "copy", version: "v1" })
    expect(decideObject(OBJECT, 3, { ...hidden, isDeleted: false }, true)).toEqual({ kind: "copy", version: "v1" })
    const deleted = { versions: [version("v1", 10)], markers: ["m"], isDeleted: true }
    expect(decideObject(OBJECT, undefined, deleted, false)).toEqual({ kind: "copy", version: "v1" })
  })

  it("is lost where there is no version, or none of its size", () => {
    expect(decideObject(OBJECT, undefined, undefined, true)).toMatchObject({ kind: "lost" })
    const gone = { versions: [], markers: ["m"], isDeleted: true }
    expect(decideObject(OBJECT, undefined, gone, true)).toMatchObject({ kind: "lost" })
    const other = { versions: [version("v1", 3)], markers: [], isDeleted: false }
    expect(decideObject(OBJECT, 3, other, true)).toMatchObject({ detail: "segments/a has 3 bytes, 10 were written" })
  })
})

describe("the gaps of an index", () => {
  it("are the offsets that no span holds", () => {
    const span = fc
      .record({ from: fc.nat(40), length: fc.nat(12) })
      .map(({ from, length }) => ({ from, to: from + length }))
    fc.assert(
      fc.property(span, fc.array(span, { maxLength: 8 }), (wanted, spans) => {
        const byBeginning = spans.toSorted((a, b) => a.from - b.from || a.to - b.to)
        const missing = offsets(wanted).filter((offset) => !spans.some(({ from, to }) => from <= offset && offset < to))
        expect(gapsIn(wanted, byBeginning).flatMap(offsets)).toEqual(missing)
      }),
    )
  })

  it("are found, too, where overlapping spans ascend by where they end, and each begins at an end before", () => {
    const pages = [
      { from: 0, to: 5 },
      { from: 0, to: 9 },
      { from: 5, to: 12 },
      { from: 14, to: 20 },
    ]
    expect(gapsIn({ from: 2, to: 20 }, pages)).toEqual([{ from: 12, to: 14 }])
    expect(gapsIn({ from: 2, to: 2 }, [])).toEqual([])
    expect(gapsIn({ from: 0, to: 3 }, [])).toEqual([{ from: 0, to: 3 }])
  })
})

function offsets({ from, to }: { readonly from: number; readonly to: number }): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
}
