import assert from "node:assert/strict"
import { conformanceCase } from "../case.ts"
import { assertEmbeddedProblem } from "../contract.ts"
import { append, appendEach } from "../records.ts"

export const fetchManyCases = [
  conformanceCase("fetches from many partitions, in the order asked for", ["fetchMany"], [], async (context) => {
    const [first, second] = [await context.newTopic(2), await context.newTopic(1)]
    await append(
      context,
      first,
      [
        { value: "f1", timestamp: 1000 },
        { value: "f1b", timestamp: 2000 },
      ],
      {},
      1,
    )
    await append(context, second, [{ value: "s0" }, { value: "s1" }])
    const { partitions } = await context.call("fetchMany", 200, {
      body: {
        partitions: [
          { topic: second, partition: 0, offset: 1 },
          { topic: first, partition: 1 },
          { topic: first, partition: 0, offset: "latest" },
          { topic: first, partition: 1, timestamp: 1500 },
          { topic: second, partition: 0, tail: 1 },
        ],
      },
    })
    assert.deepEqual(
      partitions.map((each) => {
        assert.ok("records" in each)
        return [each.topic, each.partition, each.records.map((record) => record.value), each.nextOffset]
      }),
      [
        [second, 0, ["s1"], 2],
        [first, 1, ["f1", "f1b"], 2],
        [first, 0, [], 0],
        [first, 1, ["f1b"], 2],
        [second, 0, ["s1"], 2],
      ],
    )
  }),

  conformanceCase("207 says which partitions failed and why", ["fetchMany"], [], async (context) => {
    const topic = await context.newTopic(1)
    await appendEach(context, topic, [0, 1, 2])
    await context.call("deleteRecords", 200, { params: { topic, partition: 0 }, query: { before: 1 } })
    const { partitions } = await context.call("fetchMany", 207, {
      body: {
        partitions: [
          { topic: context.newName(), partition: 0 },
          { topic, partition: 1 },
          { topic, partition: 0, offset: 0 },
          { topic, partition: 0, offset: 9 },
          { topic, partition: 0, offset: 1 },
        ],
        wait: "20s",
      },
    })
    const codes = [
      "topic_not_found",
      "partition_not_found",
      "offset_below_log_start",
      "offset_beyond_end",
      undefined,
    ] as const
    codes.forEach((code, index) => {
      const result = partitions[index] ?? {}
      if (code !== undefined) assertEmbeddedProblem("error" in result ? result.error : undefined, code)
      else assert.ok("records" in result && Array.isArray(result.records) && result.records.length === 2)
    })
  }),

  conformanceCase("limit and maxBytes bound the whole answer", ["fetchMany"], [], async (context) => {
    const topic = await context.newTopic(3)
    for (const partition of [0, 1, 2]) await append(context, topic, [{ value: 0 }, { value: 1 }], {}, partition)
    const all = [0, 1, 2].map((partition) => ({ topic, partition }))
    const counts = async (bounds: Record<string, number>) => {
      const { partitions } = await context.call("fetchMany", 200, { body: { partitions: all, ...bounds } })
      return partitions.map((each) => ("records" in each ? each.records.length : -1))
    }
    const total = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0)
    assert.deepEqual(await counts({}), [2, 2, 2])
    assert.equal(total(await counts({ limit: 3 })), 3)
    const few = await counts({ maxBytes: 1 })
    assert.equal(few.filter((count) => count > 0).length, 1, "one batch comes whatever its size")
  }),

  conformanceCase("wait ends when any of the partitions has records", ["fetchMany"], [], async (context) => {
    const topic = await context.newTopic(2)
    const waiting = context.call("fetchMany", 200, {
      body: { partitions: [0, 1].map((partition) => ({ topic, partition, offset: 0 })), wait: "60s" },
    })
    await append(context, topic, [{ value: "woke" }], {}, 1)
    const { partitions } = await waiting
    assert.deepEqual(
      partitions.map((each) => ("records" in each ? each.records.map((record) => record.value) : [])),
      [[], ["woke"]],
    )
  }),

  conformanceCase("refuses a wrong request", ["fetchMany"], ["invalid_request"], async (context) => {
    const topic = await context.newTopic(1)
    const one = { topic, partition: 0 }
    for (const body of [
      {},
      { partitions: [] },
      { partitions: [{ topic }] },
      { partitions: [{ ...one, offset: -1 }] },
      { partitions: [{ ...one, offset: 0, tail: 1 }] },
      { partitions: [{ ...one, ofset: 1 }] },
      { partitions: [one], limit: 0 },
      { partitions: [one], wait: "soon" },
      { partitions: Array.from({ length: context.limits.maxEntries + 1 }, () => one) },
    ]) {
      await context.refused("fetchMany", "invalid_request", { body })
    }
  }),
]
