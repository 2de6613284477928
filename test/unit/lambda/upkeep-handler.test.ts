import { expect, it } from "vitest"
import { upkeepHandler } from "../../../functions/lambda/upkeep-handler.ts"
import { emptyReport } from "../../../functions/segments/upkeep/report.ts"
import type { UpkeepCursor } from "../../../functions/segments/upkeep/upkeep-all.ts"
import type { UpkeepOptions } from "../../../functions/segments/upkeep/upkeep-partition.ts"

it("goes on where it stopped, ends before its time does, and tells what failed", async () => {
  const asked: (readonly [UpkeepOptions, UpkeepCursor | undefined])[] = []
  const ends: (UpkeepCursor | undefined)[] = [{ afterTopic: "a", partition: 2 }, { partition: 3 }]
  const said: Readonly<Record<string, unknown>>[] = []
  const failure = { kind: "unavailable", reason: "throttled", sideEffects: "none", detail: "too much" } as const
  const handler = upkeepHandler(
    async (options, cursor) => {
      asked.push([options, cursor])
      const next = ends[asked.length - 1]
      const report = emptyReport()
      report.failures.push({ partition: { topicId: "t", partition: 1 }, step: "tier", failure })
      return { report, ...(next && { next }) }
    },
    (event) => said.push(event),
  )
  const context = { awsRequestId: "x", getRemainingTimeInMillis: () => 600_000 }
  const begun = Date.now()
  await handler({}, context)
  await handler({ sweep: true }, context)
  await handler({ sweep: false }, context)
  await handler({ sweep: true }, context)
  await handler({}, context)
  expect(asked.map(([{ sweep }, cursor]) => [sweep, cursor])).toEqual([
    [false, undefined],
    [true, undefined],
    [false, { afterTopic: "a", partition: 2 }],
    [true, { partition: 3 }],
    [false, undefined],
  ])
  const until = asked[0]?.[0].until ?? 0
  expect(until).toBeGreaterThan(begun)
  expect(until).toBeLessThan(Date.now() + 600_000)
  expect(said[0]).toMatchObject({ event: "upkeep", complete: false, tieredSegments: 0 })
  expect(said[1]).toMatchObject({ event: "upkeep_failed", topicId: "t", partition: 1, step: "tier", failure })
})
