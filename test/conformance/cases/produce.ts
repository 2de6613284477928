import assert from "node:assert/strict"
import { murmur2Partition } from "stratalog/record-batch"
import { conformanceCase } from "../case.ts"
import { append, readAll, readValues } from "../records.ts"

const PARTITIONS = 5

export const produceCases = [
  conformanceCase("places keys where Kafka's murmur2 does", ["produceToTopic"], [], async (context) => {
    const topic = await context.newTopic(PARTITIONS)
    const keys = ["", "a", "ab", "abc", "abcd", "user-17", "ключ", "😀", "x".repeat(300), "0", "null", "a"]
    const records = keys.map((key, index) => ({ key, value: index }))
    const { results } = await context.call("produceToTopic", 200, { params: { topic }, body: { records } })
    const placed = keys.map((key) => murmur2Partition(new TextEncoder().encode(key), PARTITIONS))
    for (const result of results) {
      const positions = keys.map((_, index) => index).filter((index) => placed[index] === result.partition)
      assert.deepEqual(result.records, positions, "each result says which records of the request it is about")
      assert.equal(result.count, positions.length)
      assert.equal(result.baseOffset, 0)
      const stored = await readAll(context, topic, result.partition)
      assert.deepEqual(
        stored.map((record) => [record.offset, record.key, record.value]),
        positions.map((position, offset) => [offset, keys[position], position]),
      )
    }
    assert.equal(results.length, new Set(placed).size)
  }),

  conformanceCase("the key's bytes decide, whatever format they came in", ["produceToTopic"], [], async (context) => {
    const topic = await context.newTopic(PARTITIONS)
    const key = new Uint8Array([0xff, 0x00, 0x80, 7])
    const body = { keyFormat: "base64", records: [{ key: Buffer.from(key).toString("base64"), value: 1 }] }
    const bytes = await context.call("produceToTopic", 200, { params: { topic }, body })
    assert.equal(bytes.results[0]?.partition, murmur2Partition(key, PARTITIONS))
    const json = { keyFormat: "json", records: [{ key: { id: 5 }, value: 1 }] }
    const structured = await context.call("produceToTopic", 200, { params: { topic }, body: json })
    const text = new TextEncoder().encode('{"id":5}')
    assert.equal(structured.results[0]?.partition, murmur2Partition(text, PARTITIONS))
  }),

  conformanceCase("records without a key stay together within a request", ["produceToTopic"], [], async (context) => {
    const topic = await context.newTopic(PARTITIONS)
    const records = Array.from({ length: 20 }, (_, index) => ({ value: index, ...(index % 2 === 0 && { key: null }) }))
    const { results } = await context.call("produceToTopic", 200, { params: { topic }, body: { records } })
    assert.equal(results.length, 1)
    const [result] = results
    assert.equal(result?.count, 20)
    assert.deepEqual(
      await readValues(context, topic, result?.partition),
      records.map((record) => record.value),
    )
  }),

  conformanceCase("a record may say its partition, whatever its key", ["produceToTopic"], [], async (context) => {
    const topic = await context.newTopic(PARTITIONS)
    const records = [
      { partition: 4, key: "a", value: "a4" },
      { partition: 0, value: "0" },
      { partition: 4, value: "4" },
    ]
    const { results } = await context.call("produceToTopic", 200, { params: { topic }, body: { records } })
    assert.deepEqual(
      results.map(({ partition, baseOffset, count, records: positions }) => ({
        partition,
        baseOffset,
        count,
        positions,
      })),
      [
        { partition: 0, baseOffset: 0, count: 1, positions: [1] },
        { partition: 4, baseOffset: 0, count: 2, positions: [0, 2] },
      ].sort((left, right) => order(results, left.partition) - order(results, right.partition)),
    )
    assert.deepEqual(await readValues(context, topic, 4), ["a4", "4"])
  }),

  conformanceCase(
    "a partition that is not there is refused before any effect",
    ["produceToTopic", "produceToPartition"],
    ["partition_not_found"],
    async (context) => {
      const topic = await context.newTopic(2)
      const records = [
        { value: "good", partition: 0 },
        { value: "bad", partition: 2 },
      ]
      await context.refused("produceToTopic", "partition_not_found", { params: { topic }, body: { records } })
      const body = { records: [{ value: 1 }] }
      await context.refused("produceToPartition", "partition_not_found", { params: { topic, partition: 2 }, body })
      assert.deepEqual(await readValues(context, topic, 0), [])
    },
  ),

  conformanceCase(
    "appends to one partition with dense offsets",
    ["produceToPartition", "fetchRecords"],
    [],
    async (context) => {
      const topic = await context.newTopic(2)
      for (let request = 0; request < 5; request++) {
        const records = Array.from({ length: request + 1 }, (_, index) => ({ value: { request, index } }))
        const produced = await append(context, topic, records, {}, 1)
        assert.equal(produced.partition, 1)
        assert.equal(produced.baseOffset, (request * (request + 1)) / 2)
        assert.equal(produced.count, request + 1)
        assert.equal(produced.duplicate, undefined)
      }
      const stored = await readAll(context, topic, 1)
      assert.deepEqual(
        stored.map((record) => record.offset),
        Array.from({ length: 15 }, (_, index) => index),
      )
      assert.deepEqual(await readValues(context, topic, 0), [])
    },
  ),

  conformanceCase(
    "many writers at once: every record once, in each writer's order",
    ["produceToPartition"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      const WRITERS = 10
      const EACH = 10
      const offsets = await Promise.all(
        Array.from({ length: WRITERS }, async (_, writer) => {
          const own: number[] = []
          for (let turn = 0; turn < EACH; turn++) {
            own.push((await append(context, topic, [{ value: `${writer}:${turn}` }])).baseOffset ?? -1)
          }
          return own
        }),
      )
      const values = await readValues(context, topic)
      assert.equal(values.length, WRITERS * EACH)
      offsets.forEach((own, writer) => {
        own.forEach((offset, turn) => {
          assert.equal(values[offset], `${writer}:${turn}`)
          assert.ok(turn === 0 || offset > (own[turn - 1] ?? -1))
        })
      })
    },
  ),

  conformanceCase(
    "a compacted topic takes only records with keys",
    ["produceToTopic", "produceToPartition"],
    ["invalid_batch"],
    async (context) => {
      const topic = await context.newTopic(1, { "cleanup.policy": "compact" })
      const records = [{ key: "k", value: 1 }, { value: 2 }]
      await context.refused("produceToTopic", "invalid_batch", { params: { topic }, body: { records } })
      const params = { topic, partition: 0 }
      await context.refused("produceToPartition", "invalid_batch", { params, body: { records } })
      assert.deepEqual(await readValues(context, topic), [])
      await append(context, topic, [{ key: "k", value: null }])
    },
  ),
]

/** Results may stand in any order of partitions. */
function order(results: readonly { readonly partition: number }[], partition: number): number {
  return results.findIndex((result) => result.partition === partition)
}
