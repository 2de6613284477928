import { describe, expect, it } from "vitest"
import { Group, NOW, topic } from "./fixture.ts"

describe("joining", () => {
  it("gives the first member everything, under the first epoch", () => {
    const group = new Group(topic("orders", 2))
    expect(group.join("a")).toMatchObject({
      kind: "changed",
      change: { expected: 0, next: { epoch: 1 }, gone: [] },
      member: { memberId: "a", memberEpoch: 1, sessionTimeoutMs: 45_000, rebalanceTimeoutMs: 300_000, joinedAt: NOW },
    })
    expect(group.who()).toEqual(["a", "a"])
  })

  it("takes nothing from a member before it gave it up", () => {
    const group = new Group(topic("orders", 2))
    group.join("a")
    group.join("b")
    expect(group.who()).toEqual(["a", "a>b"])
    expect(group.epochOf("a")).toBe(2)
    expect(group.member("a").revokingSince).toBe(NOW)

    const both = [{ topic: "orders", partitions: [0, 1] }]
    expect(group.send("a", { memberEpoch: 1, owned: both })).toMatchObject({ kind: "unchanged" })
    expect(group.send("a", { memberEpoch: 2, owned: both })).toMatchObject({ kind: "unchanged" })
    expect(group.who()).toEqual(["a", "a>b"])

    group.send("a", { memberEpoch: 2, owned: [{ topic: "orders", partitions: [0] }] })
    expect(group.who()).toEqual(["a", "b"])
    expect(group.epochOf("b")).toBe(3)
    expect(group.epochOf("a")).toBe(2)
    expect(group.member("a")).not.toHaveProperty("revokingSince")
  })

  it("needs topics, once", () => {
    const group = new Group(topic("orders", 1))
    expect(group.send("a", { memberEpoch: 0 })).toEqual({ kind: "topics_missing" })
    expect(group.send("a")).toEqual({ kind: "topics_missing" })
    group.send("a", { topics: ["orders"] })
    expect(group.send("a", { memberEpoch: 0 })).toMatchObject({ kind: "changed", member: { topics: ["orders"] } })
  })

  it("is not what a member of some epoch does, nor one of an epoch to come", () => {
    const group = new Group(topic("orders", 1))
    expect(group.send("a", { memberEpoch: 1, topics: ["orders"] })).toEqual({ kind: "member_not_found" })
    group.join("a")
    expect(group.send("a", { memberEpoch: 2 })).toEqual({ kind: "fenced", memberEpoch: 1 })
  })

  it("happens once for a request that is sent again, and again for a new one", () => {
    const group = new Group(topic("orders", 1))
    group.join("a", { number: 7 })
    expect(group.join("a", { number: 7 })).toMatchObject({ kind: "unchanged", member: { memberEpoch: 1 } })
    expect(group.join("a", { number: 8 })).toMatchObject({ kind: "changed", member: { memberEpoch: 2 } })
    expect(group.who()).toEqual(["a"])
  })

  it("again gives up what is not said to be owned", () => {
    const group = new Group(topic("orders", 2))
    group.join("a")
    group.join("b")
    group.join("a", { owned: [{ topic: "orders", partitions: [1] }] })
    expect(group.who()).toEqual(["a", "a>b"])
    group.join("a")
    expect(group.who()).toEqual(["a", "b"])
  })

  it("does not believe who was expelled about what it owns", () => {
    const group = new Group(topic("orders", 2))
    group.join("a")
    group.now += 45_001
    group.join("b")
    expect(group.who()).toEqual(["b", "b"])
    const owned = [{ topic: "orders", partitions: [0, 1] }]
    expect(group.send("a", { memberEpoch: 1, owned })).toEqual({ kind: "member_not_found" })
    group.join("a", { owned })
    expect(group.who()).toEqual(["b", "b>a"])
  })

  it("is refused where there are as many members as there may be, unless in the place of one", () => {
    const group = new Group(topic("orders", 1))
    for (let index = 0; index < 200; index++) group.join(`m${index}`, { instanceId: `i${index}` })
    expect(group.join("more")).toEqual({ kind: "group_full" })
    expect(group.join("heir", { instanceId: "i7" })).toMatchObject({ kind: "changed", change: { gone: ["m7"] } })
    group.now += 45_001
    expect(group.join("more")).toMatchObject({ kind: "changed" })
  })
})

