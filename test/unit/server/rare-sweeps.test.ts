import { expect, it } from "vitest"
import { emptyReport } from "../../../functions/segments/upkeep/report.ts"
import { rareSweeps } from "../../../functions/server/rare-sweeps.ts"

it("sweeps once in a while, asked or not, and a round to its end", async () => {
  let time = 0
  const swept: boolean[] = []
  const upkeep = rareSweeps(
    async ({ sweep }) => {
      swept.push(sweep)
      return { report: emptyReport() }
    },
    100,
    () => time,
  )
  const run = (at: number, sweep: boolean, partition?: number) => {
    time = at
    return upkeep({ sweep, until: 5 }, partition === undefined ? undefined : { partition })
  }
  await run(50, true)
  await run(60, false)
  await run(100, false)
  await run(110, false, 7)
  await run(150, true)
  await run(300, true)
  expect(swept).toEqual([false, false, true, true, false, true])
})

it("lets go on as long as the caller says at each moment", async () => {
  const options = { sweep: false, until: 10 }
  const upkeep = rareSweeps(async (given) => {
    options.until = 0
    expect(given.until).toBe(0)
    return { report: emptyReport() }
  }, 100)
  await upkeep(options)
  expect.assertions(1)
})
