import { describe, expect, it } from "vitest"
import { groupRows, lagRows, memberRows } from "../../../sdk/cli/watch/group-rows.ts"
import type { Look } from "../../../sdk/cli/watch/look.ts"
import { nextOrder, orderedPaces, orderedTopics } from "../../../sdk/cli/watch/order.ts"
import { outlookOf, type Pace, secondsToCatchUp } from "../../../sdk/cli/watch/pace.ts"
import { type Seen, seeing } from "../../../sdk/cli/watch/seen.ts"
import { topicRows, volumeOfAll } from "../../../sdk/cli/watch/topic-rows.ts"
import { groupLook, lookAt, topicLook } from "../../fakes/looks.ts"

function seenAfter(...looks: readonly Look[]): Seen {
  const seen = looks.reduce<Seen | undefined>(seeing, undefined)
  if (seen === undefined) throw new Error("no look")
  return seen
}

const topicsAfter = (...topics: readonly ReturnType<typeof topicLook>[]) =>
  topicRows(seenAfter(...topics.map((topic) => lookAt(topic.at, { topics: [topic] }))))[0]
const groupsAfter = (...groups: readonly ReturnType<typeof groupLook>[]) =>
  groupRows(seenAfter(...groups.map((group) => lookAt(group.at, { groups: [group] }))))[0]

describe("the rates of a topic", () => {
  it("are not known after one look", () => {
    expect(topicsAfter(topicLook(0, [[0, 100, 1_000]]))).toEqual({
      topic: "t",
      partitions: 1,
      records: 100,
      sizeInBytes: 1_000,
      recordsPerSecond: null,
      bytesPerSecond: null,
    })
  })

  it("are the difference of two looks by the time between their answers", () => {
    expect(
      topicsAfter(
        topicLook(0, [
          [0, 100, 1_000],
          [0, 0, 0],
        ]),
        topicLook(4_000, [
          [0, 300, 3_000],
          [0, 40, 400],
        ]),
      ),
    ).toMatchObject({
      records: 340,
      sizeInBytes: 3_400,
      recordsPerSecond: 60,
      bytesPerSecond: 600,
    })
  })

  it("are from the last ten seconds, or from the last two looks", () => {
    const [slow, fast] = [topicLook(0, [[0, 0]]), topicLook(10_000, [[0, 1_000]])]
    expect(topicsAfter(slow, fast, topicLook(20_000, [[0, 6_000]]))).toMatchObject({ recordsPerSecond: 500 })
    expect(topicsAfter(slow, fast, topicLook(60_000, [[0, 6_000]]))).toMatchObject({ recordsPerSecond: 100 })
    const many = Array.from({ length: 200 }, (_, n) => topicLook(n * 100, [[0, n < 190 ? 0 : (n - 189) * 10]]))
    expect(topicsAfter(...many)).toMatchObject({ recordsPerSecond: 100 })
  })

  it("begin anew where the topic was made again, whether its offsets tell or not", () => {
    const before = topicLook(0, [[0, 100, 1_000]])
    expect(topicsAfter(before, topicLook(1_000, [[0, 40, 400]]))).toMatchObject({ recordsPerSecond: null })
    expect(topicsAfter(before, topicLook(1_000, [[0, 500, 400]], { id: "2" }))).toMatchObject({
      recordsPerSecond: null,
      bytesPerSecond: null,
    })
    const again = [topicLook(1_000, [[0, 40, 400]]), topicLook(2_000, [[0, 50, 500]])]
    expect(topicsAfter(before, ...again)).toMatchObject({ recordsPerSecond: 10, bytesPerSecond: 100 })
  })

  it("begin anew where one clock was set, or the machine slept", () => {
    const topics = [topicLook(0, [[0, 0]]), topicLook(1_000, [[0, 1_000_000]])] as const
    const looks = (time: number) => [lookAt(0, { topics: [topics[0]] }), lookAt(1_000, { time, topics: [topics[1]] })]
    expect(topicRows(seenAfter(...looks(1_000)))[0]?.recordsPerSecond).toBe(1_000_000)
    expect(topicRows(seenAfter(...looks(3_600_000)))[0]?.recordsPerSecond).toBeNull()
    expect(topicRows(seenAfter(...looks(-3_600_000)))[0]?.recordsPerSecond).toBeNull()
  })

  it("count a record as the average one where retention or compaction took some away", () => {
    const before = topicLook(0, [[0, 100, 1_000]])
    const trimmed = topicsAfter(before, topicLook(1_000, [[90, 110, 200]]))
    expect(trimmed).toMatchObject({ recordsPerSecond: 10, bytesPerSecond: 100 })
    expect(topicsAfter(before, topicLook(1_000, [[0, 110, 550]]))).toMatchObject({ bytesPerSecond: 50 })
    expect(topicsAfter(before, topicLook(1_000, [[110, 110, 0]]))).toMatchObject({ bytesPerSecond: null })
    expect(topicsAfter(before, topicLook(1_000, [[100, 100, 0]]))).toMatchObject({ bytesPerSecond: 0 })
    expect(topicsAfter(topicLook(0, [[0, 1]]), topicLook(1_000, [[0, 2]]))).toMatchObject({
      sizeInBytes: null,
      bytesPerSecond: null,
    })
  })

  it("are known for the partitions that were there before", () => {
    const grown = topicsAfter(
      topicLook(0, [[0, 0]]),
      topicLook(1_000, [
        [0, 10],
        [0, 5_000],
      ]),
    )
    expect(grown).toMatchObject({ partitions: 2, recordsPerSecond: 10 })
  })

  it("are forgotten with the topic", () => {
    const [before, gone, again] = [topicLook(0, [[0, 0]]), lookAt(1_000), topicLook(2_000, [[0, 100]])]
    const seen = seenAfter(lookAt(0, { topics: [before] }), gone, lookAt(2_000, { topics: [again] }))
    expect(topicRows(seen)[0]?.recordsPerSecond).toBeNull()
    expect(seenAfter(lookAt(0, { topics: [before] }), gone).ends.size).toBe(0)
  })

  it("add up", () => {
    const seen = (at: number, a: number, b: number) =>
      lookAt(at, { topics: [topicLook(at, [[0, a]]), topicLook(at, [[0, b]], { topic: "u", id: "u" })] })
    const rows = topicRows(seenAfter(seen(0, 0, 0), seen(1_000, 1, 2)))
    expect(volumeOfAll(rows)).toMatchObject({ partitions: 2, records: 3, recordsPerSecond: 3 })
    expect(volumeOfAll([])).toMatchObject({ partitions: 0, records: 0, recordsPerSecond: null })
  })
})