describe("a request that knows less than there is", () => {
  it("frees nothing: it was sent before its member had heard", () => {
    const group = new Group(topic("orders", 2))
    group.join("a")
    group.join("b")
    expect(group.send("a", { memberEpoch: 1 })).toMatchObject({ kind: "unchanged", member: { memberEpoch: 2 } })
    expect(group.send("a", { memberEpoch: 1, owned: [] })).toMatchObject({ kind: "unchanged" })
    expect(group.who()).toEqual(["a", "a>b"])
    group.send("a", { memberEpoch: 2 })
    expect(group.who()).toEqual(["a", "b"])
  })

  it("is fenced where it says that it reads what is another's", () => {
    const group = new Group(topic("orders", 2))
    group.join("a")
    group.join("b")
    group.send("a", { memberEpoch: 2, owned: [] })
    group.topics = [topic("orders", 4)]
    group.send("b", { memberEpoch: 3 })
    const owned = [{ topic: "orders", partitions: [1] }]
    expect(group.send("a", { memberEpoch: 2, owned })).toEqual({ kind: "fenced", memberEpoch: 4 })
    expect(group.send("a", { memberEpoch: 2, owned: [] })).toMatchObject({ kind: "unchanged" })
  })

  it("is fenced where its member joined anew since: others may have had, and moved on, what it reads", () => {
    const group = new Group(topic("orders", 1))
    group.join("a", { number: 1 })
    group.now += 45_001
    group.join("b")
    group.now += 45_001
    // Its first request once more, late, when the group had forgotten it.
    expect(group.join("a", { number: 1 })).toMatchObject({ change: { gone: ["b"] }, member: { memberEpoch: 3 } })
    const owned = [{ topic: "orders", partitions: [0] }]
    expect(group.send("a", { memberEpoch: 1, owned })).toEqual({ kind: "fenced", memberEpoch: 3 })
  })

  it("of no epoch at all gives up with its next request", () => {
    const group = new Group(topic("orders", 2))
    group.send("a", { topics: ["orders"] })
    group.send("b", { topics: ["orders"] })
    group.send("a")
    expect(group.who()).toEqual(["a", "b"])
  })
})

describe("silence", () => {
  it("expels after the session, never who asks", () => {
    const group = new Group(topic("orders", 2))
    group.join("a", { sessionTimeout: 1_000 })
    group.now += 60_000
    expect(group.send("a", { memberEpoch: 1 })).toMatchObject({ kind: "unchanged" })
    group.now += 1_000
    group.join("b")
    expect(group.who()).toEqual(["a", "a>b"])
    group.now += 1
    expect(group.send("b", { memberEpoch: 2 })).toMatchObject({ change: { gone: ["a"] } })
    expect(group.who()).toEqual(["b", "b"])
  })

  it("counts from joining for whom no request is known, and never by a clock that went back", () => {
    const group = new Group(topic("orders", 1))
    group.join("a", { sessionTimeout: 1_000 })
    group.seen.clear()
    group.now -= 3_600_000
    group.join("b")
    group.now += 3_600_000 + 1_000
    expect(group.send("b", { memberEpoch: 2 })).toMatchObject({ kind: "unchanged" })
    group.now += 1
    expect(group.send("b", { memberEpoch: 2 })).toMatchObject({ change: { gone: ["a"] } })
  })

  it("about what was to be given up expels after the rebalance timeout, not who is getting on with it", () => {
    const group = new Group(topic("orders", 4))
    group.join("a", { rebalanceTimeout: 10_000 })
    group.join("b", { sessionTimeout: 60_000 })
    expect(group.who()).toEqual(["a", "a", "a>b", "a>b"])
    group.now += 9_000
    group.send("a", { memberEpoch: 2, owned: [{ topic: "orders", partitions: [0, 1, 2] }] })
    group.now += 9_000
    group.send("a", { memberEpoch: 2, owned: [{ topic: "orders", partitions: [0, 1, 2] }] })
    expect(group.send("b", { memberEpoch: 3 })).toMatchObject({ kind: "unchanged" })
    group.now += 1_001
    expect(group.send("b", { memberEpoch: 3 })).toMatchObject({ change: { gone: ["a"] } })
    expect(group.who()).toEqual(["b", "b", "b", "b"])
  })
})

describe("a static member", () => {
  it("gets its predecessor's partitions at once, under a higher epoch", () => {
    const group = new Group(topic("orders", 2))
    group.join("a", { instanceId: "one" })
    group.join("b", { instanceId: "two" })
    group.send("a", { memberEpoch: 2 })
    const before = group.state
    expect(group.join("a2", { instanceId: "one" })).toMatchObject({ kind: "changed", change: { gone: ["a"] } })
    expect(group.who()).toEqual(["a2", "b"])
    expect(group.epochOf("a2")).toBe((before?.epoch ?? 0) + 1)
    expect(group.epochOf("b")).toBe(3)
    expect(group.send("a", { memberEpoch: 2 })).toEqual({ kind: "member_not_found" })
  })

  it("does not get what its predecessor was to give up", () => {
    const group = new Group(topic("orders", 2))
    group.join("a", { instanceId: "one" })
    group.join("b")
    expect(group.who()).toEqual(["a", "a>b"])
    group.join("a2", { instanceId: "one" })
    expect(group.who()).toEqual(["a2", "b"])
  })

  it("waits for what its predecessor waited for, and reads what that one subscribed to", () => {
    const group = new Group(topic("orders", 2))
    group.join("a")
    group.join("b", { instanceId: "two" })
    group.send("b2", { instanceId: "two" })
    expect(group.who()).toEqual(["a", "a>b2"])
    expect(group.member("b2").topics).toEqual(["orders"])
  })

  it("does not get its place back from its successor: its join may have come late", () => {
    const group = new Group(topic("orders", 2))
    group.join("a", { instanceId: "one", number: 1 })
    group.join("a2", { instanceId: "one", number: 1 })
    expect(group.join("a", { instanceId: "one", number: 1 })).toEqual({ kind: "fenced", memberEpoch: 2 })
    expect(group.who()).toEqual(["a2", "a2"])
    group.now += 45_001
    expect(group.join("a", { instanceId: "one", number: 2 })).toMatchObject({
      kind: "changed",
      change: { gone: ["a2"] },
    })
  })

  it("that joins again by the name of another takes its place", () => {
    const group = new Group(topic("orders", 2))
    group.join("a", { instanceId: "one" })
    group.join("b")
    group.send("a", { memberEpoch: 2 })
    expect(group.join("b", { instanceId: "one" })).toMatchObject({ change: { gone: ["a"] } })
    expect(group.who()).toEqual(["b", "b"])
    expect(group.member("b").instanceId).toBe("one")
  })
})

