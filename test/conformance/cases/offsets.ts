import assert from "node:assert/strict"
import { conformanceCase } from "../case.ts"
import { append } from "../records.ts"

export const offsetCases = [
  conformanceCase("both ends of every partition", ["topicOffsets"], [], async (context) => {
    const topic = await context.newTopic(3)
    await append(context, topic, [{ value: 0 }, { value: 1 }], {}, 1)
    await context.call("deleteRecords", 200, { params: { topic, partition: 1 }, query: { before: 1 } })
    const { offsets } = await context.call("topicOffsets", 200, { params: { topic } })
    assert.deepEqual(
      offsets.map(({ partition, logStartOffset, highWatermark }) => [partition, logStartOffset, highWatermark]),
      [
        [0, 0, 0],
        [1, 1, 2],
        [2, 0, 0],
      ],
    )
    const one = await context.call("topicOffsets", 200, { params: { topic }, query: { partition: 1 } })
    assert.deepEqual(one.offsets, [offsets[1]])
  }),

  conformanceCase("the offset at a time, earliest and latest", ["topicOffsets"], [], async (context) => {
    const topic = await context.newTopic(2)
    const stamped = [2000, 1000, 4000].map((timestamp, value) => ({ value, timestamp }))
    await append(context, topic, stamped)
    await append(context, topic, [{ value: 3, timestamp: 3000 }])
    const at = async (timestamp: number | string) => {
      const { offsets } = await context.call("topicOffsets", 200, { params: { topic }, query: { timestamp } })
      return offsets.map((each) => [each.offset, each.timestamp])
    }
    assert.deepEqual(await at(0), [
      [0, 2000],
      [null, undefined],
    ])
    assert.deepEqual(await at(2000), [
      [0, 2000],
      [null, undefined],
    ])
    assert.deepEqual(await at(2001), [
      [2, 4000],
      [null, undefined],
    ])
    assert.deepEqual(await at(4001), [
      [null, undefined],
      [null, undefined],
    ])
    assert.deepEqual(
      (await at("earliest")).map(([offset]) => offset),
      [0, 0],
    )
    assert.deepEqual(
      (await at("latest")).map(([offset]) => offset),
      [4, 0],
    )
    await context.call("deleteRecords", 200, { params: { topic, partition: 0 }, query: { before: 3 } })
    assert.deepEqual(
      await at(0),
      [
        [3, 3000],
        [null, undefined],
      ],
      "what was removed is not found",
    )
    assert.deepEqual(
      (await at("earliest")).map(([offset]) => offset),
      [3, 0],
    )
  }),

  conformanceCase(
    "refuses what is not there",
    ["topicOffsets"],
    ["topic_not_found", "partition_not_found", "invalid_request"],
    async (context) => {
      const topic = await context.newTopic(1)
      await context.refused("topicOffsets", "topic_not_found", { params: { topic: context.newName() } })
      await context.refused("topicOffsets", "partition_not_found", { params: { topic }, query: { partition: 1 } })
      for (const query of [{ timestamp: "newest" }, { timestamp: -1 }, { partition: "x" }, { partitions: 0 }]) {
        await context.refused("topicOffsets", "invalid_request", { params: { topic }, query })
      }
    },
  ),
]
