import { describe, expect, it } from "vitest"
import type { IndexedUpkeep } from "../../../functions/compose/indexed-upkeep.ts"
import { upkeepHandler } from "../../../functions/lambda/upkeep-handler.ts"
import type { PartitionRef } from "../../../functions/log/ports.ts"
import { emptyReport } from "../../../functions/segments/upkeep/report.ts"
import type { UpkeepCursor } from "../../../functions/segments/upkeep/upkeep-all.ts"
import type { UpkeepOptions } from "../../../functions/segments/upkeep/upkeep-partition.ts"

const context = { awsRequestId: "x", getRemainingTimeInMillis: () => 600_000 }
const failure = { kind: "unavailable", reason: "throttled", sideEffects: "none", detail: "too much" } as const
const TOPIC_ID = "0b8f7f0a-52c5-4a39-9a3c-6f3d6f2d9a01"

/** Rounds end where `ends` says, the first one first; each run has a failure. */
function handled(ends: (UpkeepCursor | undefined)[] = []) {
  const rounds: (readonly [UpkeepOptions, UpkeepCursor | undefined])[] = []
  const some: (readonly [readonly PartitionRef[], number])[] = []
  const said: Readonly<Record<string, unknown>>[] = []
  const reportOf = () => {
    const report = emptyReport()
    report.failures.push({ partition: { topicId: "t", partition: 1 }, step: "tier", failure })
    return report
  }
  const upkeep: IndexedUpkeep = {
    upkeep: async (options, cursor) => {
      rounds.push([options, cursor])
      const next = ends[rounds.length - 1]
      return { report: reportOf(), ...(next && { next }) }
    },
    upkeepSome: async (partitions, until) => {
      some.push([partitions, until])
      return reportOf()
    },
  }
  return { handler: upkeepHandler(upkeep, (event) => said.push(event)), rounds, some, said }
}

const record = (message: unknown) => ({ EventSource: "aws:sns", Sns: { Message: JSON.stringify(message) } })

describe("the function of upkeep", () => {
  it("goes on where it stopped, ends before its time does, and tells what failed", async () => {
    const { handler, rounds, said } = handled([{ afterTopic: "a", partition: 2 }, { partition: 3 }])
    const begun = Date.now()
    await handler({}, context)
    await handler({ sweep: true }, context)
    await handler({ sweep: false }, context)
    await handler({ sweep: true }, context)
    await handler({}, context)
    expect(rounds.map(([{ sweep }, cursor]) => [sweep, cursor])).toEqual([
      [false, undefined],
      [true, undefined],
      [false, { afterTopic: "a", partition: 2 }],
      [true, { partition: 3 }],
      [false, undefined],
    ])
    const until = rounds[0]?.[0].until ?? 0
    expect(until).toBeGreaterThan(begun)
    expect(until).toBeLessThan(Date.now() + 600_000)
    expect(said[0]).toMatchObject({ event: "upkeep", complete: false, tieredSegments: 0 })
    expect(said[1]).toMatchObject({ event: "upkeep_failed", topicId: "t", partition: 1, step: "tier", failure })
  })

  it("looks after the partitions that it is nudged about, and leaves the round of the schedule where it is", async () => {
    const { handler, rounds, some, said } = handled([{ partition: 7 }])
    await handler({ sweep: false }, context)
    await handler(
      { Records: [record({ topicId: TOPIC_ID, partition: 1 }), record({ topicId: TOPIC_ID, partition: 2 })] },
      context,
    )
    await handler({ sweep: false }, context)
    expect(rounds.map(([, cursor]) => cursor)).toEqual([undefined, { partition: 7 }])
    expect(some.map(([partitions]) => partitions)).toEqual([
      [
        { topicId: TOPIC_ID, partition: 1 },
        { topicId: TOPIC_ID, partition: 2 },
      ],
    ])
    expect(some[0]?.[1]).toBeLessThan(Date.now() + 600_000)
    expect(said[2]).toMatchObject({ event: "upkeep", nudged: true, tieredSegments: 0 })
    expect(said[3]).toMatchObject({ level: "warn", event: "upkeep_failed" })
  })

  const good = record({ topicId: TOPIC_ID, partition: 0 })
  it.each<[string, unknown, RegExp]>([
    ["nothing", undefined, /the event/],
    ["null", null, /the event/],
    ["a text", "{}", /the event/],
    ["a schedule with another wish", { sweep: "yes" }, /sweep/],
    ["a scheduled event of EventBridge itself", { source: "aws.events", detail: {} }, /source/],
    ["no records", { Records: [] }, /Records/],
    ["a message of a queue", { Records: [{ eventSource: "aws:sqs", body: "{}" }] }, /EventSource/],
    ["a message that is no JSON", { Records: [{ EventSource: "aws:sns", Sns: { Message: "{" } }] }, /not JSON/],
    ["a message of another topic", { Records: [record({ topic: "orders" })] }, /topicId/],
    ["a topic's name in place of its id", { Records: [record({ topicId: "orders", partition: 0 })] }, /topicId/],
    ["a partition below zero", { Records: [record({ topicId: TOPIC_ID, partition: -1 })] }, /partition/],
    ["a good and a bad one", { Records: [good, record(7)] }, /Records\.1/],
  ])("refuses %s, and says so", async (_, event, detail) => {
    const { handler, rounds, some, said } = handled()
    await expect(handler(event, context)).rejects.toThrow(detail)
    expect([rounds, some]).toEqual([[], []])
    expect(said).toEqual([{ level: "error", event: "unknown_event", detail: expect.stringMatching(detail) }])
  })

  it("shows no more of an event that it refuses than fits a line", async () => {
    const { handler, said } = handled()
    await expect(handler({ much: "x".repeat(1_000_000) }, context)).rejects.toThrow("much")
    expect(JSON.stringify(said).length).toBeLessThan(2_000)
  })

  it("tells the lag of the groups that its schedule names, and does nothing else then", async () => {
    const { rounds, some } = handled()
    const asked: (readonly string[])[] = []
    const never = () => Promise.reject(new Error("nobody asked for it"))
    const tellLag = async (groups: readonly string[]) => void asked.push(groups)
    const handler = upkeepHandler({ upkeep: never, upkeepSome: never, tellLag }, () => {})
    await handler({ lag: ["billing", "shipping"] }, context)
    await upkeepHandler({ upkeep: never, upkeepSome: never }, () => {})({ lag: ["billing"] }, context)
    expect(asked).toEqual([["billing", "shipping"]])
    expect([rounds, some]).toEqual([[], []])
  })

  it.each([{ lag: "billing" }, { lag: ["bill/ing"] }, { lag: [], sweep: true }])(
    "takes no other event for that: %j",
    async (event) => {
      const { handler, said } = handled()
      await expect(handler(event, context)).rejects.toThrow("neither")
      expect(said).toMatchObject([{ level: "error", event: "unknown_event" }])
    },
  )
})