describe("topics", () => {
  it("come with their partitions, get more, and go", () => {
    const group = new Group()
    group.join("a")
    expect(group.state).toMatchObject({ epoch: 1, topics: [] })
    group.topics = [topic("orders", 1)]
    expect(group.send("a", { memberEpoch: 1 })).toMatchObject({ kind: "changed", topicsChanged: true })
    group.topics = [topic("orders", 3)]
    group.send("a", { memberEpoch: 2 })
    expect(group.who()).toEqual(["a", "a", "a"])
    group.topics = [topic("orders", 2)]
    expect(group.send("a", { memberEpoch: 3 })).toMatchObject({ kind: "unchanged" })
    group.topics = []
    group.send("a", { memberEpoch: 3 })
    expect(group.state?.topics).toEqual([])
    expect(group.epochOf("a")).toBe(4)
  })

  it("that are made again are others", () => {
    const group = new Group(topic("orders", 1, "first"))
    group.join("a")
    group.topics = [topic("orders", 1, "second")]
    expect(group.send("a", { memberEpoch: 1 })).toMatchObject({ kind: "changed", member: { memberEpoch: 2 } })
    expect(group.state?.topics).toMatchObject([{ topicId: "second", partitions: [{ holder: "a", target: "a" }] }])
  })

  it("that nobody subscribes to any more are still to be given up", () => {
    const group = new Group(topic("orders", 1), topic("other", 1))
    group.join("a", { topics: ["orders"] })
    group.send("a", { memberEpoch: 1, topics: ["other"], owned: [{ topic: "orders", partitions: [0] }] })
    expect(group.who()).toEqual(["a>-"])
    expect(group.who("other")).toEqual(["a"])
    group.send("a", { memberEpoch: 2, owned: [] })
    expect(group.state?.topics.map((each) => each.topic)).toEqual(["other"])
  })

  it("that a pattern matches come and go with it", () => {
    const group = new Group(topic("orders-eu", 1), topic("orders-us", 1), topic("other", 1))
    group.join("a", { topics: ["^orders-.*"] })
    expect(group.state?.topics.map((each) => each.topic)).toEqual(["orders-eu", "orders-us"])
    group.topics.push(topic("orders-asia", 1))
    group.send("a", { memberEpoch: 1 })
    expect(group.who("orders-asia")).toEqual(["a"])
    group.send("a", { memberEpoch: 2, topics: ["^other"] })
    group.send("a", { memberEpoch: 3 })
    expect(group.state?.topics.map((each) => each.topic)).toEqual(["other"])
  })

  it("that would make the state too large are refused to who asks for them, and left out for the others", () => {
    const group = new Group(topic("orders", 1))
    group.join("a", { topics: ["orders", "^huge-.*"] })
    for (let index = 0; index < 20; index++) group.topics.push(topic(`huge-${index}`, 10_000))
    expect(group.send("a", { memberEpoch: 1 })).toMatchObject({ kind: "unchanged" })
    expect(group.join("b", { topics: ["^huge-.*"] })).toEqual({ kind: "group_full" })
    expect(group.send("a", { memberEpoch: 1, topics: ["^huge-.*"] })).toEqual({ kind: "group_full" })
    expect(group.join("a", { topics: undefined })).toMatchObject({ kind: "changed", member: { memberEpoch: 2 } })
    expect(group.who()).toEqual(["a"])
  })
})

describe("a change of the subscription", () => {
  it("is one only if it says something else", () => {
    const group = new Group(topic("orders", 1), topic("other", 1))
    group.join("a", { topics: ["other", "orders"] })
    expect(group.send("a", { memberEpoch: 1, topics: ["orders", "other", "orders"] })).toMatchObject({
      kind: "unchanged",
    })
    expect(group.send("a", { memberEpoch: 1, assignor: "range" })).toMatchObject({
      kind: "changed",
      member: { memberEpoch: 1 },
    })
    expect(group.send("a", { memberEpoch: 1, sessionTimeout: 9_000, rebalanceTimeout: 8_000 })).toMatchObject({
      kind: "changed",
      member: { memberEpoch: 1, sessionTimeoutMs: 9_000, rebalanceTimeoutMs: 8_000 },
    })
  })
})
