import assert from "node:assert/strict"
import { BATCH_TYPE } from "stratalog/protocol"
import { readBatchHeader } from "stratalog/record-batch"
import { batchOf, changed, recordsOf } from "../batch.ts"
import { conformanceCase } from "../case.ts"
import { append, readAll } from "../records.ts"

const OLD = 1_600_000_000_000

export const timestampCases = [
  conformanceCase(
    "timestamps are the producer's where given, else the time of arrival",
    ["produceToPartition"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      const produced = await append(context, topic, [
        { value: 0, timestamp: OLD },
        { value: 1, timestamp: OLD - 5000 },
        { value: 2, timestamp: 0 },
      ])
      assert.equal(produced.timestamp, OLD, "the answer has the greatest one")
      const arrived = await append(context, topic, [{ value: 3 }, { value: 4, timestamp: OLD }])
      assert.ok(Math.abs(arrived.timestamp - Date.now()) < 24 * 3_600_000, "the time of arrival is near the caller's")
      const records = await readAll(context, topic)
      assert.deepEqual(
        records.map((record) => record.timestamp),
        [OLD, OLD - 5000, 0, arrived.timestamp, OLD],
      )
    },
  ),

  conformanceCase(
    "LogAppendTime topics stamp every record themselves",
    ["produceToPartition", "fetchRecords"],
    [],
    async (context) => {
      const topic = await context.newTopic(1, { "message.timestamp.type": "LogAppendTime" })
      const json = await append(context, topic, [{ value: 0, timestamp: OLD }, { value: 1 }])
      assert.ok(json.timestamp > OLD)
      const params = { topic, partition: 0 }
      const raw = await batchOf(["2", "3"], { timestamps: [OLD, OLD + 1] })
      const binary = await context.call("produceToPartition", 200, { params, raw, type: BATCH_TYPE })
      assert.ok(binary.timestamp >= json.timestamp)
      const records = await readAll(context, topic)
      assert.deepEqual(
        records.map((record) => record.timestamp),
        [json.timestamp, json.timestamp, binary.timestamp, binary.timestamp],
      )
      const answer = await context.send("fetchRecords", {
        params,
        query: { offset: 2 },
        headers: { accept: BATCH_TYPE },
      })
      assert.equal(readBatchHeader(answer.bytes).logAppendTime, true)
      const decoded = await recordsOf(answer.bytes)
      assert.deepEqual(
        decoded.map((record) => record.timestamp),
        [binary.timestamp, binary.timestamp],
      )
    },
  ),

  conformanceCase(
    "a batch whose maximum timestamp is wrong is found by its records' time",
    ["topicOffsets"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      const params = { topic, partition: 0 }
      const MAX_TIMESTAMP = 35
      const raw = changed(await batchOf(["a", "b"], { timestamps: [OLD, OLD + 10] }), (view) =>
        view.setBigInt64(MAX_TIMESTAMP, BigInt(OLD - 99)),
      )
      const produced = await context.call("produceToPartition", 200, { params, raw, type: BATCH_TYPE })
      assert.equal(produced.timestamp, OLD + 10)
      const { offsets } = await context.call("topicOffsets", 200, { params: { topic }, query: { timestamp: OLD + 5 } })
      assert.equal(offsets[0]?.offset, 1)
    },
  ),

  conformanceCase("refuses timestamps that are none", ["produceToPartition"], ["invalid_request"], async (context) => {
    const topic = await context.newTopic(1)
    for (const timestamp of [-1, 1.5, "2026-01-01", 2 ** 53, null]) {
      const problem = await context.refused("produceToPartition", "invalid_request", {
        params: { topic, partition: 0 },
        body: { records: [{ value: 1 }, { value: 1, timestamp }] },
      })
      assert.ok(JSON.stringify(problem["errors"]).includes("records[1].timestamp"), JSON.stringify(problem))
    }
  }),
]
