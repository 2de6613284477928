import { describe, expect, it } from "vitest"
import { decideExisting } from "../../../functions/topics/create/decide.ts"
import type { Topic, TopicConfig } from "../../../functions/topics/ports.ts"

const topicWith = (partitions: number, config: TopicConfig): Topic => ({
  name: "orders",
  id: "id-1",
  partitions,
  config,
  createdAt: 1,
  version: 1,
})

describe("decideExisting", () => {
  it("finds a topic the same that has what was asked for in force, by default or on purpose", () => {
    const spelledOut: TopicConfig = { "retention.ms": 604_800_000, placement: "cost" }
    for (const [existing, asked] of [
      [{}, {}],
      [{}, spelledOut],
      [spelledOut, {}],
      [{ "retention.bytes": 5 }, { "retention.bytes": 5 }],
    ] satisfies [TopicConfig, TopicConfig][]) {
      const topic = topicWith(3, existing)
      const asking = { name: "orders", partitions: 3, config: asked }
      expect(decideExisting(topic, asking)).toEqual({ kind: "exists", topic })
    }
  })

  it("says all that differs", () => {
    const topic = topicWith(3, { "retention.ms": 1, "cleanup.policy": "compact" })
    const config: TopicConfig = { "retention.ms": 2, "segment.ms": 7 }
    expect(decideExisting(topic, { name: "orders", partitions: 4, config })).toEqual({
      kind: "conflict",
      topic,
      differences: [
        { setting: "partitions", existing: 3, asked: 4 },
        { setting: "retention.ms", existing: 1, asked: 2 },
        { setting: "cleanup.policy", existing: "compact", asked: "delete" },
        { setting: "segment.ms", existing: 604_800_000, asked: 7 },
      ],
    })
  })
})