describe("the pace of a group", () => {
  it("is what it committed, and what came meanwhile", () => {
    expect(groupsAfter(groupLook(0, [[0, 1_000]]), groupLook(10_000, [[500, 1_200]]))).toMatchObject({
      group: "g",
      state: "Stable",
      members: 1,
      partitions: 1,
      lag: 700,
      consumedPerSecond: 50,
      producedPerSecond: 20,
      lagPerSecond: -30,
      overSeconds: 10,
    })
  })

  it("begins anew where its offsets were reset, committed first, or deleted", () => {
    const reset = groupsAfter(groupLook(0, [[500, 1_000]]), groupLook(10_000, [[0, 1_000]]))
    expect(reset).toMatchObject({ lag: 1_000, consumedPerSecond: null, lagPerSecond: null })
    const first = groupsAfter(groupLook(0, [[null, 1_000]]), groupLook(10_000, [[400, 1_000]]))
    expect(first).toMatchObject({ lag: 600, consumedPerSecond: null })
    const deleted = groupsAfter(groupLook(0, [[500, 1_000]]), groupLook(10_000, [[null, 1_000]]))
    expect(deleted).toMatchObject({ lag: null, consumedPerSecond: null, lagPerSecond: null })
  })

  it("knows what comes where nothing is committed", () => {
    expect(groupsAfter(groupLook(0, [[null, 0]]), groupLook(1_000, [[null, 10]]))).toMatchObject({
      lag: null,
      producedPerSecond: 10,
      consumedPerSecond: null,
    })
  })

  it("is told by partition, and by member with those that nobody reads", () => {
    const look = (at: number, a: number, b: number) =>
      lookAt(at, {
        groups: [
          groupLook(
            at,
            [
              [a, 1_000, "m"],
              [b, 1_000, null],
            ],
            { members: ["m", "idle"] },
          ),
        ],
      })
    const seen = seenAfter(look(0, 0, 0), look(10_000, 100, 200))
    expect(lagRows(seen)).toMatchObject([
      { topic: "t", partition: 0, committedOffset: 100, highWatermark: 1_000, lag: 900, consumedPerSecond: 10 },
      { topic: "t", partition: 1, committedOffset: 200, memberId: null, lag: 800, consumedPerSecond: 20 },
    ])
    expect(memberRows(seen)).toMatchObject([
      { memberId: "m", partitions: 1, lag: 900 },
      { memberId: "idle", partitions: 0, lag: null },
      { memberId: null, partitions: 1, lag: 800, lastSeen: null },
    ])
  })
})

