import assert from "node:assert/strict"
import { conformanceCase } from "../case.ts"

export const producerIdCases = [
  conformanceCase("gives every producer another id, with epoch 0", ["initProducer"], [], async (context) => {
    const producers = await Promise.all(
      Array.from({ length: 20 }, () => context.call("initProducer", 200, { body: {} })),
    )
    assert.equal(new Set(producers.map((producer) => producer.id)).size, 20)
    for (const producer of producers) assert.equal(producer.epoch, 0)
    const bodiless = await context.call("initProducer", 200)
    assert.equal(bodiless.epoch, 0)
  }),

  conformanceCase(
    "bumps the epoch of an id, from its present one",
    ["initProducer"],
    ["producer_fenced", "producer_not_found"],
    async (context) => {
      const { id } = await context.call("initProducer", 200, { body: {} })
      assert.deepEqual(await context.call("initProducer", 200, { body: { id, epoch: 0 } }), { id, epoch: 1 })
      assert.deepEqual(await context.call("initProducer", 200, { body: { id, epoch: 1 } }), { id, epoch: 2 })
      for (const epoch of [0, 1, 3]) await context.refused("initProducer", "producer_fenced", { body: { id, epoch } })
      await context.refused("initProducer", "producer_not_found", { body: { id: 2 ** 52 + 1, epoch: 0 } })
    },
  ),

  conformanceCase("refuses half of what it needs", ["initProducer"], ["invalid_request"], async (context) => {
    for (const body of [
      { id: 1 },
      { epoch: 1 },
      { id: -1, epoch: 0 },
      { id: 1, epoch: 32_768 },
      { name: "x" },
      [],
      5,
    ]) {
      await context.refused("initProducer", "invalid_request", { body })
    }
  }),
]
