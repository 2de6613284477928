import assert from "node:assert/strict"
import { conformanceCase } from "../case.ts"
import { append, readValues } from "../records.ts"

export const deleteTopicCases = [
  conformanceCase(
    "a deleted topic is gone from every route",
    [
      "deleteTopic",
      "describeTopic",
      "alterTopic",
      "produceToTopic",
      "produceToPartition",
      "fetchRecords",
      "topicOffsets",
      "deleteRecords",
      "setFence",
    ],
    ["topic_not_found"],
    async (context) => {
      const topic = await context.newTopic(2)
      await append(context, topic, [{ value: 1 }])
      await context.call("deleteTopic", 204, { params: { topic } })
      const params = { topic, partition: 0 }
      const records = { records: [{ value: 1 }] }
      await context.refused("deleteTopic", "topic_not_found", { params })
      await context.refused("describeTopic", "topic_not_found", { params })
      await context.refused("alterTopic", "topic_not_found", { params, body: {} })
      await context.refused("produceToTopic", "topic_not_found", { params, body: records })
      await context.refused("produceToPartition", "topic_not_found", { params, body: records })
      await context.refused("fetchRecords", "topic_not_found", { params })
      await context.refused("topicOffsets", "topic_not_found", { params })
      await context.refused("deleteRecords", "topic_not_found", { params, query: { before: 0 } })
      await context.refused("setFence", "topic_not_found", { params, body: { token: "a" } })
    },
  ),

  conformanceCase(
    "a topic made again is another one and starts empty",
    ["deleteTopic", "createTopic"],
    [],
    async (context) => {
      const topic = context.topicName()
      const first = await context.call("createTopic", 201, { params: { topic } })
      await append(context, topic, [{ value: "old" }])
      await context.call("setFence", 200, { params: { topic, partition: 0 }, body: { token: "old" } })
      await context.call("deleteTopic", 204, { params: { topic } })
      const second = await context.call("createTopic", 201, { params: { topic } })
      assert.notEqual(second.id, first.id)
      assert.deepEqual(await readValues(context, topic), [])
      assert.equal((await append(context, topic, [{ value: "new" }])).baseOffset, 0)
      assert.deepEqual(await readValues(context, topic), ["new"])
    },
  ),
]
