import assert from "node:assert/strict"
import { BATCH_TYPE } from "stratalog/protocol"
import { type CodecName, readBatchHeader, splitBatches } from "stratalog/record-batch"
import { batchOf, recordsOf } from "../batch.ts"
import { conformanceCase } from "../case.ts"
import { append, fetch } from "../records.ts"

const CODECS: readonly CodecName[] = ["none", "gzip", "snappy", "lz4", "zstd"]
const VALUES = ["first", "", "x".repeat(5000), "ünï😀"]

export const batchCases = [
  ...CODECS.map((codec) =>
    conformanceCase(
      `a binary batch (${codec}) is stored byte for byte`,
      ["produceToPartition", "fetchRecords"],
      [],
      async (context) => {
        const topic = await context.newTopic(1)
        const params = { topic, partition: 0 }
        await append(context, topic, [{ value: "before" }])
        const batch = await batchOf(VALUES, { codec, keys: ["k", null, "", "k2"], baseOffset: 77 })
        const produced = await context.call("produceToPartition", 200, { params, raw: batch, type: BATCH_TYPE })
        assert.deepEqual(produced, { partition: 0, baseOffset: 1, count: 4, timestamp: 1_763_600_000_003 })

        const answer = await context.send("fetchRecords", {
          params,
          query: { offset: 1 },
          headers: { accept: BATCH_TYPE },
        })
        assert.equal(answer.status, 200)
        assert.equal(answer.headers["content-type"], BATCH_TYPE)
        assert.equal(answer.headers["stratalog-next-offset"], "5")
        assert.equal(answer.headers["stratalog-high-watermark"], "5")
        assert.equal(answer.headers["stratalog-log-start-offset"], "0")
        const [stored, ...others] = splitBatches(answer.bytes)
        assert.ok(stored !== undefined && others.length === 0)
        assert.equal(readBatchHeader(stored).baseOffset, 1)
        assert.deepEqual(
          Buffer.from(stored.subarray(16)),
          Buffer.from(batch.subarray(16)),
          "from the magic byte on nothing changes",
        )

        const { records } = await fetch(context, topic, { offset: 1, valueFormat: "utf8" })
        assert.deepEqual(
          records.map((record) => [record.offset, record.key, record.value]),
          [
            [1, "k", VALUES[0]],
            [2, null, VALUES[1]],
            [3, "", VALUES[2]],
            [4, "k2", VALUES[3]],
          ],
        )
      },
    ),
  ),

  conformanceCase("JSON records are read as batches", ["fetchRecords"], [], async (context) => {
    const topic = await context.newTopic(1)
    const timestamp = 1_700_000_000_000
    await append(context, topic, [{ key: "k", value: { a: 1 }, headers: [["h", "v"]], timestamp }])
    await append(context, topic, [{ value: null }, { value: "two" }])
    const answer = await context.send("fetchRecords", {
      params: { topic, partition: 0 },
      headers: { accept: BATCH_TYPE },
    })
    assert.equal(splitBatches(answer.bytes).length, 2)
    const records = await recordsOf(answer.bytes)
    assert.deepEqual(
      records.map((record) => record.offset),
      [0, 1, 2],
    )
    assert.equal(records[0]?.timestamp, timestamp)
    assert.equal(Buffer.from(records[0]?.value ?? []).toString(), '{"a":1}')
    assert.equal(records[1]?.value, null)
    assert.deepEqual(
      records[0]?.headers.map(([name, value]) => [name, Buffer.from(value ?? []).toString()]),
      [["h", "v"]],
    )
  }),

  conformanceCase(
    "matchOffset and fencingToken go in the query with a batch",
    ["produceToPartition"],
    ["match_failed", "fence_failed"],
    async (context) => {
      const topic = await context.newTopic(1)
      const request = { params: { topic, partition: 0 }, raw: await batchOf(["v"]), type: BATCH_TYPE }
      await context.call("produceToPartition", 200, { ...request, query: { matchOffset: 0 } })
      const problem = await context.refused("produceToPartition", "match_failed", {
        ...request,
        query: { matchOffset: 0 },
      })
      assert.equal(problem["nextOffset"], 1)
      await context.refused("produceToPartition", "fence_failed", { ...request, query: { fencingToken: "a" } })
      await context.call("setFence", 200, { params: request.params, body: { token: "a" } })
      await context.call("produceToPartition", 200, { ...request, query: { fencingToken: "a", matchOffset: 1 } })
    },
  ),
]
