import assert from "node:assert/strict"
import { errorKinds } from "stratalog/protocol"
import { conformanceCase } from "../case.ts"
import { append, readValues } from "../records.ts"

export const conditionCases = [
  conformanceCase(
    "matchOffset: appended at exactly this offset, or 412 with the next one",
    ["produceToPartition"],
    ["match_failed"],
    async (context) => {
      const topic = await context.newTopic(1)
      const params = { topic, partition: 0 }
      assert.equal((await append(context, topic, [{ value: "a" }, { value: "b" }], { matchOffset: 0 })).baseOffset, 0)
      for (const matchOffset of [0, 1, 3, 1000]) {
        const body = { records: [{ value: "no" }], matchOffset }
        const problem = await context.refused("produceToPartition", "match_failed", { params, body })
        const { requestId: _, detail, type, ...rest } = problem
        const { status, title, retryable, sideEffects } = errorKinds.match_failed
        assert.deepEqual(rest, { code: "match_failed", status, title, retryable, sideEffects, nextOffset: 2 })
        assert.equal(typeof detail, "string")
        assert.match(type, /#match_failed$/)
      }
      assert.equal((await append(context, topic, [{ value: "c" }], { matchOffset: 2 })).baseOffset, 2)
      assert.deepEqual(await readValues(context, topic), ["a", "b", "c"])
    },
  ),

  conformanceCase(
    "of many that match the same offset one wins",
    ["produceToPartition"],
    ["match_failed"],
    async (context) => {
      const topic = await context.newTopic(1)
      for (let offset = 0; offset < 5; offset++) {
        const answers = await Promise.all(
          Array.from({ length: 8 }, (_, writer) =>
            context.send("produceToPartition", {
              params: { topic, partition: 0 },
              body: { records: [{ value: `${offset}:${writer}` }], matchOffset: offset },
            }),
          ),
        )
        const winners = answers
          .map((answer, writer) => (answer.status === 200 ? writer : -1))
          .filter((writer) => writer >= 0)
        assert.equal(winners.length, 1)
        for (const answer of answers) if (answer.status !== 200) context.problem(answer, "match_failed")
        assert.equal((await readValues(context, topic))[offset], `${offset}:${winners[0]}`)
      }
    },
  ),

  conformanceCase("refuses conditions that are none", ["produceToPartition"], ["invalid_request"], async (context) => {
    const topic = await context.newTopic(1)
    const params = { topic, partition: 0 }
    for (const condition of [
      { matchOffset: -1 },
      { matchOffset: 1.5 },
      { matchOffset: "0" },
      { matchOffset: 2 ** 53 },
      { fencingToken: "" },
      { fencingToken: 1 },
      { fencingToken: "x".repeat(257) },
      { producer: { id: 1, epoch: 0 } },
      { producer: { id: 1, epoch: 40_000, sequence: 0 } },
      { producer: { id: 1, epoch: 0, sequence: 2 ** 31 } },
      { producer: { id: 1, epoch: 0, sequence: 0, seq: 0 } },
    ]) {
      const body = { records: [{ value: 1 }], ...condition }
      await context.refused("produceToPartition", "invalid_request", { params, body })
    }
    assert.deepEqual(await readValues(context, topic), [])
  }),
]
