import assert from "node:assert/strict"
import { topicConfigDefaults } from "stratalog/protocol"
import { conformanceCase } from "../case.ts"
import { append, readValues } from "../records.ts"

export const alterTopicCases = [
  conformanceCase("adds partitions and keeps what is there", ["alterTopic", "describeTopic"], [], async (context) => {
    const topic = await context.newTopic(1)
    await append(context, topic, [{ value: "kept" }])
    const altered = await context.call("alterTopic", 200, { params: { topic }, body: { partitions: 4 } })
    assert.equal(altered.partitions, 4)
    assert.deepEqual(await context.call("describeTopic", 200, { params: { topic } }), altered)
    assert.equal((await append(context, topic, [{ value: "new" }], {}, 3)).baseOffset, 0)
    assert.deepEqual(await readValues(context, topic, 0), ["kept"])
    assert.deepEqual(await readValues(context, topic, 3), ["new"])
    await context.call("alterTopic", 200, { params: { topic }, body: { partitions: 4 } })
  }),

  conformanceCase(
    "fewer partitions cannot be",
    ["alterTopic", "describeTopic"],
    ["invalid_config"],
    async (context) => {
      const topic = await context.newTopic(3)
      const body = { partitions: 2, config: { "retention.ms": 7 } }
      await context.refused("alterTopic", "invalid_config", { params: { topic }, body })
      const after = await context.call("describeTopic", 200, { params: { topic } })
      assert.equal(after.partitions, 3)
      assert.deepEqual(after.overrides, [], "nothing of a refused change is applied")
    },
  ),

  conformanceCase("sets configuration; null takes it back to the default", ["alterTopic"], [], async (context) => {
    const topic = await context.newTopic(1, { "retention.ms": 5000 })
    const set = await context.call("alterTopic", 200, {
      params: { topic },
      body: { config: { "retention.bytes": 10_000, "cleanup.policy": "compact" } },
    })
    assert.deepEqual(set.config, {
      ...topicConfigDefaults,
      "retention.ms": 5000,
      "retention.bytes": 10_000,
      "cleanup.policy": "compact",
    })
    assert.deepEqual([...set.overrides].sort(), ["cleanup.policy", "retention.bytes", "retention.ms"])
    const reset = await context.call("alterTopic", 200, {
      params: { topic },
      body: { config: { "retention.ms": null, "cleanup.policy": null, placement: null } },
    })
    assert.deepEqual(reset.config, { ...topicConfigDefaults, "retention.bytes": 10_000 })
    assert.deepEqual(reset.overrides, ["retention.bytes"])
    assert.equal(reset.id, set.id)
  }),

  conformanceCase(
    "refuses what it does not know",
    ["alterTopic"],
    ["invalid_request", "topic_not_found"],
    async (context) => {
      const topic = await context.newTopic(1)
      for (const [body, named] of [
        [{ config: { "retention.mss": 1 } }, "retention.mss"],
        [{ config: { "retention.ms": "soon" } }, "retention.ms"],
        [{ partition: 2 }, "partition"],
        [{ partitions: context.limits.maxPartitions + 1 }, "partitions"],
      ] as const) {
        const problem = await context.refused("alterTopic", "invalid_request", { params: { topic }, body })
        assert.ok(JSON.stringify(problem["errors"]).includes(named), JSON.stringify(problem))
      }
      const nobody = context.newName()
      await context.refused("alterTopic", "topic_not_found", { params: { topic: nobody }, body: { partitions: 2 } })
    },
  ),

  conformanceCase("changes at the same moment are all applied or refused", ["alterTopic"], [], async (context) => {
    const topic = await context.newTopic(1)
    const settings = [
      { "retention.ms": 1000 },
      { "retention.bytes": 2000 },
      { "segment.ms": 3000 },
      { placement: "latency" },
    ]
    const answers = await Promise.all(
      settings.map((config) => context.send("alterTopic", { params: { topic }, body: { config } })),
    )
    const applied = settings
      .filter((_, index) => answers[index]?.status === 200)
      .flatMap((config) => Object.keys(config))
    for (const answer of answers) if (answer.status !== 200) context.problem(answer, "concurrent_change")
    const after = await context.call("describeTopic", 200, { params: { topic } })
    assert.deepEqual([...after.overrides].sort(), applied.sort())
  }),
]
