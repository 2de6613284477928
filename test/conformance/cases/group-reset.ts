import assert from "node:assert/strict"
import { conformanceCase } from "../case.ts"
import type { CaseContext } from "../context.ts"
import { at, heartbeat, poll, until } from "../members.ts"
import { append } from "../records.ts"

const T0 = 1_763_600_000_000

/** Two partitions of ten records, a second apart, and a group that committed 4 of the first. */
async function stage(context: CaseContext) {
  const topic = await context.newTopic(2)
  const records = Array.from({ length: 10 }, (_, value) => ({ value, timestamp: T0 + value * 1_000 }))
  for (const partition of [0, 1]) await append(context, topic, records, {}, partition)
  const group = context.groupName()
  await context.call("commitOffsets", 200, {
    params: { group },
    body: { offsets: [{ topic, partition: 0, offset: 4, metadata: "before" }] },
  })
  const reset = (body: object) => context.call("resetOffsets", 200, { params: { group }, body })
  const committed = async () => {
    const { offsets } = await context.call("committedOffsets", 200, { params: { group } })
    return offsets.map(({ partition, offset }) => [partition, offset])
  }
  return { topic, group, reset, committed }
}

export const groupResetCases = [
  conformanceCase(
    "a reset shows what it would do, and does it when told to",
    ["resetOffsets", "committedOffsets"],
    [],
    async (context) => {
      const { topic, reset, committed } = await stage(context)
      const planned = [{ topic, partition: 0, committedOffset: 4, newOffset: 0 }]
      assert.deepEqual(await reset({ to: "earliest" }), { executed: false, offsets: planned })
      assert.deepEqual(await reset({ to: "earliest", execute: false }), { executed: false, offsets: planned })
      assert.deepEqual(await committed(), [[0, 4]])
      assert.deepEqual(await reset({ to: "earliest", execute: true }), { executed: true, offsets: planned })
      assert.deepEqual(await committed(), [[0, 0]])
    },
  ),

  conformanceCase("a reset goes to every kind of place", ["resetOffsets", "deleteRecords"], [], async (context) => {
    const { topic, reset, committed } = await stage(context)
    const goes = async (body: object, to: number) => {
      const { offsets } = await reset(body)
      assert.deepEqual(
        offsets.map(({ partition, newOffset }) => [partition, newOffset]),
        [[0, to]],
        JSON.stringify(body),
      )
    }
    await goes({ to: "earliest" }, 0)
    await goes({ to: "latest" }, 10)
    await goes({ offset: 7 }, 7)
    await goes({ offset: 99 }, 10)
    await goes({ timestamp: T0 + 2_500 }, 3)
    await goes({ timestamp: T0 + 99_000 }, 10)
    await goes({ timestamp: 0 }, 0)
    await goes({ by: "0s" }, 10)
    await goes({ by: Date.now() - T0 + 3_600_000 }, 0)
    await goes({ shift: -3 }, 1)
    await goes({ shift: -30 }, 0)
    await goes({ shift: 3 }, 7)
    await goes({ shift: 30 }, 10)
    await context.call("deleteRecords", 200, { params: { topic, partition: 0 }, query: { before: 6 } })
    await goes({ to: "earliest" }, 6)
    await goes({ offset: 2 }, 6)
    await goes({ shift: -2 }, 6)
    assert.deepEqual(await committed(), [[0, 4]])
  }),

  conformanceCase("a reset takes the topics and partitions that it is told", ["resetOffsets"], [], async (context) => {
    const { topic, group, reset, committed } = await stage(context)
    const whole = { to: "latest", topics: [{ topic }] }
    assert.deepEqual((await reset(whole)).offsets, [
      { topic, partition: 0, committedOffset: 4, newOffset: 10 },
      { topic, partition: 1, committedOffset: null, newOffset: 10 },
    ])
    await reset({ offset: 2, topics: [{ topic, partitions: [1] }], execute: true })
    assert.deepEqual(await committed(), [
      [0, 4],
      [1, 2],
    ])
    await reset({ to: "earliest", execute: true })
    assert.deepEqual(await committed(), [
      [0, 0],
      [1, 0],
    ])
    // A group that is not there yet begins where it is told.
    const other = context.groupName()
    await context.call("resetOffsets", 200, { params: { group: other }, body: { ...whole, execute: true } })
    const { offsets } = await context.call("committedOffsets", 200, { params: { group: other } })
    assert.deepEqual(
      offsets.map(({ partition, offset, metadata }) => [partition, offset, metadata]),
      [
        [0, 10, ""],
        [1, 10, ""],
      ],
    )
    assert.notEqual(other, group)
  }),

  conformanceCase(
    "a reset refuses what it cannot do",
    ["resetOffsets"],
    ["invalid_request", "group_not_found", "topic_not_found", "partition_not_found", "no_committed_offset"],
    async (context) => {
      const { topic, group, committed } = await stage(context)
      const body = (more: object) => ({ params: { group }, body: { execute: true, ...more } })
      await context.refused("resetOffsets", "invalid_request", body({}))
      await context.refused("resetOffsets", "invalid_request", body({ to: "latest", shift: 1 }))
      await context.refused("resetOffsets", "invalid_request", body({ to: "somewhere" }))
      await context.refused("resetOffsets", "invalid_request", body({ offset: -1 }))
      await context.refused("resetOffsets", "invalid_request", body({ to: "latest", topics: [] }))
      await context.refused("resetOffsets", "group_not_found", {
        params: { group: context.newName() },
        body: { to: "latest" },
      })
      const elsewhere = { to: "latest", topics: [{ topic: context.newName() }] }
      await context.refused("resetOffsets", "topic_not_found", body(elsewhere))
      const beyond = { to: "latest", topics: [{ topic, partitions: [0, 2] }] }
      await context.refused("resetOffsets", "partition_not_found", body(beyond))
      await context.refused("resetOffsets", "no_committed_offset", body({ shift: 1, topics: [{ topic }] }))
      assert.deepEqual(await committed(), [[0, 4]])
    },
  ),

  conformanceCase(
    "only a group that nobody is in is reset, deleted and committed to from outside",
    ["resetOffsets", "deleteGroup", "commitOffsets", "leaveGroup", "heartbeat"],
    ["group_not_empty"],
    async (context) => {
      const { topic, group, reset, committed } = await stage(context)
      await heartbeat(context, group, "m1", { topics: [topic] })
      const body = { to: "earliest", execute: true }
      await context.refused("resetOffsets", "group_not_empty", { params: { group }, body })
      assert.equal((await reset({ to: "earliest" })).executed, false)
      await context.refused("deleteGroup", "group_not_empty", { params: { group } })
      const commit = { params: { group }, body: { offsets: [{ topic, partition: 0, offset: 5 }] } }
      await context.refused("commitOffsets", "group_not_empty", commit)
      assert.deepEqual(await committed(), [[0, 4]])
      await context.call("leaveGroup", 204, { params: { group, member: "m1" } })
      await context.call("commitOffsets", 200, commit)
      await reset(body)
      assert.deepEqual(await committed(), [[0, 0]])
      await context.call("deleteGroup", 204, { params: { group } })
      await context.refused("describeGroup", "group_not_found", { params: { group } })
    },
  ),

  conformanceCase(
    "who fell silent does not keep a group from being reset, and cannot commit afterwards",
    ["resetOffsets", "poll", "commitOffsets"],
    ["member_not_found"],
    async (context) => {
      const { topic, group, committed } = await stage(context)
      const { memberEpoch, batches } = await poll(context, group, "m1", { topics: [topic], sessionTimeout: 1_000 })
      assert.ok(batches.length > 0)
      const request = { params: { group }, body: { to: "earliest", execute: true } }
      const outcome = await until(
        "the reset",
        () => context.send("resetOffsets", request),
        ({ status, text }) => {
          if (status !== 200) assert.match(text, /group_not_empty/)
          return status === 200
        },
      )
      assert.equal(outcome.status, 200)
      const offsets = [{ topic, partition: 0, offset: 9 }]
      const zombie = { params: { group }, body: { offsets, memberId: "m1", memberEpoch } }
      await context.refused("commitOffsets", "member_not_found", zombie)
      await context.refused("poll", "member_not_found", at(group, "m1", { memberEpoch, commit: offsets }))
      assert.deepEqual(await committed(), [[0, 0]])
      const again = await poll(context, group, "m2", { topics: [topic] })
      assert.ok(again.memberEpoch > memberEpoch)
      const first = again.batches.find((each) => each.partition === 0)
      assert.equal(first?.records[0]?.offset, 0)
    },
  ),
]
