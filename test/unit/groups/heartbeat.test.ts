import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { describeGroup } from "../../../functions/groups/describe/describe-group.ts"
import { heartbeat } from "../../../functions/groups/heartbeat/heartbeat.ts"
import { leaveGroup } from "../../../functions/groups/leave/leave-group.ts"
import type { Fault } from "../../fakes/faults.ts"
import { assigned, type GroupsUnderTest, openGroups } from "../../fakes/groups-under-test.ts"

const FAULTS: readonly Fault[] = [{ kind: "lose_answer" }, { kind: "lose_request" }, { kind: "throttle" }]

describe("a heartbeat", () => {
  let service: GroupsUnderTest
  beforeEach(async () => {
    service = openGroups()
    await service.createTopic("orders", 4)
  })
  afterEach(() => service.storage.dispose())

  const beat = (member: string, body: object = {}) => heartbeat(service, "g", member, body)
  const join = (member: string) => beat(member, { topics: ["orders"] })
  const epoch = async () => {
    const group = await describeGroup(service, "g")
    return group.kind === "group" ? group.epoch : 0
  }

  it("asks its store twice where nothing changes", async () => {
    await join("m1")
    const before = service.groups.requests.total()
    await beat("m1")
    // `members` counts as two in the fake: the state, and who was seen.
    expect(service.groups.requests.total() - before).toBeLessThanOrEqual(3)
    expect(service.groups.requests.count("replaceMembers")).toBe(1)
  })

  it("joins once, whatever becomes of one of its requests, also where it is sent again", async () => {
    for (const fault of FAULTS) {
      for (let hit = 0; hit < 8; hit++) {
        const group = `${fault.kind}-${hit}`
        let asked = 0
        service.groups.requests.interceptor = () => (asked++ === hit ? fault : undefined)
        const body = { memberEpoch: 0, topics: ["orders"], number: 1 }
        const first = await heartbeat(service, group, "m1", body)
        service.groups.requests.interceptor = undefined
        if (first.kind !== "member") expect(first).toMatchObject({ kind: "unavailable" })
        const again = await heartbeat(service, group, "m1", body)
        expect(assigned(again)).toHaveLength(4)
        if (first.kind === "member") expect(again).toEqual(first)
      }
    }
  })

  it("says that its outcome is unknown where it never learns whether the group changed", async () => {
    service.groups.requests.interceptor = ({ name }) =>
      name === "replaceMembers" ? { kind: "lose_request" } : undefined
    expect(await join("m1")).toMatchObject({ kind: "unavailable", sideEffects: "unknown" })
    service.groups.requests.interceptor = ({ name }) => (name === "replaceMembers" ? { kind: "throttle" } : undefined)
    expect(await join("m1")).toMatchObject({ kind: "unavailable", sideEffects: "none" })
    service.groups.requests.interceptor = ({ name }) => (name === "members" ? { kind: "lose_request" } : undefined)
    expect(await join("m1")).toMatchObject({ kind: "unavailable", sideEffects: "none" })
  })

  it("gets in among many that come at the same moment", async () => {
    const members = Array.from({ length: 20 }, (_, index) => `m${index}`)
    const results = await Promise.all(members.map(join))
    expect(results.map(({ kind }) => kind)).toEqual(members.map(() => "member"))
    expect(await describeGroup(service, "g")).toMatchObject({ members: { length: 20 } })
  })

  it("that is overtaken while it is decided on changes nothing", async () => {
    await join("m1")
    await beat("m1", { number: 10 })
    const late = heartbeat(
      {
        ...service,
        groups: {
          ...service.groups,
          members: async (group) => {
            await service.groups.touch(group, "m1", { at: service.clock.now(), number: 12 })
            return service.groups.members(group)
          },
        },
      },
      "g",
      "m1",
      { number: 11, topics: ["other"] },
    )
    expect(assigned(await late)).toHaveLength(4)
    expect(await epoch()).toBe(1)
  })

  it("expels who was silent for longer than its session, and nobody else", async () => {
    await beat("short", { topics: ["orders"], sessionTimeout: 1_000 })
    await join("long")
    service.storage.clock.time += 1_000
    expect(assigned(await beat("long"))).toEqual([])
    service.storage.clock.time += 1
    expect(assigned(await beat("long"))).toHaveLength(4)
    expect(await beat("short", { memberEpoch: 1 })).toEqual({ kind: "member_not_found" })
  })

  it("leaves, at once for the others", async () => {
    await join("m1")
    await join("m2")
    await beat("m1")
    expect(await beat("m1", { memberEpoch: -1 })).toMatchObject({ answer: { memberEpoch: 0, assignment: [] } })
    expect(assigned(await beat("m2"))).toHaveLength(4)
    expect(await leaveGroup(service, "g", "m2")).toEqual({ kind: "left" })
    expect(await leaveGroup(service, "g", "m2")).toEqual({ kind: "member_not_found" })
  })
})

describe("topics that members subscribe to", () => {
  it("are remembered for a while, and looked up anew before anything is changed by what is remembered", async () => {
    const service = openGroups({ maxAgeMs: 30_000 })
    await service.createTopic("orders", 2)
    const beat = (member: string, body: object = {}) => heartbeat(service, "g", member, body)
    await beat("m1", { topics: ["orders"] })
    const before = service.looks()
    for (let round = 0; round < 5; round++) await beat("m1")
    expect(service.looks()).toBe(before)
    service.storage.clock.time += 30_000
    await beat("m1")
    expect(service.looks()).toBe(before + 1)
    await beat("m2", { topics: ["^ord.*"] })
    await service.createTopic("ordinary", 1)
    const group = await describeGroup(service, "g")
    expect(group).toMatchObject({ topics: ["orders"] })
    service.storage.clock.time += 30_000
    await beat("m2")
    expect(await describeGroup(service, "g")).toMatchObject({ topics: ["orders", "ordinary"] })
    service.storage.dispose()
  })
})
