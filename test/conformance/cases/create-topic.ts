import assert from "node:assert/strict"
import { topicConfigDefaults } from "stratalog/protocol"
import { conformanceCase } from "../case.ts"
import { readAll } from "../records.ts"

export const createTopicCases = [
  conformanceCase("creates a topic: 201, then 200 for the same settings", ["createTopic"], [], async (context) => {
    const topic = context.topicName()
    const body = { partitions: 3, config: { "retention.ms": 86_400_000 } }
    const created = await context.call("createTopic", 201, { params: { topic }, body })
    assert.equal(created.name, topic)
    assert.equal(created.partitions, 3)
    assert.deepEqual(created.config, { ...topicConfigDefaults, "retention.ms": 86_400_000 })
    assert.deepEqual(created.overrides, ["retention.ms"])
    assert.ok(
      Math.abs(created.createdAt - Date.now()) < 24 * 3_600_000,
      "createdAt is the server's time in milliseconds",
    )
    assert.deepEqual(await context.call("createTopic", 200, { params: { topic }, body }), created)
  }),

  conformanceCase("PUT without a body creates one partition with defaults", ["createTopic"], [], async (context) => {
    const topic = context.topicName()
    const created = await context.call("createTopic", 201, { params: { topic } })
    assert.equal(created.partitions, 1)
    assert.deepEqual(created.config, topicConfigDefaults)
    assert.deepEqual(created.overrides, [])
    assert.equal((await context.call("createTopic", 200, { params: { topic } })).id, created.id)
    assert.equal((await context.call("createTopic", 200, { params: { topic }, body: {} })).id, created.id)
  }),

  conformanceCase(
    "other settings for a topic that exists are a conflict and change nothing",
    ["createTopic", "describeTopic"],
    ["topic_conflict"],
    async (context) => {
      const topic = await context.newTopic(2)
      const before = await context.call("describeTopic", 200, { params: { topic } })
      for (const body of [{ partitions: 3 }, { partitions: 2, config: { "retention.ms": 5 } }]) {
        await context.refused("createTopic", "topic_conflict", { params: { topic }, body })
      }
      assert.deepEqual(await context.call("describeTopic", 200, { params: { topic } }), before)
    },
  ),

  conformanceCase("accepts each configuration by Kafka's name", ["createTopic"], [], async (context) => {
    const config = {
      "retention.ms": -1,
      "retention.bytes": 1_000_000_000,
      "cleanup.policy": "compact,delete",
      "max.message.bytes": 2048,
      "message.timestamp.type": "LogAppendTime",
      "segment.bytes": 1_048_576,
      "segment.ms": 60_000,
      "min.compaction.lag.ms": 10,
      "delete.retention.ms": 1000,
      placement: "latency",
    } as const
    const topic = context.topicName()
    const created = await context.call("createTopic", 201, { params: { topic }, body: { config } })
    assert.deepEqual(created.config, config)
    assert.deepEqual([...created.overrides].sort(), Object.keys(config).sort())
  }),

  conformanceCase(
    "refuses configuration by its name: unknown, wrong type, out of range",
    ["createTopic", "describeTopic"],
    ["invalid_request", "topic_not_found"],
    async (context) => {
      const wrong: Record<string, unknown> = {
        "retention.mss": 1,
        "retention.ms": "1",
        "cleanup.policy": "shred",
        "max.message.bytes": 0,
        "segment.bytes": 1,
        placement: 7,
        __proto__x: 1,
      }
      for (const [name, value] of Object.entries(wrong)) {
        const topic = context.topicName()
        const body = { config: { [name]: value } }
        const problem = await context.refused("createTopic", "invalid_request", { params: { topic }, body })
        assert.ok(
          JSON.stringify(problem["errors"]).includes(name),
          `${name} is not named in ${JSON.stringify(problem)}`,
        )
        await context.refused("describeTopic", "topic_not_found", { params: { topic } })
      }
    },
  ),

  conformanceCase("refuses a wrong number of partitions", ["createTopic"], ["invalid_request"], async (context) => {
    for (const partitions of [0, -1, 1.5, "3", null, context.limits.maxPartitions + 1, 2 ** 53]) {
      const topic = context.topicName()
      const problem = await context.refused("createTopic", "invalid_request", {
        params: { topic },
        body: { partitions },
      })
      assert.ok(JSON.stringify(problem["errors"]).includes("partitions"), JSON.stringify(problem))
    }
  }),

  conformanceCase("of many that create the same topic one makes it", ["createTopic"], [], async (context) => {
    const topic = context.topicName()
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => context.send("createTopic", { params: { topic }, body: { partitions: 2 } })),
    )
    const made = answers.filter((answer) => answer.status === 201)
    assert.equal(made.length, 1, answers.map((answer) => answer.status).join(" "))
    for (const answer of answers) {
      if (answer.status !== 201 && answer.status !== 200) context.problem(answer, "concurrent_change")
    }
    assert.deepEqual(await readAll(context, topic, 1), [])
  }),
]
