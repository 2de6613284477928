import assert from "node:assert/strict"
import { BATCH_TYPE } from "stratalog/protocol"
import { batchOf } from "../batch.ts"
import { conformanceCase } from "../case.ts"
import { append, readValues } from "../records.ts"

export const idempotenceCases = [
  conformanceCase(
    "the same sequence twice: one append, its original offset",
    ["produceToPartition"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      const { id, epoch } = await context.call("initProducer", 200)
      const send = (sequence: number, ...values: string[]) =>
        append(
          context,
          topic,
          values.map((value) => ({ value })),
          { producer: { id, epoch, sequence } },
        )
      const first = await send(0, "a", "b")
      assert.equal(first.duplicate, undefined)
      await append(context, topic, [{ value: "other" }])
      const second = await send(2, "c")
      assert.equal(second.baseOffset, 3)
      const again = await send(0, "a", "b")
      assert.deepEqual(again, { ...first, duplicate: true })
      assert.equal((await send(2, "c")).duplicate, true)
      assert.equal((await send(3, "d")).baseOffset, 4)
      assert.deepEqual(await readValues(context, topic), ["a", "b", "other", "c", "d"])
    },
  ),

  conformanceCase("the same in a binary batch's header", ["produceToPartition"], ["sequence_gap"], async (context) => {
    const topic = await context.newTopic(1)
    const { id, epoch } = await context.call("initProducer", 200)
    const params = { topic, partition: 0 }
    const raw = await batchOf(["x", "y"], { producer: { id, epoch, sequence: 0 } })
    const first = await context.call("produceToPartition", 200, { params, raw, type: BATCH_TYPE })
    const again = await context.call("produceToPartition", 200, { params, raw, type: BATCH_TYPE })
    assert.deepEqual(again, { ...first, duplicate: true })
    const gap = await batchOf(["z"], { producer: { id, epoch, sequence: 3 } })
    const problem = await context.refused("produceToPartition", "sequence_gap", { params, raw: gap, type: BATCH_TYPE })
    assert.equal(problem["expected"], 2)
    await append(context, topic, [{ value: "z" }], { producer: { id, epoch, sequence: 2 } })
  }),

  conformanceCase(
    "a sequence that skips is refused with the expected one",
    ["produceToPartition"],
    ["sequence_gap"],
    async (context) => {
      const topic = await context.newTopic(1)
      const { id, epoch } = await context.call("initProducer", 200)
      const gap = (sequence: number) =>
        context.refused("produceToPartition", "sequence_gap", {
          params: { topic, partition: 0 },
          body: { records: [{ value: "no" }], producer: { id, epoch, sequence } },
        })
      assert.equal((await gap(1))["expected"], 0)
      await append(context, topic, [{ value: 0 }, { value: 1 }], { producer: { id, epoch, sequence: 0 } })
      for (const sequence of [3, 100, 2 ** 30]) assert.equal((await gap(sequence))["expected"], 2)
      assert.deepEqual(await readValues(context, topic), [0, 1])
    },
  ),

  conformanceCase(
    "a new epoch starts at sequence 0 and shuts the old one out",
    ["produceToPartition", "initProducer"],
    ["producer_fenced", "sequence_gap"],
    async (context) => {
      const topic = await context.newTopic(1)
      const { id } = await context.call("initProducer", 200)
      const at = (epoch: number, sequence: number) => ({
        params: { topic, partition: 0 },
        body: { records: [{ value: `${epoch}:${sequence}` }], producer: { id, epoch, sequence } },
      })
      await context.call("produceToPartition", 200, at(0, 0))
      const { epoch } = await context.call("initProducer", 200, { body: { id, epoch: 0 } })
      await context.refused("produceToPartition", "sequence_gap", at(epoch, 1))
      await context.call("produceToPartition", 200, at(epoch, 0))
      await context.refused("produceToPartition", "producer_fenced", at(0, 1))
      await context.refused("produceToPartition", "producer_fenced", at(0, 0))
      await context.call("produceToPartition", 200, at(epoch, 1))
      assert.deepEqual(await readValues(context, topic), ["0:0", "1:0", "1:1"])
    },
  ),

  conformanceCase(
    "the last five batches are remembered with their offsets",
    ["produceToPartition"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      const { id, epoch } = await context.call("initProducer", 200)
      const send = (sequence: number) =>
        append(context, topic, [{ value: sequence }], { producer: { id, epoch, sequence } })
      for (let sequence = 0; sequence < 8; sequence++) await send(sequence)
      for (let sequence = 3; sequence < 8; sequence++) {
        const again = await send(sequence)
        assert.deepEqual([again.baseOffset, again.duplicate], [sequence, true])
      }
      const old = await send(0)
      assert.equal(old.duplicate, true, "what is older is a duplicate too")
      assert.ok(old.baseOffset === undefined || old.baseOffset === 0)
      assert.equal((await readValues(context, topic)).length, 8)
    },
  ),

  conformanceCase("sent many times at once, appended once", ["produceToPartition"], [], async (context) => {
    const topic = await context.newTopic(1)
    const { id, epoch } = await context.call("initProducer", 200)
    for (let sequence = 0; sequence < 4; sequence++) {
      const producer = { id, epoch, sequence }
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => append(context, topic, [{ value: sequence }], { producer })),
      )
      assert.equal(answers.filter((answer) => answer.duplicate === undefined).length, 1)
      assert.deepEqual(new Set(answers.map((answer) => answer.baseOffset)), new Set([sequence]))
    }
    assert.deepEqual(await readValues(context, topic), [0, 1, 2, 3])
  }),

  conformanceCase("a producer's sequence belongs to the partition", ["produceToPartition"], [], async (context) => {
    const topic = await context.newTopic(2)
    const { id, epoch } = await context.call("initProducer", 200)
    const producer = { id, epoch, sequence: 0 }
    await append(context, topic, [{ value: "zero" }], { producer }, 0)
    const other = await append(context, topic, [{ value: "one" }], { producer }, 1)
    assert.equal(other.duplicate, undefined)
  }),

  conformanceCase(
    "a retry of a success is a success, whatever else was asked",
    ["produceToPartition"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      const { id, epoch } = await context.call("initProducer", 200)
      const extra = { producer: { id, epoch, sequence: 0 }, matchOffset: 0 }
      await append(context, topic, [{ value: 1 }], extra)
      const again = await append(context, topic, [{ value: 1 }], extra)
      assert.deepEqual([again.baseOffset, again.duplicate], [0, true])
    },
  ),
]
