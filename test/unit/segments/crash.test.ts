/** Upkeep that is cut off at every request, before and after it took effect: readers and the next run go on. */
import { describe, expect, it } from "vitest"
import { listSegments } from "../../../functions/segments/list-segments.ts"
import { newMemory, partition } from "./fixture.ts"
import { expectTrue, type Scenario, scenarios } from "./scenarios.ts"
import { gated, HOUR, Killed, keepUp, killedAt, readAll, readAnywhere, type UpkeptLog } from "./upkept-log.ts"

describe.each(scenarios)("$name", (scenario) => {
  it("gives readers the same log at every step, those that remember segments too", async () => {
    const log = await scenario.make()
    const memory = newMemory()
    await expectTrue(scenario, await readAll(log, memory))
    let requests = 0
    const watched = gated(log, async (call) => {
      requests++
      await expectTrue(scenario, await readAll(log))
      await expectTrue(scenario, await readAll(log, memory))
      await readAnywhere(log)
      return call()
    })
    const report = await keepUp(watched, scenario.config)
    expect(report.failures).toEqual([])
    for (const done of scenario.does) expect(report[done], done).toBeGreaterThan(0)
    expect(requests).toBeGreaterThan(10)
    await expectSettled(scenario, log)
  })

  it.each(["before", "after"] as const)(
    "is finished by the next run when it is cut off %s any request",
    async (when) => {
      for (let n = 1; ; n++) {
        const log = await scenario.make()
        const gate = killedAt(n, when)
        const killed = await keepUp(gated(log, gate), scenario.config).then(() => false, isKill)
        await expectTrue(scenario, await readAll(log))
        const report = await keepUp(log, scenario.config)
        expect(report.failures).toEqual([])
        await expectTrue(scenario, await readAll(log))
        await expectSettled(scenario, log)
        if (!killed) {
          expect(n).toBeGreaterThan(10)
          return
        }
      }
    },
  )
})

function isKill(error: unknown): true {
  if (error instanceof Killed) return true
  throw error
}

/** Another run finds nothing to do; once the grace is over, what nobody names is gone, and what is named is not. */
async function expectSettled(scenario: Scenario, log: UpkeptLog): Promise<void> {
  log.time.now += 2 * HOUR
  expect((await keepUp(log, scenario.config)).failures).toEqual([])
  await expectTrue(scenario, await readAll(log))
  const segments = await listSegments(log.index, partition, 0, Number.POSITIVE_INFINITY)
  if (!Array.isArray(segments)) throw new Error(JSON.stringify(segments))
  expect(log.objects.keys()).toEqual(segments.map(({ objectKey }) => objectKey).sort())
  segments.forEach(({ baseOffset }, index) => {
    if (index > 0) expect(baseOffset).toBe(segments[index - 1]?.endOffset)
  })
}
