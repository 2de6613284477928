/**
 * Consumer groups while requests overtake each other, get lost, come twice and land late, members and processes pause and
 * die, and clocks are minutes apart. `STRATALOG_RUNS=1000` is the long form; `STRATALOG_SEED` repeats a run.
 */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { brokenStores } from "./broken-store.ts"
import { simulate } from "./run.ts"

const seed = Number(process.env["STRATALOG_SEED"] ?? Math.floor(Math.random() * 2 ** 31))
const RUNS = Number(process.env["STRATALOG_RUNS"] ?? 12)

describe("consumer groups in simulation", () => {
  it("keep every promise, whatever the network does", { timeout: 60_000 + RUNS * 3_000 }, async () => {
    console.log(`seed ${seed}`)
    let operations = 0
    let handovers = 0
    const property = fc.asyncProperty(fc.scheduler(), fc.nat(), async (scheduler, worldSeed) => {
      const run = await simulate(scheduler, { seed: worldSeed })
      operations += run.history.length
      handovers += run.handovers
      expect({ ...run.verdict, violations: run.violations }).toEqual({ anomalies: [], vacuous: [], violations: [] })
    })
    await fc.assert(property, { seed, numRuns: RUNS, endOnFailure: true })
    console.log(`${operations} operations, partitions changed hands ${handovers} times`)
    expect(handovers).toBeGreaterThan(RUNS)
  })

  it("are the same run again under the same seed", async () => {
    const runs: string[] = []
    const property = fc.asyncProperty(fc.scheduler(), fc.nat(), async (scheduler, worldSeed) => {
      runs.push(JSON.stringify((await simulate(scheduler, { seed: worldSeed })).history))
    })
    for (let times = 0; times < 2; times += 1) await fc.assert(property, { seed, numRuns: 3 })
    expect(runs.slice(3)).toEqual(runs.slice(0, 3))
  })
})

describe("the simulation of groups notices", () => {
  for (const [rule, breakStore] of Object.entries(brokenStores)) {
    it(`where ${rule}`, { timeout: 600_000 }, async () => {
      const property = fc.asyncProperty(fc.scheduler(), fc.nat(), async (scheduler, worldSeed) => {
        const faults = { faultRate: 0.2, lateCommits: 0.4 }
        const { verdict, violations } = await simulate(scheduler, { seed: worldSeed, ...faults, breakStore })
        const told = [...new Set(verdict.anomalies.map(({ kind }) => kind)), ...violations].join("\n")
        if (told !== "") throw new Error(told)
      })
      const found = await fc.check(property, { seed, numRuns: 200, endOnFailure: true })
      expect(found.failed).toBe(true)
    })
  }
})
