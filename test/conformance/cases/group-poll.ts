import assert from "node:assert/strict"
import { conformanceCase } from "../case.ts"
import { poll } from "../members.ts"
import { append } from "../records.ts"

export const groupPollCases = [
  conformanceCase("polls alone consume a topic", ["poll"], [], async (context) => {
    const topic = await context.newTopic(1)
    await append(context, topic, [{ value: 0 }, { value: 1 }, { value: 2 }])
    const group = context.groupName()
    const first = await poll(context, group, "m1", { topics: [topic], maxRecords: 2 })
    const [batch] = first.batches
    assert.deepEqual(
      batch?.records.map((record) => record.value),
      [0, 1],
    )
    const commit = [{ topic, partition: 0, offset: batch?.nextOffset }]
    const second = await poll(context, group, "m1", { memberEpoch: first.memberEpoch, commit })
    assert.deepEqual(
      second.batches[0]?.records.map((record) => record.value),
      [2],
    )
  }),
]
