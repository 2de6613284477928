import assert from "node:assert/strict"
import { BATCH_TYPE } from "stratalog/protocol"
import { batchOf } from "../batch.ts"
import { conformanceCase } from "../case.ts"
import { append, highWatermark, readAll } from "../records.ts"

export const sizeCases = [
  conformanceCase(
    "max.message.bytes bounds the encoded batch, before any effect",
    ["produceToPartition", "produceToTopic"],
    ["batch_too_large"],
    async (context) => {
      const raw = await batchOf(["x".repeat(500)])
      const fits = await context.newTopic(1, { "max.message.bytes": raw.length })
      const short = await context.newTopic(1, { "max.message.bytes": raw.length - 1 })
      const at = (topic: string) => ({ params: { topic, partition: 0 }, raw, type: BATCH_TYPE })
      await context.call("produceToPartition", 200, at(fits))
      await context.refused("produceToPartition", "batch_too_large", at(short))
      const body = { records: [{ value: "x".repeat(600) }] }
      await context.refused("produceToPartition", "batch_too_large", { params: { topic: short, partition: 0 }, body })
      await context.refused("produceToTopic", "batch_too_large", { params: { topic: short }, body })
      assert.equal(await highWatermark(context, short), 0)
      await append(context, short, [{ value: "small" }])
      await context.call("alterTopic", 200, {
        params: { topic: short },
        body: { config: { "max.message.bytes": 2000 } },
      })
      await context.configArrives()
      await context.call("produceToPartition", 200, at(short))
    },
  ),

  conformanceCase(
    "a producer's sequence does not move with a batch that is too large",
    ["produceToPartition"],
    ["batch_too_large"],
    async (context) => {
      const topic = await context.newTopic(1, { "max.message.bytes": 300 })
      const { id, epoch } = await context.call("initProducer", 200)
      const producer = { id, epoch, sequence: 0 }
      const body = { records: [{ value: "x".repeat(1000) }], producer }
      await context.refused("produceToPartition", "batch_too_large", { params: { topic, partition: 0 }, body })
      const produced = await append(context, topic, [{ value: "fits" }], { producer })
      assert.deepEqual([produced.baseOffset, produced.duplicate], [0, undefined])
    },
  ),

  conformanceCase(
    "a record of a megabyte comes back whole",
    ["produceToPartition", "fetchRecords"],
    [],
    async (context) => {
      const topic = await context.newTopic(1, { "max.message.bytes": 2 * 1024 * 1024 })
      const value = "é1".repeat(350_000)
      await append(context, topic, [{ value }])
      const records = await readAll(context, topic)
      assert.equal(records[0]?.value, value)
    },
  ),

  conformanceCase(
    "ten thousand records in one request",
    ["produceToPartition", "fetchRecords"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      const count = 10_000
      const produced = await append(
        context,
        topic,
        Array.from({ length: count }, (_, value) => ({ value })),
      )
      assert.equal(produced.count, count)
      const records = await readAll(context, topic)
      assert.ok(records.every((record, index) => record.offset === index && record.value === index))
      assert.equal(records.length, count)
    },
  ),

  conformanceCase(
    "a topic cannot allow more than the service does",
    ["createTopic"],
    ["invalid_request"],
    async (context) => {
      const topic = context.newName()
      const body = { config: { "max.message.bytes": context.limits.maxBatchBytes + 1 } }
      await context.refused("createTopic", "invalid_request", { params: { topic }, body })
    },
  ),
]
