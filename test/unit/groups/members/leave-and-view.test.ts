import { describe, expect, it } from "vitest"
import { heartbeatIntervalOf, holderOf } from "../../../../functions/groups/members/assignment.ts"
import { decideEmpty } from "../../../../functions/groups/members/decide-empty.ts"
import { decideLeave } from "../../../../functions/groups/members/decide-leave.ts"
import { subscriptionsOf } from "../../../../functions/groups/members/subscriptions.ts"
import { viewGroup } from "../../../../functions/groups/members/view.ts"
import { Group, NOW, topic } from "./fixture.ts"

function leave(group: Group, memberId: string) {
  const decision = decideLeave(group.present, { memberId, number: 100 })
  if (decision.kind === "changed") group.write(decision.change.next, decision.change.gone)
  return decision
}

describe("leaving", () => {
  it("gives what one had to the others at once", () => {
    const group = new Group(topic("orders", 2))
    group.join("a")
    group.join("b")
    expect(leave(group, "a")).toMatchObject({
      change: { expected: 2, gone: ["a"], by: { memberId: "a", number: 100 } },
    })
    expect(group.who()).toEqual(["b", "b"])
    expect(group.epochOf("b")).toBe(3)
  })

  it("changes nothing when it is said again, or by who was none", () => {
    const group = new Group(topic("orders", 2))
    expect(leave(group, "a")).toEqual({ kind: "unchanged" })
    group.join("a")
    leave(group, "a")
    expect(leave(group, "a")).toEqual({ kind: "unchanged" })
    expect(group.state).toMatchObject({ epoch: 2, members: [], topics: [] })
  })
})

describe("emptying", () => {
  it("is refused while somebody is there", () => {
    const group = new Group(topic("orders", 1))
    group.join("a")
    group.now += 45_000
    expect(decideEmpty(group.present)).toEqual({ kind: "group_not_empty", members: ["a"] })
    group.now += 1
    expect(decideEmpty(group.present)).toEqual({
      kind: "empty",
      change: { expected: 1, next: { epoch: 2, members: [], topics: [] }, gone: ["a"] },
    })
  })

  it("takes a group that never had a member to its first epoch", () => {
    expect(decideEmpty(new Group().present)).toMatchObject({
      kind: "empty",
      change: { expected: 0, next: { epoch: 1 } },
    })
  })
})

describe("the view of a group", () => {
  it("of nobody is empty", () => {
    const empty = { state: "Empty", epoch: 0, assignor: null, topics: [], members: [], holders: new Map() }
    expect(viewGroup(new Group().present)).toEqual(empty)
  })

  it("tells what each has and has to give up, and when all is at rest", () => {
    const group = new Group(topic("orders", 2), topic("other", 1))
    group.join("a", { assignor: "range" })
    expect(viewGroup(group.present)).toMatchObject({ state: "Stable", assignor: "range", topics: ["orders"] })
    group.now += 10
    group.join("b", { assignor: "range" })
    const view = viewGroup(group.present)
    expect(view).toMatchObject({ state: "Reconciling", epoch: 2 })
    expect(view.members).toMatchObject([
      {
        memberId: "a",
        lastSeen: NOW,
        assignment: [{ topic: "orders", partitions: [0] }],
        revoking: [{ topic: "orders", partitions: [1] }],
      },
      { memberId: "b", lastSeen: NOW + 10, assignment: [], revoking: [] },
    ])
    expect(view.holders).toEqual(new Map([["id-of-orders", ["a", "a"]]]))
    group.send("a", { memberEpoch: 2 })
    expect(viewGroup(group.present)).toMatchObject({ state: "Stable" })
    expect(viewGroup(group.present).holders).toEqual(new Map([["id-of-orders", ["a", "b"]]]))
    expect(holderOf(group.state, "id-of-orders", 1)).toBe("b")
    expect(holderOf(group.state, "another-id", 1)).toBeUndefined()
  })

  it("leaves out who is silent, and what would go on from there is on its way", () => {
    const group = new Group(topic("orders", 2))
    group.join("a", { sessionTimeout: 1_000 })
    group.join("b")
    group.send("a", { memberEpoch: 2 })
    group.now += 1_001
    const view = viewGroup(group.present)
    expect(view).toMatchObject({ state: "Reconciling", epoch: 3, members: [{ memberId: "b" }] })
    expect(view.holders).toEqual(new Map([["id-of-orders", [undefined, "b"]]]))
    group.now += 45_000
    expect(viewGroup(group.present)).toMatchObject({ state: "Empty", assignor: null, topics: [], members: [] })
  })
})

describe("the next heartbeat", () => {
  it("is due soon while something moves, and thrice in a session at least", () => {
    const group = new Group(topic("orders", 2))
    group.join("a")
    const interval = (memberId: string) => group.state && heartbeatIntervalOf(group.state, group.member(memberId))
    expect(interval("a")).toBe(5_000)
    group.join("b", { sessionTimeout: 600 })
    expect([interval("a"), interval("b")]).toEqual([500, 200])
  })
})

describe("what has to be looked up", () => {
  it("is what members and who asks subscribe to, and what is still held", () => {
    const group = new Group(topic("orders", 1), topic("other", 1))
    group.join("a", { topics: ["orders", "^x.*"] })
    group.send("a", { memberEpoch: 1, topics: ["other", "^x.*"], owned: [{ topic: "orders", partitions: [0] }] })
    expect(subscriptionsOf(group.state, ["more", "^y"])).toEqual({
      names: ["more", "orders", "other"],
      patterns: ["^x.*", "^y"],
    })
    expect(subscriptionsOf(undefined)).toEqual({ names: [], patterns: [] })
  })
})
