import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { decideAlter } from "../../../functions/topics/alter/decide.ts"
import type { Topic } from "../../../functions/topics/ports.ts"

const topic: Topic = {
  name: "orders",
  id: "id-1",
  partitions: 3,
  config: { "retention.ms": 5, placement: "latency" },
  createdAt: 1,
  version: 4,
}

describe("decideAlter", () => {
  it("sets, changes and takes back entries, and leaves the others", () => {
    const change = { config: { "retention.ms": null, placement: "cost", "segment.ms": 9 } } as const
    expect(decideAlter(topic, change)).toEqual({
      kind: "replace",
      topic: { ...topic, config: { placement: "cost", "segment.ms": 9 }, version: 5 },
    })
  })

  it("adds partitions and refuses fewer, whatever else is asked", () => {
    expect(decideAlter(topic, { partitions: 4 })).toEqual({
      kind: "replace",
      topic: { ...topic, partitions: 4, version: 5 },
    })
    const fewer = { partitions: 2, config: { "retention.ms": 6 } }
    expect(decideAlter(topic, fewer)).toEqual({ kind: "fewer_partitions", existing: 3, asked: 2 })
  })

  it("sees that nothing changes", () => {
    for (const change of [
      {},
      { partitions: 3 },
      { config: {} },
      { config: { "retention.ms": 5 } },
      { config: { "retention.ms": undefined, "segment.ms": null } },
    ]) {
      expect(decideAlter(topic, change)).toEqual({ kind: "unchanged" })
    }
  })

  it("keeps an entry that is set to its default, so that it stays when the default moves", () => {
    expect(decideAlter(topic, { config: { "segment.ms": 604_800_000 } })).toMatchObject({
      kind: "replace",
      topic: { config: { ...topic.config, "segment.ms": 604_800_000 } },
    })
  })

  it("is done once: the same change again changes nothing", () => {
    const value = fc.option(fc.integer({ min: 0, max: 3 }), { nil: null })
    const config = fc.record({ "retention.ms": value, "retention.bytes": value }, { requiredKeys: [] })
    const change = fc.record({ partitions: fc.integer({ min: 1, max: 5 }), config }, { requiredKeys: [] })
    fc.assert(
      fc.property(change, (each) => {
        const decision = decideAlter(topic, each)
        if (decision.kind === "replace") expect(decideAlter(decision.topic, each)).toEqual({ kind: "unchanged" })
      }),
    )
  })
})
