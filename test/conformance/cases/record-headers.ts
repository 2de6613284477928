import assert from "node:assert/strict"
import { BATCH_TYPE } from "stratalog/protocol"
import { encodeBatch, portableCrc32c } from "stratalog/record-batch"
import { recordsOf } from "../batch.ts"
import { conformanceCase } from "../case.ts"
import { append, readAll } from "../records.ts"

export const headerCases = [
  conformanceCase(
    "headers keep their order, their repeats, nulls and bytes",
    ["produceToPartition", "fetchRecords"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      const headers: [string, string | null | { base64: string }][] = [
        ["trace", "a1"],
        ["b", ""],
        ["trace", "a0"],
        ["", "no name"],
        ["null", null],
        ["bytes", { base64: "/wCA" }],
        ["trace", "a1"],
        ["ключ", "значение 😀"],
        ["__proto__", "x"],
      ]
      await append(context, topic, [{ value: 1, headers }, { value: 2 }, { value: 3, headers: [] }])
      const [first, second, third] = await readAll(context, topic)
      assert.deepEqual(first?.headers, headers)
      assert.deepEqual(second?.headers ?? [], [])
      assert.deepEqual(third?.headers ?? [], [])
      const answer = await context.send("fetchRecords", {
        params: { topic, partition: 0 },
        headers: { accept: BATCH_TYPE },
      })
      const [decoded] = await recordsOf(answer.bytes)
      assert.deepEqual(
        decoded?.headers.map(([name]) => name),
        headers.map(([name]) => name),
      )
      assert.equal(decoded?.headers[4]?.[1], null)
      assert.deepEqual([...(decoded?.headers[5]?.[1] ?? [])], [0xff, 0x00, 0x80])
    },
  ),

  conformanceCase(
    "headers of a binary batch are read in JSON",
    ["produceToPartition", "fetchRecords"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      const bytes = new Uint8Array([0xc3, 0x28])
      const headers = [
        ["text", new TextEncoder().encode("v")],
        ["bytes", bytes],
        ["null", null],
      ] as const
      const record = { timestamp: 1_700_000_000_000, key: null, value: null, headers }
      const raw = encodeBatch({ records: [record] }, portableCrc32c)
      await context.call("produceToPartition", 200, { params: { topic, partition: 0 }, raw, type: BATCH_TYPE })
      const [read] = await readAll(context, topic)
      assert.deepEqual(read?.headers, [
        ["text", "v"],
        ["bytes", { base64: Buffer.from(bytes).toString("base64") }],
        ["null", null],
      ])
    },
  ),

  conformanceCase("refuses headers that are none", ["produceToPartition"], ["invalid_request"], async (context) => {
    const topic = await context.newTopic(1)
    for (const headers of [
      { trace: "a" },
      [["only a name"]],
      [["a", "b", "c"]],
      [[1, "v"]],
      [["a", 1]],
      [["a", { base64: "%" }]],
      [["a", { base64: "AA==", more: 1 }]],
      [["\ud800", "v"]],
      [["a", "\udc00"]],
    ]) {
      await context.refused("produceToPartition", "invalid_request", {
        params: { topic, partition: 0 },
        body: { records: [{ value: 1, headers }] },
      })
    }
    assert.deepEqual(await readAll(context, topic), [])
  }),
]
