import assert from "node:assert/strict"
import { conformanceCase } from "../case.ts"
import type { CaseContext } from "../context.ts"
import { append } from "../records.ts"

async function topicOf(context: CaseContext, records: number): Promise<string> {
  const topic = await context.newTopic(2)
  for (const partition of [0, 1]) {
    await append(
      context,
      topic,
      Array.from({ length: records }, (_, value) => ({ value })),
      {},
      partition,
    )
  }
  return topic
}

async function committed(context: CaseContext, group: string, query: Record<string, string> = {}) {
  const { offsets } = await context.call("committedOffsets", 200, { params: { group }, query })
  return offsets.map(({ topic, partition, offset, metadata }) => ({ topic, partition, offset, metadata }))
}

export const commitCases = [
  conformanceCase(
    "commits the next offsets to read, with metadata",
    ["commitOffsets", "committedOffsets"],
    [],
    async (context) => {
      const topic = await topicOf(context, 5)
      const group = context.groupName()
      const body = {
        offsets: [
          { topic, partition: 1, offset: 5, metadata: "host a, ünï" },
          { topic, partition: 0, offset: 0 },
        ],
      }
      const answer = await context.call("commitOffsets", 200, { params: { group }, body })
      assert.equal(answer.offsets.length, 2)
      for (const { committedAt } of answer.offsets) assert.ok(Math.abs(committedAt - Date.now()) < 24 * 3_600_000)
      assert.deepEqual(await committed(context, group), [
        { topic, partition: 0, offset: 0, metadata: "" },
        { topic, partition: 1, offset: 5, metadata: "host a, ünï" },
      ])
      await context.call("commitOffsets", 200, {
        params: { group },
        body: { offsets: [{ topic, partition: 0, offset: 3 }] },
      })
      await context.call("commitOffsets", 200, {
        params: { group },
        body: { offsets: [{ topic, partition: 0, offset: 3 }] },
      })
      assert.equal((await committed(context, group))[0]?.offset, 3)
    },
  ),

  conformanceCase(
    "a commit only moves forward, all or nothing",
    ["commitOffsets", "committedOffsets"],
    ["offset_regression"],
    async (context) => {
      const topic = await topicOf(context, 5)
      const group = context.groupName()
      const commit = (...offsets: number[]) => ({
        params: { group },
        body: { offsets: offsets.map((offset, partition) => ({ topic, partition, offset })) },
      })
      await context.call("commitOffsets", 200, commit(3, 1))
      const problem = await context.refused("commitOffsets", "offset_regression", commit(2, 4))
      assert.ok(JSON.stringify(problem["results"]).includes("3"), "the answer has the committed offset")
      assert.deepEqual(
        (await committed(context, group)).map((each) => each.offset),
        [3, 1],
      )
      await context.call("commitOffsets", 200, commit(4, 4))
      assert.deepEqual(
        (await committed(context, group)).map((each) => each.offset),
        [4, 4],
      )
    },
  ),

  conformanceCase(
    "refuses what cannot have been read",
    ["commitOffsets"],
    ["offset_beyond_end", "topic_not_found", "partition_not_found", "invalid_request"],
    async (context) => {
      const topic = await topicOf(context, 2)
      const group = context.groupName()
      const good = { topic, partition: 0, offset: 1 }
      const commit = (...offsets: unknown[]) => ({ params: { group }, body: { offsets } })
      await context.refused("commitOffsets", "offset_beyond_end", commit(good, { topic, partition: 1, offset: 3 }))
      const nobody = { topic: context.newName(), partition: 0, offset: 0 }
      await context.refused("commitOffsets", "topic_not_found", commit(good, nobody))
      await context.refused("commitOffsets", "partition_not_found", commit(good, { topic, partition: 2, offset: 0 }))
      await context.refused("commitOffsets", "invalid_request", commit())
      await context.refused("commitOffsets", "invalid_request", commit(good, { topic, partition: 0, offset: 2 }))
      await context.refused("commitOffsets", "invalid_request", commit({ ...good, offset: -1 }))
      await context.refused("commitOffsets", "invalid_request", commit({ ...good, offset: "1" }))
      await context.refused(
        "commitOffsets",
        "invalid_request",
        commit({ ...good, metadata: "x".repeat(context.limits.maxMetadataBytes + 1) }),
      )
      await context.refused(
        "commitOffsets",
        "invalid_request",
        commit({ ...good, metadata: "é".repeat(context.limits.maxMetadataBytes) }),
      )
      await context.refused("committedOffsets", "group_not_found", { params: { group } })
    },
  ),

  conformanceCase("metadata up to the limit", ["commitOffsets"], [], async (context) => {
    const topic = await topicOf(context, 1)
    const group = context.groupName()
    const metadata = "m".repeat(context.limits.maxMetadataBytes)
    await context.call("commitOffsets", 200, {
      params: { group },
      body: { offsets: [{ topic, partition: 0, offset: 1, metadata }] },
    })
    assert.equal((await committed(context, group))[0]?.metadata, metadata)
  }),

  conformanceCase("commits that race never go back", ["commitOffsets", "committedOffsets"], [], async (context) => {
    const topic = await topicOf(context, 20)
    const group = context.groupName()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        context.send("commitOffsets", {
          params: { group },
          body: { offsets: [{ topic, partition: 0, offset: ((index * 7) % 20) + 1 }] },
        }),
      ),
    )
    for (const answer of answers) if (answer.status !== 200) context.problem(answer, "offset_regression")
    assert.equal((await committed(context, group))[0]?.offset, 20)
  }),

  conformanceCase(
    "committed offsets of one topic",
    ["committedOffsets"],
    ["group_not_found", "invalid_request"],
    async (context) => {
      const [first, second] = [await topicOf(context, 1), await topicOf(context, 1)]
      const group = context.groupName()
      const offsets = [first, second].map((topic) => ({ topic, partition: 0, offset: 1 }))
      await context.call("commitOffsets", 200, { params: { group }, body: { offsets } })
      assert.deepEqual(
        (await committed(context, group)).map((each) => each.topic),
        [first, second].sort(),
      )
      assert.deepEqual(
        (await committed(context, group, { topic: second })).map((each) => each.topic),
        [second],
      )
      assert.deepEqual(await committed(context, group, { topic: context.newName() }), [])
      await context.refused("committedOffsets", "group_not_found", { params: { group: context.newName() } })
      await context.refused("committedOffsets", "invalid_request", { params: { group }, query: { topics: first } })
    },
  ),

  conformanceCase(
    "a topic made again starts without committed offsets",
    ["deleteTopic", "commitOffsets", "committedOffsets"],
    [],
    async (context) => {
      const [topic, kept] = [await topicOf(context, 4), await topicOf(context, 1)]
      const group = context.groupName()
      const offsets = [topic, kept].map((name) => ({ topic: name, partition: 0, offset: 1 }))
      await context.call("commitOffsets", 200, { params: { group }, body: { offsets } })
      await context.call("deleteTopic", 204, { params: { topic } })
      assert.deepEqual(
        (await committed(context, group)).map((each) => each.topic),
        [kept],
      )
      await context.call("createTopic", 201, { params: { topic }, body: { partitions: 2 } })
      assert.deepEqual(await committed(context, group, { topic }), [])
      await context.call("commitOffsets", 200, {
        params: { group },
        body: { offsets: [{ topic, partition: 0, offset: 0 }] },
      })
      assert.equal((await committed(context, group, { topic }))[0]?.offset, 0)
    },
  ),
]
