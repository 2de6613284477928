import assert from "node:assert/strict"
import { conformanceCase } from "../case.ts"
import { append, fetch, readValues } from "../records.ts"

export const deleteRecordsCases = [
  conformanceCase(
    "moves the log start forward, also within a batch, never back",
    ["deleteRecords"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      const params = { topic, partition: 0 }
      await append(
        context,
        topic,
        [0, 1, 2, 3].map((value) => ({ value })),
      )
      await append(context, topic, [{ value: 4 }])
      const before = (offset: number | string) =>
        context.call("deleteRecords", 200, { params, query: { before: offset } })
      assert.deepEqual(await before(2), { partition: 0, logStartOffset: 2 })
      assert.deepEqual(await readValues(context, topic), [2, 3, 4])
      assert.deepEqual(await before(1), { partition: 0, logStartOffset: 2 })
      assert.deepEqual(await before(0), { partition: 0, logStartOffset: 2 })
      assert.deepEqual(await before("latest"), { partition: 0, logStartOffset: 5 })
      const empty = { records: [], nextOffset: 5, highWatermark: 5, logStartOffset: 5 }
      assert.deepEqual(await fetch(context, topic), empty)
      assert.equal((await append(context, topic, [{ value: 5 }])).baseOffset, 5)
      assert.deepEqual(await readValues(context, topic), [5])
    },
  ),

  conformanceCase(
    "refuses a boundary beyond the end, and no boundary",
    ["deleteRecords"],
    ["offset_beyond_end", "invalid_request", "partition_not_found", "topic_not_found"],
    async (context) => {
      const topic = await context.newTopic(1)
      const params = { topic, partition: 0 }
      await append(context, topic, [{ value: 0 }])
      const problem = await context.refused("deleteRecords", "offset_beyond_end", { params, query: { before: 2 } })
      assert.equal(problem["highWatermark"], 1)
      assert.deepEqual(await readValues(context, topic), [0])
      await context.refused("deleteRecords", "invalid_request", { params })
      for (const before of ["earliest", "-1", "x"]) {
        await context.refused("deleteRecords", "invalid_request", { params, query: { before } })
      }
      const nowhere = { topic, partition: 1 }
      await context.refused("deleteRecords", "partition_not_found", { params: nowhere, query: { before: 0 } })
      const nobody = { topic: context.newName(), partition: 0 }
      await context.refused("deleteRecords", "topic_not_found", { params: nobody, query: { before: 0 } })
    },
  ),

  conformanceCase(
    "removed records free no offset and no sequence",
    ["deleteRecords", "produceToPartition"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      const { id, epoch } = await context.call("initProducer", 200)
      const producer = { id, epoch, sequence: 0 }
      await append(context, topic, [{ value: 0 }], { producer })
      await context.call("deleteRecords", 200, { params: { topic, partition: 0 }, query: { before: "latest" } })
      const again = await append(context, topic, [{ value: 0 }], { producer })
      assert.equal(again.duplicate, true)
      assert.deepEqual(await readValues(context, topic), [])
    },
  ),
]
