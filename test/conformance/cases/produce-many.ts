import assert from "node:assert/strict"
import type { Produced } from "stratalog/protocol"
import { batchOf } from "../batch.ts"
import { conformanceCase } from "../case.ts"
import { assertEmbeddedProblem } from "../contract.ts"
import { append, highWatermark, readValues } from "../records.ts"

export const produceManyCases = [
  conformanceCase("produces to many partitions of many topics", ["produceMany"], [], async (context) => {
    const [first, second] = [await context.newTopic(2), await context.newTopic(1)]
    const batch = Buffer.from(await batchOf(["b0", "b1"])).toString("base64")
    const { results } = await context.call("produceMany", 200, {
      body: {
        entries: [
          { topic: second, partition: 0, records: [{ value: "s" }] },
          { topic: first, partition: 1, records: [{ value: "f" }, { value: "g" }], valueFormat: "utf8" },
          { topic: first, partition: 0, batch },
          { topic: first, partition: 1, records: [{ value: { h: 1 } }] },
        ],
      },
    })
    assert.deepEqual(
      results.map((result) => {
        assert.ok(!("error" in result))
        return [result.topic, result.partition, result.baseOffset, result.count]
      }),
      [
        [second, 0, 0, 1],
        [first, 1, 0, 2],
        [first, 0, 0, 2],
        [first, 1, 2, 1],
      ],
    )
    const stored = await context.call("fetchRecords", 200, {
      params: { topic: first, partition: 1 },
      query: { valueFormat: "utf8" },
    })
    assert.deepEqual(
      stored.records.map((record) => record.value),
      ["f", "g", '{"h":1}'],
    )
  }),

  conformanceCase(
    "207 says which entries failed and why; the others are appended",
    ["produceMany"],
    [],
    async (context) => {
      const topic = await context.newTopic(2)
      await append(context, topic, [{ value: "first" }])
      const missing = context.newName()
      const one = [{ value: "x" }]
      const answer = await context.call("produceMany", 207, {
        body: {
          entries: [
            { topic: missing, partition: 0, records: one },
            { topic, partition: 7, records: one },
            { topic, partition: 0, records: one, matchOffset: 0 },
            { topic, partition: 1, records: [{ value: "appended" }] },
            { topic, partition: 0, records: one, fencingToken: "nobody's" },
            { topic, partition: 0, records: one, producer: { id: 2 ** 40 + 7, epoch: 0, sequence: 3 } },
          ],
        },
      })
      const codes = [
        "topic_not_found",
        "partition_not_found",
        "match_failed",
        undefined,
        "fence_failed",
        "sequence_gap",
      ] as const
      assert.equal(answer.results.length, codes.length)
      codes.forEach((code, index) => {
        const result = answer.results[index] ?? {}
        const error: unknown = "error" in result ? result.error : undefined
        if (code === undefined) assert.equal(error, undefined)
        else assertEmbeddedProblem(error, code)
      })
      assert.deepEqual(await readValues(context, topic, 0), ["first"])
      assert.deepEqual(await readValues(context, topic, 1), ["appended"])
    },
  ),

  conformanceCase("where no entry succeeds the answer is no success", ["produceMany"], [], async (context) => {
    const topic = context.newName()
    const answer = await context.send("produceMany", {
      body: { entries: [{ topic, partition: 0, records: [{ value: 1 }] }] },
    })
    assert.ok(answer.status === 207 || answer.status >= 400, `${answer.status}`)
  }),

  conformanceCase("entries are idempotent one by one", ["produceMany"], [], async (context) => {
    const topic = await context.newTopic(2)
    const { id, epoch } = await context.call("initProducer", 200, { body: {} })
    const entries = [0, 1].map((partition) => ({
      topic,
      partition,
      records: [{ value: partition }],
      producer: { id, epoch, sequence: 0 },
    }))
    const first = (await context.call("produceMany", 200, { body: { entries } })).results as Produced[]
    const again = (await context.call("produceMany", 200, { body: { entries } })).results as Produced[]
    assert.deepEqual(
      again.map(({ baseOffset, duplicate }) => [baseOffset, duplicate]),
      first.map(({ baseOffset }) => [baseOffset, true]),
    )
    assert.equal(await highWatermark(context, topic, 0), 1)
  }),

  conformanceCase("an entry carries records or a batch", ["produceMany"], ["invalid_request"], async (context) => {
    const topic = await context.newTopic(1)
    const batch = Buffer.from(await batchOf(["v"])).toString("base64")
    for (const entry of [
      { topic, partition: 0 },
      { topic, partition: 0, batch, records: [{ value: 1 }] },
      { topic, partition: 0, batch: "%%%" },
      { topic, partition: 0, records: [] },
      { topic, partition: -1, records: [{ value: 1 }] },
      { topic: "a b", partition: 0, records: [{ value: 1 }] },
    ]) {
      await context.refused("produceMany", "invalid_request", { body: { entries: [entry] } })
    }
    await context.refused("produceMany", "invalid_request", { body: { entries: [] } })
    const entry = { topic, partition: 0, records: [{ value: 1 }] }
    const many = Array.from({ length: context.limits.maxEntries + 1 }, () => entry)
    await context.refused("produceMany", "invalid_request", { body: { entries: many } })
    assert.equal(await highWatermark(context, topic), 0)
  }),
]
