import { expect, it } from "vitest"
import { recordedUpkeep } from "../../../functions/compose/recorded-upkeep.ts"
import type { Unavailable } from "../../../functions/log/ports.ts"
import { addToBacklog, emptyReport, type UpkeepReport } from "../../../functions/segments/upkeep/report.ts"
import type { UpkeepCursor, UpkeepRun } from "../../../functions/segments/upkeep/upkeep-all.ts"
import { createMemoryUpkeepRecords } from "../../fakes/memory-upkeep-records.ts"

const ALWAYS = Number.POSITIVE_INFINITY
const throttled: Unavailable = { kind: "unavailable", reason: "throttled", sideEffects: "none", detail: "too much" }

function reportOf(changes: Partial<UpkeepReport>): UpkeepReport {
  return { ...emptyReport(), ...changes }
}

/** Upkeep whose runs end as they are told, one after another, each a second long. */
function scripted(runs: UpkeepRun[]) {
  const clock = { time: 1_000, now: () => clock.time }
  const records = createMemoryUpkeepRecords()
  const unrecorded: Unavailable[] = []
  const upkeep = recordedUpkeep(
    async () => {
      clock.time += 1_000
      const run = runs.shift()
      if (run === undefined) throw new Error("no further run was foreseen")
      return run
    },
    { records, clock, unrecorded: (failure) => unrecorded.push(failure) },
  )
  return { upkeep, records, unrecorded, clock }
}

it("a run that ends its round leaves itself and the round, one that sweeps the sweep too, in one write", async () => {
  const { upkeep, records } = scripted([
    { report: reportOf({ partitions: 3 }) },
    { report: reportOf({ partitions: 3, sweptObjects: 2, sweptItems: 1, sweptBytes: 9 }) },
  ])
  await upkeep({ until: ALWAYS, sweep: false })
  expect(Object.keys(records.writes[0] ?? {})).toEqual(["lastRun", "lastRound"])
  await upkeep({ until: ALWAYS, sweep: true })
  expect(records.writes).toHaveLength(2)
  expect(records.writes[1]).toMatchObject({
    lastRun: { startedAt: 2_000, endedAt: 3_000, partitions: 3, sweep: true, complete: true, failures: { count: 0 } },
    lastRound: { startedAt: 2_000, endedAt: 3_000, partitions: 3, unfinished: false },
    lastSweep: { startedAt: 2_000, endedAt: 3_000, removed: { objects: 2, items: 1, bytes: 9 } },
  })
})

it("the runs of a round add up, and those of another round are not among them", async () => {
  const [one, two]: [UpkeepCursor, UpkeepCursor] = [{ partition: 1 }, { partition: 2 }]
  const failure = {
    partition: { topicId: "t", partition: 1 },
    topic: "orders",
    step: "tier",
    failure: throttled,
  } as const
  const first = reportOf({ partitions: 1, failures: [failure] })
  addToBacklog(first.backlog, { waitingBytes: 10, overduePartitions: 1, overdueSince: 500 })
  const second = reportOf({ partitions: 1, unfinished: true })
  addToBacklog(second.backlog, { waitingBytes: 5, overduePartitions: 1, overdueSince: 400 })
  const { upkeep, records } = scripted([
    { report: first, next: one },
    { report: reportOf({ partitions: 100 }), next: two },
    { report: second },
    { report: reportOf({ partitions: 1 }) },
  ])
  await upkeep({ until: ALWAYS, sweep: false })
  expect(records.writes[0]).toMatchObject({ lastRun: { complete: false, failures: { count: 1 } } })
  expect(records.writes[0]).not.toHaveProperty("lastRound")
  await upkeep({ until: ALWAYS, sweep: true })
  await upkeep({ until: ALWAYS, sweep: false }, one)
  expect(records.writes[2]).toMatchObject({
    lastRun: { startedAt: 3_000, partitions: 1, failures: { count: 0 } },
    lastRound: {
      startedAt: 1_000,
      endedAt: 4_000,
      partitions: 2,
      unfinished: true,
      backlog: { waitingBytes: 15, overduePartitions: 2, overdueSince: 400 },
      failures: {
        count: 1,
        codes: [{ code: "throttled", count: 1 }],
        first: [{ code: "throttled", topic: "orders", topicId: "t", partition: 1, step: "tier", detail: "too much" }],
      },
    },
  })
  await upkeep({ until: ALWAYS, sweep: false })
  expect(records.writes[3]).toMatchObject({ lastRound: { partitions: 1, failures: { count: 0 } } })
})

it("what is no failure is not told, and of many failures the first few, shortened", async () => {
  const partition = { topicId: "t", partition: 0 }
  const none = [
    { kind: "overtaken", detail: "" },
    { kind: "unknown_partition" },
    { ...throttled, reason: "closing" },
  ] as const
  const failures = [
    ...none.map((failure) => ({ partition, failure })),
    ...Array.from({ length: 1_000 }, () => ({
      partition,
      failure: { kind: "defect", detail: "x".repeat(9_999) } as const,
    })),
    { partition, failure: throttled },
  ]
  const { upkeep, records } = scripted([{ report: reportOf({ partitions: 1, failures }) }])
  await upkeep({ until: ALWAYS, sweep: false })
  const told = records.writes[0]?.lastRun?.failures
  expect(told).toMatchObject({
    count: 1_001,
    codes: [
      { code: "defect", count: 1_000 },
      { code: "throttled", count: 1 },
    ],
  })
  expect(told?.first).toHaveLength(5)
  expect(JSON.stringify(records.writes[0]).length).toBeLessThan(8_000)
})

it("a report that cannot be left is told of, and the run is what it was", async () => {
  const run = { report: reportOf({ partitions: 1 }) }
  const { upkeep, records, unrecorded } = scripted([run])
  records.write = () => throttled
  expect(await upkeep({ until: ALWAYS, sweep: false })).toBe(run)
  expect(unrecorded).toEqual([throttled])
})