describe("the outlook", () => {
  const pace = (lag: number | null, producedPerSecond: number | null, consumedPerSecond: number | null): Pace => ({
    lag,
    producedPerSecond,
    consumedPerSecond,
    lagPerSecond:
      producedPerSecond === null || consumedPerSecond === null ? null : producedPerSecond - consumedPerSecond,
    overSeconds: 10,
  })

  it.each([
    ["nothing is behind", pace(0, 100, 0), "caught_up"],
    ["it reads faster than records come", pace(10_000, 100, 200), "catching_up"],
    ["it reads more slowly", pace(10_000, 200, 100), "falling_behind"],
    ["it reads as fast, far behind", pace(10_000, 100, 99), "keeping_pace"],
    ["what is behind is read in a moment", pace(500, 120, 100), "keeping_pace"],
    ["nobody reads", pace(10_000, 100, 0), "stalled"],
    ["nobody reads, and nothing comes", pace(10_000, 0, 0), "stalled"],
    ["nothing is committed", pace(null, 100, null), null],
    ["there was one look", pace(100, null, null), null],
    ["the looks are too close to each other", { ...pace(10_000, 100, 0), overSeconds: 4 }, null],
  ] as const)("where %s", (_where, of, outlook) => {
    expect(outlookOf(of)).toBe(outlook)
  })

  it("tells when it will have caught up, only where it will", () => {
    expect(secondsToCatchUp(pace(10_000, 100, 200))).toBe(100)
    expect(secondsToCatchUp(pace(10_000, 200, 100))).toBeNull()
    expect(secondsToCatchUp(pace(0, 0, 0))).toBeNull()
  })

  it("of what retention takes is no stall", () => {
    expect(outlookOf({ ...pace(10_000, 0, 0), lagPerSecond: -100 })).toBe("catching_up")
  })
})

describe("the order of rows", () => {
  const seen = (at: number, ends: readonly number[]) =>
    lookAt(at, {
      topics: ends.map((end, n) => topicLook(at, [[0, end]], { topic: `t${n}`, id: `${n}` })),
      groups: ends.map((end, n) => groupLook(at, [[at === 0 ? 0 : 5 - n, end]], { group: `g${n}` })),
    })
  const both = seenAfter(seen(0, [0, 0, 0]), seen(1_000, [10, 30, 20]))
  const groupsBy = (order: "lag" | "rate" | "name") => orderedPaces(groupRows(both), order).map(({ group }) => group)

  it("is the most first, or that of names", () => {
    expect(groupsBy("lag")).toEqual(["g1", "g2", "g0"])
    expect(groupsBy("rate")).toEqual(["g0", "g1", "g2"])
    expect(groupsBy("name")).toEqual(["g0", "g1", "g2"])
    const topicsBy = (order: "rate" | "name") => orderedTopics(topicRows(both), order).map(({ topic }) => topic)
    expect(topicsBy("rate")).toEqual(["t1", "t2", "t0"])
    expect(topicsBy("name")).toEqual(["t0", "t1", "t2"])
  })

  it("has what is not known last", () => {
    const rows = groupRows(
      seenAfter(lookAt(0, { groups: [groupLook(0, [[null, 9]], { group: "a" }), groupLook(0, [[9, 9]])] })),
    )
    expect(orderedPaces(rows, "lag").map(({ group }) => group)).toEqual(["g", "a"])
  })

  it("goes round", () => {
    expect([nextOrder("lag"), nextOrder("rate"), nextOrder("name")]).toEqual(["rate", "name", "lag"])
  })
})
