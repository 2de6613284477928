import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { lagOf, totalLag } from "../../../functions/groups/lag/decide.ts"

describe("lagOf", () => {
  it("counts from the committed offset, or from the log start where that is later", () => {
    expect(lagOf(4, { logStartOffset: 0, highWatermark: 10 })).toBe(6)
    expect(lagOf(4, { logStartOffset: 7, highWatermark: 10 })).toBe(3)
    expect(lagOf(10, { logStartOffset: 0, highWatermark: 10 })).toBe(0)
    expect(lagOf(4, { logStartOffset: 10, highWatermark: 10 })).toBe(0)
  })

  it("has no number where nothing is committed", () => {
    expect(lagOf(null, { logStartOffset: 0, highWatermark: 10 })).toBeNull()
  })

  it("is never negative nor more than what can be read", () => {
    const offset = fc.nat({ max: 20 })
    fc.assert(
      fc.property(offset, offset, offset, (committed, logStartOffset, readable) => {
        const lag = lagOf(committed, { logStartOffset, highWatermark: logStartOffset + readable })
        expect(lag).toBeGreaterThanOrEqual(0)
        expect(lag).toBeLessThanOrEqual(readable)
      }),
    )
  })
})

describe("totalLag", () => {
  it("adds the numbers that are known", () => {
    const partition = {
      topic: "orders",
      partition: 0,
      committedOffset: 0,
      logStartOffset: 0,
      highWatermark: 9,
      memberId: null,
    }
    const lags = [3, null, 4].map((lag) => ({ ...partition, lag }))
    expect(totalLag(lags)).toBe(7)
    expect(totalLag([])).toBe(0)
  })
})
