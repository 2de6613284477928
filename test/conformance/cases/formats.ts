import assert from "node:assert/strict"
import { conformanceCase } from "../case.ts"
import { append, fetch } from "../records.ts"

const base64 = (bytes: readonly number[] | string) => Buffer.from(bytes as string).toString("base64")

export const formatCases = [
  conformanceCase(
    "keys are text and values JSON where the request does not say",
    ["produceToPartition", "fetchRecords"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      const values = [{ a: [1, "x", null, true] }, "text", 5, -0.5, true, false, [], {}, ""]
      await append(
        context,
        topic,
        values.map((value) => ({ key: "k", value })),
      )
      const { records } = await fetch(context, topic)
      assert.deepEqual(
        records.map((record) => record.value),
        values,
      )
      assert.ok(records.every((record) => record.key === "k"))
      const text = await fetch(context, topic, { valueFormat: "utf8" })
      assert.deepEqual(
        text.records.map((record) => record.value),
        values.map((value) => JSON.stringify(value)),
      )
    },
  ),

  conformanceCase(
    "what is written in one format is read in another",
    ["produceToPartition", "fetchRecords"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      await append(context, topic, [{ key: base64("k1"), value: base64('{"a":1}') }], {
        keyFormat: "base64",
        valueFormat: "base64",
      })
      await append(context, topic, [{ key: { id: 1 }, value: '{"b":2}' }], { keyFormat: "json", valueFormat: "utf8" })
      const asJson = await fetch(context, topic)
      assert.deepEqual(
        asJson.records.map((record) => [record.key, record.value]),
        [
          ["k1", { a: 1 }],
          ['{"id":1}', { b: 2 }],
        ],
      )
      const asBytes = await fetch(context, topic, { keyFormat: "base64", valueFormat: "base64" })
      assert.deepEqual(
        asBytes.records.map((record) => [record.key, record.value]),
        [
          [base64("k1"), base64('{"a":1}')],
          [base64('{"id":1}'), base64('{"b":2}')],
        ],
      )
      assert.ok(asBytes.records.every((record) => record.valueEncoding === undefined))
      const jsonKey = await fetch(context, topic, { keyFormat: "json", offset: 1 })
      assert.deepEqual(jsonKey.records[0]?.key, { id: 1 })
    },
  ),

  conformanceCase("bytes that do not decode come back in base64, marked", ["fetchRecords"], [], async (context) => {
    const topic = await context.newTopic(1)
    const broken = [[0xff, 0xfe], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0x7b]]
    await append(
      context,
      topic,
      broken.map((bytes) => ({ key: base64(bytes), value: base64(bytes) })),
      { keyFormat: "base64", valueFormat: "base64" },
    )
    const { records } = await fetch(context, topic)
    records.forEach((record, index) => {
      const encoded = base64(broken[index] ?? [])
      assert.deepEqual([record.value, record.valueEncoding], [encoded, "base64"])
      if (index < 4) assert.deepEqual([record.key, record.keyEncoding], [encoded, "base64"])
      else assert.deepEqual([record.key, record.keyEncoding], ["{", undefined])
    })
    const text = await fetch(context, topic, { valueFormat: "utf8", offset: 4 })
    assert.deepEqual([text.records[0]?.value, text.records[0]?.valueEncoding], ["{", undefined])
  }),

  conformanceCase(
    "a tombstone is not the JSON text null",
    ["produceToPartition", "fetchRecords"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      await append(context, topic, [{ key: "k", value: null }])
      await append(context, topic, [{ key: "k", value: "null" }], { valueFormat: "utf8" })
      const asText = (await fetch(context, topic, { valueFormat: "utf8" })).records
      assert.deepEqual(
        asText.map((record) => record.value),
        [null, "null"],
      )
      const asBytes = (await fetch(context, topic, { valueFormat: "base64" })).records
      assert.deepEqual(
        asBytes.map((record) => record.value),
        [null, base64("null")],
      )
      const asJson = (await fetch(context, topic)).records
      assert.deepEqual(
        asJson.map(({ value, valueEncoding }) => [value, valueEncoding]),
        [
          [null, undefined],
          [base64("null"), "base64"],
        ],
      )
    },
  ),

  conformanceCase(
    "an empty key and an empty value are not absent ones",
    ["produceToPartition", "fetchRecords"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      await append(
        context,
        topic,
        [
          { key: "", value: "" },
          { key: null, value: null },
        ],
        { valueFormat: "utf8" },
      )
      const { records } = await fetch(context, topic, { valueFormat: "utf8" })
      assert.deepEqual(
        records.map(({ key, value }) => [key, value]),
        [
          ["", ""],
          [null, null],
        ],
      )
    },
  ),

  conformanceCase(
    "refuses what does not fit its format, by its place",
    ["produceToPartition"],
    ["invalid_request"],
    async (context) => {
      const topic = await context.newTopic(1)
      const good = { value: "AA==" }
      const wrong: [Record<string, unknown>, Record<string, unknown>, string][] = [
        [{ value: 1 }, { valueFormat: "utf8" }, "records[1].value"],
        [{ value: { a: 1 } }, { valueFormat: "base64" }, "records[1].value"],
        [{ value: "not base64!" }, { valueFormat: "base64" }, "records[1].value"],
        [{ value: "AAA" }, { valueFormat: "base64" }, "records[1].value"],
        [{ key: 5, value: "AA==" }, {}, "records[1].key"],
        [{ key: "%", value: "AA==" }, { keyFormat: "base64" }, "records[1].key"],
        [{ key: "k" }, {}, "records[1].value"],
      ]
      for (const [record, formats, path] of wrong) {
        const problem = await context.refused("produceToPartition", "invalid_request", {
          params: { topic, partition: 0 },
          body: { records: [good, record], ...formats },
        })
        assert.ok(JSON.stringify(problem["errors"]).includes(path), `${path}: ${JSON.stringify(problem)}`)
      }
      const body = { records: [good], valueFormat: "avro" }
      await context.refused("produceToPartition", "invalid_request", { params: { topic, partition: 0 }, body })
      assert.deepEqual((await fetch(context, topic)).records, [])
    },
  ),
]
