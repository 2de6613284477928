import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { BatchIndex, type BatchLocation } from "../../../functions/storage/embedded/journal/batch-index.ts"

function filled(counts: readonly number[]): { index: BatchIndex; all: BatchLocation[] } {
  const index = new BatchIndex()
  const all: BatchLocation[] = []
  let baseOffset = 0
  for (const [at, recordCount] of counts.entries()) {
    const maxTimestamp = (at * 7919) % 1000
    const location = { baseOffset, recordCount, maxTimestamp, fileNumber: 1 + (at >> 8), position: at * 10, size: at }
    index.push(baseOffset, recordCount, maxTimestamp, location.fileNumber, location.position, location.size)
    all.push(location)
    baseOffset += recordCount
  }
  return { index, all }
}

describe("batch index", () => {
  it("answers as a plain list does, at any length and after any trim", () => {
    const counts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3000, size: "max" })
    const property = fc.property(counts, fc.nat(), fc.nat(1000), (counted, somewhere, timestamp) => {
      const { index, all } = filled(counted)
      const end = counted.reduce((sum, count) => sum + count, 0)
      const trimmedTo = somewhere % (end + 1)
      const dropped: number[] = []
      index.trim(trimmedTo, (file) => dropped.push(file))
      const gone = all.filter((one) => one.baseOffset + one.recordCount <= trimmedTo)
      const left = all.slice(gone.length)
      expect(dropped).toEqual(gone.map(({ fileNumber }) => fileNumber))
      expect(index.length).toBe(left.length)
      expect(index.bytes).toBe(left.reduce((sum, { size }) => sum + size, 0))
      expect(left.map((_, ordinal) => index.at(ordinal))).toEqual(left)
      const offset = (somewhere * 31) % end
      expect(index.find(offset)).toBe(left.findLastIndex((one) => one.baseOffset <= offset))
      expect(index.findTimestamp(timestamp)).toBe(left.findIndex((one) => one.maxTimestamp >= timestamp))
      for (const file of [0, 1, 3, 99]) {
        const first = left.findIndex((one) => one.fileNumber >= file)
        expect(index.findFile(file)).toBe(first === -1 ? left.length : first)
      }
    })
    fc.assert(property, { numRuns: 60 })
  })

  it("goes on after everything was trimmed", () => {
    const { index } = filled([1, 1, 1])
    index.trim(3, () => undefined)
    index.push(3, 2, 5, 1, 0, 9)
    expect(index.at(0)).toMatchObject({ baseOffset: 3, size: 9 })
    expect(() => index.at(1)).toThrow(RangeError)
  })
})
