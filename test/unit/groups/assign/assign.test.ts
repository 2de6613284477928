import type { Assignor } from "stratalog/protocol"
import { describe, expect, it } from "vitest"
import { assign, assignorOf, type Subscriber } from "../../../../functions/groups/assign/assign.ts"
import type { GroupTopic } from "../../../../functions/groups/members/state.ts"

function member(memberId: string, topics: string, assignor: Assignor, instanceId?: string): Subscriber {
  return { memberId, topics: new Set(topics.split(" ")), assignor, ...(instanceId === undefined ? {} : { instanceId }) }
}

/** Former targets, one letter for each partition, - for nobody. */
function topic(name: string, targets: string): GroupTopic {
  const partitions = [...targets].map((target) => (target === "-" ? {} : { target, holder: target }))
  return { topicId: name, topic: name, partitions }
}

function assigned(members: readonly Subscriber[], ...topics: GroupTopic[]): string[] {
  return assign(members, topics).map((targets) => targets.map((target) => target ?? "-").join(""))
}

describe("range", () => {
  const of = (...members: [string, string][]) => members.map(([id, topics]) => member(id, topics, "range"))

  it("gives runs, the first ones longer, alike for each topic", () => {
    const members = of(["a", "t u"], ["b", "t u"], ["c", "t u"])
    expect(assigned(members, topic("t", "-------"), topic("u", "-------"))).toEqual(["aaabbcc", "aaabbcc"])
    expect(assigned(members, topic("t", "--"))).toEqual(["ab"])
  })

  it("asks each topic's subscribers alone, static members first, by name", () => {
    const members = [...of(["a", "t"], ["b", "t u"]), member("c", "t", "range", "w2"), member("d", "t", "range", "w1")]
    expect(assigned(members, topic("t", "----"), topic("u", "--"), topic("v", "-"))).toEqual(["dcab", "bb", "-"])
  })
})

describe("roundrobin", () => {
  it("goes round all topics, past who does not subscribe", () => {
    const members = [member("a", "t u", "roundrobin"), member("b", "u", "roundrobin"), member("c", "t u", "roundrobin")]
    expect(assigned(members, topic("t", "---"), topic("u", "----"), topic("v", "-"))).toEqual(["aca", "bcab", "-"])
  })
})

describe("uniform", () => {
  const of = (...members: [string, string][]) => members.map(([id, topics]) => member(id, topics, "uniform"))

  it("spreads each topic, and all of them together", () => {
    const members = of(["a", "t u"], ["b", "t u"])
    expect(assigned(members, topic("t", "---"), topic("u", "---"))).toEqual(["aba", "bab"])
  })

  it("moves only what a new member needs, and only what one had that left", () => {
    const [a, b, c] = of(["a", "t"], ["b", "t"], ["c", "t"])
    if (a === undefined || b === undefined || c === undefined) throw new Error("three members")
    expect(assigned([a, b, c], topic("t", "ababab"))).toEqual(["ababcc"])
    expect(assigned([a, b], topic("t", "ababcc"))).toEqual(["ababab"])
  })

  it("takes from who has a topic's most", () => {
    expect(assigned(of(["a", "t u"], ["b", "t u"]), topic("t", "aaa"), topic("u", "a"))).toEqual(["abb", "a"])
  })

  it("evens out over members in between that have a topic in common with both", () => {
    const members = of(["a", "t"], ["b", "t u"], ["c", "u"])
    expect(assigned(members, topic("t", "aaaa"), topic("u", "bb"))).toEqual(["aabb", "cc"])
    expect(assigned(members, topic("t", "aaab"), topic("u", "bc"))).toEqual(["aabb", "cc"])
  })

  it("leaves alone what subscriptions do not allow to be better", () => {
    const members = of(["a", "t"], ["b", "u"])
    expect(assigned(members, topic("t", "aaaa"), topic("u", "b"))).toEqual(["aaaa", "b"])
  })

  it("takes from nobody what a member no longer subscribes to", () => {
    expect(assigned(of(["a", "u"], ["b", "t"]), topic("t", "aa"), topic("u", "bb"), topic("v", "a"))).toEqual([
      "bb",
      "aa",
      "-",
    ])
  })

  it("gives back first to who still reads it", () => {
    const t: GroupTopic = { topicId: "t", topic: "t", partitions: [{ holder: "b" }, { holder: "a" }] }
    expect(assigned(of(["a", "t"], ["b", "t"]), t)).toEqual(["ba"])
  })

  it("moves first what its member has not got yet", () => {
    const partitions = [
      { holder: "b", target: "a" },
      { holder: "a", target: "a" },
      { holder: "a", target: "a" },
    ]
    expect(assigned(of(["a", "t"], ["b", "t"]), { topicId: "t", topic: "t", partitions })).toEqual(["baa"])
  })
})

describe("the assignor in use", () => {
  it.each<[Assignor[], Assignor | undefined]>([
    [[], undefined],
    [["range"], "range"],
    [["roundrobin", "range", "roundrobin"], "roundrobin"],
    [["range", "roundrobin"], "uniform"],
    [["range", "uniform"], "uniform"],
    [["range", "range", "uniform"], "range"],
  ])("of %s is %s", (wanted, chosen) => {
    expect(assignorOf(wanted.map((assignor) => ({ assignor })))).toBe(chosen)
  })
})
