import assert from "node:assert/strict"
import type { TopicPartitions } from "stratalog/protocol"
import { conformanceCase, type Deployment, only } from "../case.ts"
import type { CaseContext } from "../context.ts"
import { at, count, describe, heartbeat, isShared, named, poll, settle, until } from "../members.ts"

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
      assignment: joined.assignment.map(({ topic, partitions }) => ({ topic, partitions })),
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

  conformanceCase(
    "a partition moves only once its member gave it up",
    ["heartbeat", "describeGroup"],
    [],
    async (context) => {
      const topic = await context.newTopic(2)
      const group = context.groupName()
      const first = await heartbeat(context, group, "m1", { topics: [topic] })
      assert.equal(count(first.assignment), 2)
      const second = await heartbeat(context, group, "m2", { topics: [topic] })
      assert.deepEqual(second.assignment, [])
      const told = await heartbeat(context, group, "m1", { memberEpoch: first.memberEpoch, owned: first.assignment })
      assert.equal(count(told.assignment), 1)
      assert.ok(told.memberEpoch > first.memberEpoch)
      const still = { memberEpoch: told.memberEpoch, owned: first.assignment }
      assert.deepEqual((await heartbeat(context, group, "m1", still)).assignment, told.assignment)
      assert.deepEqual((await heartbeat(context, group, "m2", {})).assignment, [])
      const reconciling = await describe(context, group)
      assert.equal(reconciling.state, "Reconciling")
      assert.equal(count(reconciling.members.find(({ memberId }) => memberId === "m1")?.revoking ?? []), 1)
      await heartbeat(context, group, "m1", { memberEpoch: told.memberEpoch, owned: told.assignment })
      const got = await heartbeat(context, group, "m2", {})
      assert.equal(count(got.assignment), 1)
      assert.ok(got.memberEpoch > told.memberEpoch, "who gets a partition has a higher epoch than who had it")
      assert.equal((await describe(context, group)).state, "Stable")
    },
  ),

  conformanceCase("who falls silent loses its place", ["heartbeat"], ["member_not_found"], async (context) => {
    const topic = await context.newTopic(2)
    const group = context.groupName()
    const lost = await heartbeat(context, group, "lost", { topics: [topic], sessionTimeout: "1s" })
    await heartbeat(context, group, "there", { topics: [topic] })
    await settle(context, group, ["there"], isShared(2))
    const { memberEpoch } = lost
    await context.refused("heartbeat", "member_not_found", at(group, "lost", { memberEpoch }))
    await context.refused("heartbeat", "member_not_found", at(group, "lost", { memberEpoch, topics: [topic] }))
    const back = await heartbeat(context, group, "lost", { memberEpoch: 0, topics: [topic] })
    assert.ok(back.memberEpoch > memberEpoch)
    await settle(context, group, ["lost", "there"], isShared(2))
  }),

  conformanceCase("who does not give up in time is expelled", ["heartbeat"], ["member_not_found"], async (context) => {
    const topic = await context.newTopic(2)
    const group = context.groupName()
    const stuck = { topics: [topic], rebalanceTimeout: 500 }
    const { assignment } = await heartbeat(context, group, "stuck", stuck)
    await heartbeat(context, group, "waits", { topics: [topic] })
    await until(
      "the place of who is stuck",
      async () => {
        // It says all the time that it still reads everything.
        await context.send("heartbeat", at(group, "stuck", { owned: assignment, memberEpoch: 1 }))
        return heartbeat(context, group, "waits", {})
      },
      (answer) => count(answer.assignment) === 2,
    )
    await context.refused("heartbeat", "member_not_found", at(group, "stuck", { memberEpoch: 1 }))
  }),

  conformanceCase(
    "a static member takes the place of its former self",
    ["heartbeat"],
    ["member_not_found"],
    async (context) => {
      const topic = await context.newTopic(4)
      const group = context.groupName()
      const body = (instanceId: string) => ({ topics: [topic], instanceId })
      await heartbeat(context, group, "a-1", body("a"))
      await heartbeat(context, group, "b-1", body("b"))
      const before = await settle(context, group, ["a-1", "b-1"], isShared(4))
      const heir = await heartbeat(context, group, "a-2", { memberEpoch: 0, ...body("a") })
      assert.deepEqual(heir.assignment, before.get("a-1")?.assignment)
      assert.deepEqual((await heartbeat(context, group, "b-1")).assignment, before.get("b-1")?.assignment)
      assert.ok(heir.memberEpoch > (before.get("a-1")?.memberEpoch ?? 0))
      const memberEpoch = before.get("a-1")?.memberEpoch
      await context.refused("heartbeat", "member_not_found", at(group, "a-1", { memberEpoch }))
      const { members } = await describe(context, group)
      assert.deepEqual(members.map(({ memberId, instanceId }) => [memberId, instanceId]).sort(), [
        ["a-2", "a"],
        ["b-1", "b"],
      ])
    },
  ),

  conformanceCase(
    "epochs fence who is not up to date",
    ["heartbeat"],
    ["member_fenced", "invalid_request"],
    async (context) => {
      const topic = await context.newTopic(2)
      const group = context.groupName()
      const joined = await heartbeat(context, group, "m1", { topics: [topic] })
      const later = { memberEpoch: joined.memberEpoch + 1_000 }
      await context.refused("heartbeat", "member_fenced", at(group, "m1", later))
      await context.refused("poll", "member_fenced", at(group, "m1", later))
      await heartbeat(context, group, "m2", { topics: [topic] })
      const settled = await settle(context, group, ["m1", "m2"], isShared(2))
      // An answer that was lost: the epoch before, and nothing that is another's.
      const stale = { memberEpoch: joined.memberEpoch }
      const again = await heartbeat(context, group, "m1", { ...stale, owned: settled.get("m1")?.assignment })
      assert.deepEqual(again.assignment, settled.get("m1")?.assignment)
      await context.refused("heartbeat", "member_fenced", at(group, "m1", { ...stale, owned: joined.assignment }))
      await context.refused("heartbeat", "invalid_request", at(group, "m1", { memberEpoch: -2 }))
      await context.refused("poll", "invalid_request", at(group, "m1", { memberEpoch: -1 }))
    },
  ),

  conformanceCase("a request that was overtaken changes nothing", ["heartbeat", "poll"], [], async (context) => {
    const topic = await context.newTopic(2)
    const group = context.groupName()
    const first = await heartbeat(context, group, "m1", { topics: [topic], number: 10 })
    await heartbeat(context, group, "m2", { topics: [topic] })
    const { memberEpoch } = await heartbeat(context, group, "m1", { number: 11, owned: first.assignment })
    for (const number of [1, 10]) {
      const late = await heartbeat(context, group, "m1", { memberEpoch, number, owned: [] })
      assert.equal(count(late.assignment), 1, "it is told where it stands")
    }
    assert.deepEqual(
      (await heartbeat(context, group, "m2")).assignment,
      [],
      "and what it said of then is not taken for now",
    )
    const left = await heartbeat(context, group, "m1", { memberEpoch: -1, number: 3 })
    assert.equal(count(left.assignment), 1)
    const polled = await poll(context, group, "m1", { memberEpoch, number: 4, wait: "60s" })
    assert.deepEqual([count(polled.assignment), polled.batches], [1, []])
    await heartbeat(context, group, "m1", { memberEpoch, number: 12, owned: left.assignment })
    assert.equal(count((await heartbeat(context, group, "m2")).assignment), 1)
  }),

  conformanceCase("the highest number spoils no group", ["heartbeat"], [], async (context) => {
    const topic = await context.newTopic(1)
    const group = context.groupName()
    const number = 2 ** 52
    await heartbeat(context, group, "m1", { topics: [topic], number })
    for (const memberEpoch of [0, 0]) await heartbeat(context, group, "m1", { topics: [topic], memberEpoch })
    await context.refused("heartbeat", "invalid_request", at(group, "m1", { number: number + 1 }))
    const left = await heartbeat(context, group, "m1", { memberEpoch: -1 })
    assert.deepEqual(left.assignment, [])
  }),

  conformanceCase("a request that is sent again does the same", ["heartbeat"], [], async (context) => {
    const topic = await context.newTopic(2)
    const group = context.groupName()
    const body = { memberEpoch: 0, topics: [topic], number: 1 }
    const answers = [await heartbeat(context, group, "m1", body), await heartbeat(context, group, "m1", body)]
    assert.deepEqual(answers[1], answers[0])
    const anew = await heartbeat(context, group, "m1", { ...body, number: 2 })
    assert.ok(anew.memberEpoch > (answers[0]?.memberEpoch ?? 0), "who starts anew has a new epoch")
    assert.equal(count(anew.assignment), 2)
    const left = await heartbeat(context, group, "m1", { memberEpoch: -1 })
    assert.deepEqual([left.memberEpoch, left.assignment], [0, []])
    await context.refused("heartbeat", "member_not_found", at(group, "m1", { memberEpoch: -1 }))
  }),

  conformanceCase("many that come at the same moment all get in", ["heartbeat"], [], async (context) => {
    const topic = await context.newTopic(8)
    const group = context.groupName()
    const members = Array.from({ length: 8 }, (_, index) => `m${index}`)
    await Promise.all(members.map((member) => heartbeat(context, group, member, { topics: [topic] })))
    const settled = await settle(context, group, members, isShared(8))
    for (const { assignment } of settled.values()) assert.equal(count(assignment), 1)
  }),

  conformanceCase(
    "patterns subscribe to what matches them whole",
    ["heartbeat"],
    ["invalid_request"],
    async (context) => {
      const prefix = context.newName("p")
      const names = [`${prefix}.a`, `${prefix}.b`, `${prefix}x`]
      for (const topic of names) await create(context, topic)
      const group = context.groupName()
      const joined = await heartbeat(context, group, "m1", { topics: [`^${prefix}\\..*`] })
      assert.deepEqual(named(joined.assignment), [`${prefix}.a/0`, `${prefix}.b/0`])
      const both = await heartbeat(context, group, "m1", { topics: [`^${prefix}[.]a`, `${prefix}x`] })
      assert.deepEqual(named(both.assignment), [`${prefix}.a/0`, `${prefix}x/0`])
      for (const topics of [["^("], ["^(?=a)"], ["not a name"], [""], []]) {
        await context.refused("heartbeat", "invalid_request", at(group, "m1", { topics }))
      }
      for (const topic of names) await context.call("deleteTopic", 204, { params: { topic } })
    },
  ),

  only(
    otherProcesses,
    conformanceCase(
      "topics and partitions that come and go are noticed",
      ["heartbeat", "alterTopic"],
      [],
      async (context) => {
        const [later, prefix] = [context.topicName(), context.newName("p")]
        const group = context.groupName()
        const none = await heartbeat(context, group, "m1", { topics: [later, `^${prefix}.*`] })
        assert.deepEqual(none.assignment, [])
        await create(context, later)
        assert.deepEqual(named((await heartbeat(context, group, "m1")).assignment), [`${later}/0`])
        await context.call("alterTopic", 200, { params: { topic: later }, body: { partitions: 2 } })
        assert.equal(count((await heartbeat(context, group, "m1")).assignment), 2)
        await create(context, `${prefix}-1`)
        assert.equal(count((await heartbeat(context, group, "m1")).assignment), 3)
        await context.call("deleteTopic", 204, { params: { topic: `${prefix}-1` } })
        assert.equal(count((await heartbeat(context, group, "m1")).assignment), 2)
      },
    ),
  ),

  conformanceCase(
    "members choose how partitions are shared out",
    ["heartbeat", "describeGroup"],
    [],
    async (context) => {
      const topics = [await context.newTopic(3), await context.newTopic(3)]
      const group = context.groupName()
      for (const member of ["m1", "m2"]) await heartbeat(context, group, member, { topics, assignor: "range" })
      const ranges = await settle(context, group, ["m1", "m2"], (answers) => total(answers) === 6)
      assert.equal((await describe(context, group)).assignor, "range")
      assert.deepEqual([...ranges.values()].map(({ assignment }) => count(assignment)).sort(), [2, 4])
      for (const member of ["m1", "m2"]) await heartbeat(context, group, member, { assignor: "roundrobin" })
      await settle(context, group, ["m1", "m2"], isShared(6))
      assert.equal((await describe(context, group)).assignor, "roundrobin")
    },
  ),

  conformanceCase("what a member says has its bounds", ["heartbeat", "poll"], ["invalid_request"], async (context) => {
    const topic = await context.newTopic(1)
    const group = context.groupName()
    const { limits } = context
    const wrong = [
      { sessionTimeout: limits.minSessionTimeoutMs - 1 },
      { sessionTimeout: limits.maxSessionTimeoutMs + 1 },
      { sessionTimeout: "soon" },
      { rebalanceTimeout: limits.maxRebalanceTimeoutMs + 1 },
      { assignor: "fair" },
      { number: 0 },
      { number: 1.5 },
      { instanceId: "no name" },
      { owned: [{ topic }] },
      { topics: Array.from({ length: limits.maxSubscriptions + 1 }, (_, index) => `t${index}`) },
      { memberEpoch: "0" },
      { unknown: true },
    ]
    for (const body of wrong) {
      for (const route of ["heartbeat", "poll"] as const) {
        await context.refused(route, "invalid_request", at(group, "m1", { topics: [topic], ...body }))
      }
    }
    await context.refused("heartbeat", "invalid_request", at(group, "no name", { topics: [topic] }))
    const owned = [{ topic: context.newName(), partitions: [7] }]
    const joined = await heartbeat(context, group, "m1", { topics: [topic], owned, sessionTimeout: "500ms" })
    assert.equal(count(joined.assignment), 1, "what it says of partitions that nobody knows does not matter")
  }),

  conformanceCase("a group takes so many members", ["heartbeat"], ["group_full"], async (context) => {
    const topic = await context.newTopic(1)
    const group = context.groupName()
    const body = { topics: [topic], sessionTimeout: context.limits.maxSessionTimeoutMs }
    for (let index = 0; index < context.limits.maxMembers; index++) await heartbeat(context, group, `m${index}`, body)
    await context.refused("heartbeat", "group_full", at(group, "one-more", body))
    await context.call("leaveGroup", 204, { params: { group, member: "m7" } })
    await heartbeat(context, group, "one-more", body)
  }),
]

async function create(context: CaseContext, topic: string): Promise<void> {
  await context.call("createTopic", 201, { params: { topic }, body: { partitions: 1 } })
}

function total(answers: ReadonlyMap<string, { readonly assignment: readonly TopicPartitions[] }>): number {
  return [...answers.values()].reduce((sum, { assignment }) => sum + count(assignment), 0)
}

/** Where several processes serve a group, each remembers topics for half a minute. */
function otherProcesses({ limits }: Deployment): string | undefined {
  return limits.configDelayMs === 0 ? undefined : "topics are remembered for longer than a case can wait"
}
