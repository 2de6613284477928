import assert from "node:assert/strict"
import { conformanceCase } from "../case.ts"
import { at, count, describe, heartbeat, isShared, named, settle } from "../members.ts"

export const groupMemberCases = [
  conformanceCase("a member joins and gets all partitions", ["heartbeat", "describeGroup"], [], async (context) => {
    const [first, second] = [await context.newTopic(2), await context.newTopic(1)]
    const group = context.groupName()
    const joined = await heartbeat(context, group, "m1", { memberEpoch: 0, topics: [second, first] })
    assert.equal(joined.memberId, "m1")
    assert.ok(joined.memberEpoch >= 1)
    assert.deepEqual(named(joined.assignment), [`${first}/0`, `${first}/1`, `${second}/0`].sort())
    const { members, ...described } = await describe(context, group)
    assert.deepEqual(described, {
      group,
      state: "Stable",
      epoch: joined.memberEpoch,
      assignor: "uniform",
      topics: [first, second].sort(),
    })
    assert.equal(members.length, 1)
    const [member] = members
    assert.ok(member !== undefined && Math.abs(member.lastSeen - Date.now()) < 24 * 3_600_000)
    assert.deepEqual(member, {
      memberId: "m1",
      memberEpoch: joined.memberEpoch,
      sessionTimeout: 45_000,
      lastSeen: member.lastSeen,
      topics: [first, second].sort(),
      assignment: joined.assignment,
      revoking: [],
    })
    await context.call("leaveGroup", 204, { params: { group, member: "m1" } })
  }),

  conformanceCase(
    "members share the partitions, each of which one has",
    ["heartbeat", "leaveGroup"],
    [],
    async (context) => {
      const topic = await context.newTopic(7)
      const group = context.groupName()
      const members = ["a", "b", "c"]
      for (const member of members) await heartbeat(context, group, member, { topics: [topic] })
      await settle(context, group, members, isShared(7))
      await context.call("leaveGroup", 204, { params: { group, member: "b" } })
      await settle(context, group, ["a", "c"], isShared(7))
    },
  ),

  conformanceCase(
    "who is no member is told so",
    ["heartbeat", "leaveGroup"],
    ["member_not_found", "invalid_request"],
    async (context) => {
      const topic = await context.newTopic(1)
      const group = context.groupName()
      await context.refused("heartbeat", "member_not_found", at(group, "m1", { memberEpoch: 3, topics: [topic] }))
      await context.refused("leaveGroup", "member_not_found", { params: { group, member: "m1" } })
      await context.refused("heartbeat", "invalid_request", at(group, "m1", {}))
      const joined = await heartbeat(context, group, "m1", { topics: [topic] })
      assert.equal(count(joined.assignment), 1)
      await context.call("leaveGroup", 204, { params: { group, member: "m1" } })
      await context.refused("leaveGroup", "member_not_found", { params: { group, member: "m1" } })
      const { memberEpoch } = joined
      await context.refused("heartbeat", "member_not_found", at(group, "m1", { memberEpoch }))
    },
  ),
]
