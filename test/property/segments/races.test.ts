/** Two runs of upkeep at once and a reader, in any order of their requests, with answers that get lost and effects that come late. */
import "./seeded.ts"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { newMemory } from "../../unit/segments/fixture.ts"
import { expectTrue, type Scenario, scenarios } from "../../unit/segments/scenarios.ts"
import { gated, HOUR, keepUp, readAll, readAnywhere, type UpkeptLog } from "../../unit/segments/upkept-log.ts"

const writes = new Set(["put", "replace", "remove", "commitTiered", "dropTiered", "moveLogStart"])

describe.each(scenarios)("$name", (scenario) => {
  it("comes out the same when two run at once, and readers always find the log", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const log = await scenario.make()
        const run = () =>
          keepUp(
            gated(log, (call) => scheduler.schedule(Promise.resolve()).then(call)),
            scenario.config,
          )
        const memory = newMemory()
        const reader = async () => {
          for (let reads = 0; reads < 4; reads++) {
            await scheduler.schedule(Promise.resolve())
            await expectTrue(scenario, await readAll(log, memory))
            await readAnywhere(log)
          }
        }
        const [first, second] = await scheduler.waitFor(Promise.all([run(), run(), reader()]))
        for (const { failures } of [first, second]) {
          expect(failures.filter(({ failure }) => failure.kind !== "overtaken")).toEqual([])
        }
        await expectSettled(scenario, log)
      }),
      { numRuns: 12 },
    )
  })

  it("holds when answers get lost and effects come late", async () => {
    const faults = fc.array(
      fc.constantFrom("answer", "answer", "lose_answer", "land_late", "throttle", "lose_request"),
      {
        minLength: 20,
        maxLength: 60,
      },
    )
    await fc.assert(
      fc.asyncProperty(faults, fc.integer({ min: 1, max: 30 }), async (chosen, delay) => {
        const log = await scenario.make()
        const late = faultsOf(log, chosen, delay)
        for (let runs = 0; runs < 4; runs++) {
          await keepUp(log, scenario.config)
          await late.clear(async () => {
            await expectTrue(scenario, await readAll(log))
            await readAnywhere(log)
          })
        }
        late.end()
        await expectSettled(scenario, log)
      }),
      { numRuns: 12 },
    )
  })
})

/** Strikes the writes in turn; what is late lands so many requests later. */
function faultsOf(log: UpkeptLog, chosen: readonly string[], delay: number) {
  let requests = 0
  let held: { readonly at: number; readonly land: () => void }[] = []
  const landDue = () => {
    for (const { land } of held.filter(({ at }) => at <= requests)) land()
    held = held.filter(({ at }) => at > requests)
  }
  const interceptor = ({ name }: { readonly name: string }) => {
    requests++
    landDue()
    const kind = writes.has(name) ? chosen[requests % chosen.length] : undefined
    if (kind === "land_late")
      return { kind, held: (land: () => void) => held.push({ at: requests + delay, land }) } as const
    if (kind === "lose_answer" || kind === "throttle" || kind === "lose_request") return { kind } as const
    return undefined
  }
  const use = (of: typeof interceptor | undefined) => {
    log.recent.requests.interceptor = of
    log.index.requests.interceptor = of
  }
  use(interceptor)
  return {
    /** Looks at the log without faults in the way; then they go on. */
    clear: async (look: () => Promise<void>) => {
      use(undefined)
      await look()
      use(interceptor)
    },
    /** All that is late lands now. */
    end: () => {
      use(undefined)
      for (const { land } of held) land()
    },
  }
}

async function expectSettled(scenario: Scenario, log: UpkeptLog): Promise<void> {
  for (let runs = 0; runs < 2; runs++) {
    expect((await keepUp(log, scenario.config)).failures).toEqual([])
    await expectTrue(scenario, await readAll(log))
    await readAnywhere(log)
    log.time.now += 2 * HOUR
  }
}
