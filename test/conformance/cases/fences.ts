import assert from "node:assert/strict"
import { conformanceCase } from "../case.ts"
import { append, readValues } from "../records.ts"

export const fenceCases = [
  conformanceCase("a fence is set on condition of the present one", ["setFence"], ["fence_failed"], async (context) => {
    const topic = await context.newTopic(2)
    const params = { topic, partition: 0 }
    assert.deepEqual(await context.call("setFence", 200, { params, body: { token: "a" } }), {
      partition: 0,
      fencingToken: "a",
    })
    for (const body of [
      { token: "b" },
      { token: "b", expected: null },
      { token: "b", expected: "c" },
      { token: null },
    ]) {
      const problem = await context.refused("setFence", "fence_failed", { params, body })
      assert.equal(problem["fencingToken"], "a", "the answer has the actual value")
    }
    await context.call("setFence", 200, { params, body: { token: "b", expected: "a" } })
    await context.call("setFence", 200, { params, body: { token: null, expected: "b" } })
    await context.call("setFence", 200, { params, body: { token: "c", expected: null } })
    const other = await context.call("setFence", 200, { params: { topic, partition: 1 }, body: { token: "a" } })
    assert.equal(other.partition, 1)
  }),

  conformanceCase(
    "an append that names a token needs it to be the partition's",
    ["setFence", "produceToPartition"],
    ["fence_failed"],
    async (context) => {
      const topic = await context.newTopic(1)
      const params = { topic, partition: 0 }
      const withToken = (fencingToken: string) => ({ params, body: { records: [{ value: "no" }], fencingToken } })
      const none = await context.refused("produceToPartition", "fence_failed", withToken("a"))
      assert.ok(none["fencingToken"] === undefined || none["fencingToken"] === null)
      await context.call("setFence", 200, { params, body: { token: "a" } })
      await append(context, topic, [{ value: 1 }], { fencingToken: "a" })
      await context.call("setFence", 200, { params, body: { token: "b", expected: "a" } })
      const stale = await context.refused("produceToPartition", "fence_failed", withToken("a"))
      assert.equal(stale["fencingToken"], "b")
      await append(context, topic, [{ value: 2 }], { fencingToken: "b", matchOffset: 1 })
      await append(context, topic, [{ value: 3 }])
      assert.deepEqual(await readValues(context, topic), [1, 2, 3])
    },
  ),

  conformanceCase("of many that take a fence over one does", ["setFence"], ["fence_failed"], async (context) => {
    const topic = await context.newTopic(1)
    const params = { topic, partition: 0 }
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, writer) => context.send("setFence", { params, body: { token: `w${writer}` } })),
    )
    assert.equal(answers.filter((answer) => answer.status === 200).length, 1)
    for (const answer of answers) if (answer.status !== 200) context.problem(answer, "fence_failed")
  }),

  conformanceCase(
    "refuses a fence that is none",
    ["setFence"],
    ["invalid_request", "partition_not_found"],
    async (context) => {
      const topic = await context.newTopic(1)
      const params = { topic, partition: 0 }
      for (const body of [{}, { token: "" }, { token: 1 }, { token: "x".repeat(257) }, { token: "a", expect: "b" }]) {
        await context.refused("setFence", "invalid_request", { params, body })
      }
      await context.refused("setFence", "partition_not_found", {
        params: { topic, partition: 1 },
        body: { token: "a" },
      })
    },
  ),
]
