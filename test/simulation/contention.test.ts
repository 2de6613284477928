/** Appenders on one partition that know nothing of each other, under the write units that DynamoDB gives to one item. */
import { describe, expect, it } from "vitest"
import { contend } from "../bench/cost/contention.ts"

const SECONDS = 3
const APPENDERS = 64

const run = (budget: number, appenders = APPENDERS) =>
  contend({ appenders, budget, seconds: SECONDS, recordBytes: 100, seed: 20_261_126 })

describe("many processes on one partition", () => {
  it("append more where there is more budget, are never turned away, and read nothing before they write", async () => {
    const [half, whole, twice] = [await run(500), await run(1_000), await run(2_000)]
    expect(whole.appends).toBeGreaterThan(1.5 * half.appends)
    expect(twice.appends).toBeGreaterThan(1.5 * whole.appends)
    // The budget is kept, but for a second's that was saved up and what was let in last.
    expect(whole.bill.committed + whole.bill.refused).toBeLessThan(1_000 * (SECONDS + 1) + 10)
    for (const { refusals, bill, appends } of [half, whole, twice]) {
      expect(refusals).toBe(0)
      // Each process learns the head once.
      expect(bill.headReads).toBeLessThanOrEqual(APPENDERS)
      expect((bill.committed + bill.refused + bill.pages) / appends).toBeLessThan(6)
    }
  })

  it("are the same on every machine", async () => {
    expect(await run(1_000, 8)).toEqual(await run(1_000, 8))
  })
})
