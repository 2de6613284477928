import assert from "node:assert/strict"
import { conformanceCase } from "../case.ts"
import type { CaseContext } from "../context.ts"
import { describeAnswer } from "../contract.ts"
import { append, fetch } from "../records.ts"

/** The raw text of an answer that holds one record with the value whose JSON text is `value`. */
async function roundTrip(context: CaseContext, value: string): Promise<string> {
  const topic = await context.newTopic(1)
  const params = { topic, partition: 0 }
  await context.call("produceToPartition", 200, { params, raw: `{"records":[{"value":${value}}]}` })
  return (await context.send("fetchRecords", { params })).text
}

const NUMBERS = [
  "9007199254740993",
  "-9007199254740993",
  "12345678901234567890123456789",
  "0.1234567890123456789",
  "1.0",
  "1e3",
  "1E+3",
  "100000000000000000000000",
  "1e400",
  "-0",
  "5e-324",
  "1.7976931348623157e308",
]

export const exactnessCases = [
  conformanceCase("numbers come back digit for digit", ["produceToPartition", "fetchRecords"], [], async (context) => {
    for (const number of NUMBERS) {
      assert.ok((await roundTrip(context, number)).includes(`"value":${number}`), `${number} changed`)
    }
    const nested = `{"a":[1,${NUMBERS.join(",")}],"b":{"9007199254740993":9007199254740993}}`
    assert.ok((await roundTrip(context, nested)).includes(`"value":${nested}`), "changed inside an object")
  }),

  conformanceCase(
    "numbers come back digit for digit from every way to produce",
    ["produceToTopic", "produceMany"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      const value = '{"id":9007199254740993}'
      await context.call("produceToTopic", 200, {
        params: { topic },
        raw: `{"records":[{"value":1},{"value":${value}}]}`,
      })
      await context.call("produceMany", 200, {
        raw: `{"entries":[{"topic":"${topic}","partition":0,"records":[{"value":${value},"key":9007199254740995}],"keyFormat":"json"}]}`,
      })
      const one = await context.send("fetchRecords", { params: { topic, partition: 0 }, query: { keyFormat: "json" } })
      assert.equal(one.text.split(`"value":${value}`).length - 1, 2, describeAnswer(one))
      assert.ok(one.text.includes('"key":9007199254740995'), describeAnswer(one))
      const many = await context.send("fetchMany", { body: { partitions: [{ topic, partition: 0 }] } })
      assert.equal(many.text.split(`"value":${value}`).length - 1, 2, describeAnswer(many))
    },
  ),

  conformanceCase(
    "text comes back character for character",
    ["produceToPartition", "fetchRecords"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      const texts = [
        "",
        " ",
        "\u0000",
        "a\u0000b",
        '\n\r\t\b\f"\\/',
        "ünïcödé",
        "👩‍👩‍👧‍👦",
        "e\u0301 and é",
        "\u2028\u2029",
        "\ufeffwith a BOM",
        "\ufffe\uffff",
        "مرحبا",
        "\u007f\u0080\u009f",
        "</script>",
      ]
      await append(
        context,
        topic,
        texts.map((value) => ({ key: value, value })),
      )
      await append(
        context,
        topic,
        texts.map((value) => ({ key: value, value })),
        { valueFormat: "utf8" },
      )
      const json = (await fetch(context, topic, { limit: texts.length })).records
      assert.deepEqual(
        json.map((record) => record.value),
        texts,
      )
      assert.deepEqual(
        json.map((record) => record.key),
        texts,
      )
      const utf8 = (await fetch(context, topic, { offset: texts.length, valueFormat: "utf8" })).records
      assert.deepEqual(
        utf8.map((record) => record.value),
        texts,
      )
    },
  ),

  conformanceCase(
    "a lone surrogate is refused or comes back, never replaced",
    ["produceToPartition"],
    ["invalid_request"],
    async (context) => {
      const topic = await context.newTopic(1)
      const params = { topic, partition: 0 }
      for (const text of ["\\ud800", "a\\udc00b", "\\udc00\\ud800"]) {
        const asText = `{"records":[{"value":"${text}"}],"valueFormat":"utf8"}`
        await context.refused("produceToPartition", "invalid_request", { params, raw: asText })
        const asKey = `{"records":[{"key":"${text}","value":1}]}`
        await context.refused("produceToPartition", "invalid_request", { params, raw: asKey })
        const answer = await context.send("produceToPartition", { params, raw: `{"records":[{"value":"${text}"}]}` })
        if (answer.status !== 200) {
          context.problem(answer, "invalid_request")
          continue
        }
        const { records } = await fetch(context, topic, { tail: 1 })
        assert.equal(records[0]?.value, JSON.parse(`"${text}"`))
      }
    },
  ),

  conformanceCase("names of object members are data", ["produceToPartition", "fetchRecords"], [], async (context) => {
    const value = '{"__proto__":{"a":1},"constructor":2,"toString":null,"":3,"hasOwnProperty":4}'
    assert.ok((await roundTrip(context, value)).includes(`"value":${value}`))
    const exact = '{"__proto__":{"n":1.0},"10":1.50,"2":2}'
    const text = await roundTrip(context, exact)
    for (const part of ['"__proto__":{"n":1.0}', '"10":1.50', '"2":2']) assert.ok(text.includes(part), text)
  }),

  conformanceCase(
    "nesting is stored within the limit and refused beyond",
    ["produceToPartition"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      const params = { topic, partition: 0 }
      const { maxNesting } = await context.call("limits", 200)
      // The body is an object with a list of objects.
      const most = maxNesting - 3
      for (const depth of [100, most, most + 1, 5000, 200_000]) {
        const value = "[".repeat(depth) + "]".repeat(depth)
        const answer = await context.send("produceToPartition", { params, raw: `{"records":[{"value":${value}}]}` })
        if (depth <= most) {
          assert.equal(answer.status, 200)
          const read = await context.send("fetchRecords", { params, query: { tail: 1, valueFormat: "utf8" } })
          assert.equal(JSON.parse(read.text).records[0].value, value)
        } else context.problem(answer, depth < 10_000 ? "malformed_body" : ["malformed_body", "body_too_large"])
      }
    },
  ),

  conformanceCase(
    "headers are kept, as many as the limit, and refused beyond",
    ["produceToPartition"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      const params = { topic, partition: 0 }
      const { maxRecordHeaders } = await context.call("limits", 200)
      for (const count of [maxRecordHeaders, maxRecordHeaders + 1]) {
        const headers = Array.from({ length: count }, (_, index) => [`h${index}`, "v"])
        const answer = await context.send("produceToPartition", {
          params,
          raw: JSON.stringify({ records: [{ value: 1, headers }] }),
        })
        if (count > maxRecordHeaders) context.problem(answer, "invalid_request")
        else {
          assert.equal(answer.status, 200)
          const { records } = await fetch(context, topic, { tail: 1 })
          assert.deepEqual(records[0]?.headers, headers)
        }
      }
    },
  ),
]
