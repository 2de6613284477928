/**
 * The append protocol and the upkeep of segments while requests overtake each other, get lost and land late, and processes pause and die.
 * `STRATALOG_RUNS=1000` is the long form, some 150,000 operations; `STRATALOG_SEED` repeats a run.
 */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { brokenIndexes } from "./broken-index.ts"
import { simulate } from "./run.ts"

const seed = Number(process.env["STRATALOG_SEED"] ?? Math.floor(Math.random() * 2 ** 31))
const RUNS = Number(process.env["STRATALOG_RUNS"] ?? 40)

describe("the append protocol in simulation", () => {
  it("keeps every promise, whatever the network does", { timeout: 60_000 + RUNS * 3_000 }, async () => {
    console.log(`seed ${seed}`)
    let operations = 0
    let segments = 0
    const property = fc.asyncProperty(fc.scheduler(), fc.integer(), async (scheduler, worldSeed) => {
      const { verdict, history, tiered } = await simulate(scheduler, { seed: worldSeed })
      operations += history.length
      segments += tiered
      expect(verdict).toEqual({ anomalies: [], vacuous: [] })
    })
    await fc.assert(property, { seed, numRuns: RUNS, endOnFailure: true })
    console.log(`${operations} operations, ${segments} times segments were made`)
    expect(segments).toBeGreaterThan(RUNS)
  })

  it("is the same run again under the same seed", async () => {
    const runs: string[] = []
    const property = fc.asyncProperty(fc.scheduler(), fc.integer(), async (scheduler, worldSeed) => {
      runs.push(JSON.stringify((await simulate(scheduler, { seed: worldSeed })).history))
    })
    for (let times = 0; times < 2; times += 1) await fc.assert(property, { seed, numRuns: 3 })
    expect(runs.slice(3)).toEqual(runs.slice(0, 3))
  })
})

describe("the simulation notices", () => {
  for (const [rule, breakIndex] of Object.entries(brokenIndexes)) {
    it(`where ${rule}`, async () => {
      const property = fc.asyncProperty(fc.scheduler(), fc.integer(), async (scheduler, worldSeed) => {
        const { verdict } = await simulate(scheduler, { seed: worldSeed, faultRate: 0.2, breakIndex })
        if (verdict.anomalies.length > 0) throw new Error(verdict.anomalies.map(({ kind }) => kind).join(" "))
      })
      const found = await fc.check(property, { seed, numRuns: 200, endOnFailure: true })
      expect(found.failed).toBe(true)
    })
  }
})
