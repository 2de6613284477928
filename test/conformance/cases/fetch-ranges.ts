import assert from "node:assert/strict"
import { BATCH_TYPE } from "stratalog/protocol"
import { splitBatches } from "stratalog/record-batch"
import { conformanceCase } from "../case.ts"
import type { CaseContext } from "../context.ts"
import { append, appendEach, fetch } from "../records.ts"

const SIZE = 1000

/** Ten batches of one record of about a kilobyte. */
async function tenBatches(context: CaseContext): Promise<string> {
  const topic = await context.newTopic(1)
  await appendEach(
    context,
    topic,
    Array.from({ length: 10 }, (_, index) => `${index}`.padEnd(SIZE, ".")),
  )
  return topic
}

async function sizesOf(context: CaseContext, topic: string, query: Record<string, number>): Promise<number[]> {
  const answer = await context.send("fetchRecords", {
    params: { topic, partition: 0 },
    query,
    headers: { accept: BATCH_TYPE },
  })
  return splitBatches(answer.bytes).map((batch) => batch.length)
}

export const fetchRangeCases = [
  conformanceCase("limit bounds the records, across and within batches", ["fetchRecords"], [], async (context) => {
    const topic = await context.newTopic(1)
    await append(
      context,
      topic,
      Array.from({ length: 7 }, (_, value) => ({ value })),
    )
    await appendEach(context, topic, [7, 8, 9])
    for (const limit of [1, 3, 7, 8, 10, 11]) {
      const seen: unknown[] = []
      for (let offset = 0; offset < 10; ) {
        const answer = await fetch(context, topic, { offset, limit })
        assert.equal(answer.records.length, Math.min(limit, 10 - offset))
        assert.equal(answer.nextOffset, offset + answer.records.length)
        assert.equal(answer.highWatermark, 10)
        seen.push(...answer.records.map((record) => record.value))
        offset = answer.nextOffset
      }
      assert.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    }
  }),

  conformanceCase(
    "maxBytes bounds the batches; the first comes whatever its size",
    ["fetchRecords"],
    [],
    async (context) => {
      const topic = await tenBatches(context)
      const [one = 0] = await sizesOf(context, topic, {})
      assert.equal((await sizesOf(context, topic, { maxBytes: 1 })).length, 1)
      assert.equal((await sizesOf(context, topic, { maxBytes: one })).length, 1)
      assert.equal((await sizesOf(context, topic, { maxBytes: 2 * one - 1 })).length, 1)
      const some = await sizesOf(context, topic, { maxBytes: 3 * one + 10 })
      assert.equal(some.length, 3)
      assert.equal((await sizesOf(context, topic, { maxBytes: 100 * one })).length, 10)
      const json = await fetch(context, topic, { maxBytes: 1, offset: 4 })
      assert.deepEqual([json.records.length, json.nextOffset], [1, 5])
      let offset = 0
      while (offset < 10) {
        const answer = await fetch(context, topic, { maxBytes: 2 * one, offset })
        assert.equal(answer.records[0]?.offset, offset)
        offset = answer.nextOffset
      }
    },
  ),

  conformanceCase("a long log is read to its end without a gap", ["fetchRecords"], [], async (context) => {
    const topic = await context.newTopic(1)
    const BATCHES = 60
    for (let batch = 0; batch < BATCHES; batch++) {
      await append(
        context,
        topic,
        Array.from({ length: 1 + (batch % 7) }, (_, index) => ({ value: `${batch}:${index}` })),
      )
    }
    const total = Array.from({ length: BATCHES }, (_, batch) => 1 + (batch % 7)).reduce((sum, count) => sum + count, 0)
    for (const query of [{ limit: 13 }, { maxBytes: 500 }, {}]) {
      let offset = 0
      while (offset < total) {
        const answer = await fetch(context, topic, { offset, ...query })
        assert.ok(answer.records.length > 0, "an empty answer below the high watermark")
        for (const [index, record] of answer.records.entries()) assert.equal(record.offset, offset + index)
        offset = answer.nextOffset
      }
      assert.equal(offset, total)
    }
  }),

  conformanceCase("binary answers hold whole batches", ["fetchRecords"], [], async (context) => {
    const topic = await context.newTopic(1)
    await append(
      context,
      topic,
      Array.from({ length: 5 }, (_, value) => ({ value })),
    )
    const answer = await context.send("fetchRecords", {
      params: { topic, partition: 0 },
      query: { offset: 3 },
      headers: { accept: BATCH_TYPE },
    })
    assert.equal(splitBatches(answer.bytes).length, 1)
    assert.equal(answer.headers["stratalog-next-offset"], "5")
  }),
]
