import assert from "node:assert/strict"
import * as zlib from "node:zlib"
import { BATCH_TYPE } from "stratalog/protocol"
import { batchOf } from "../batch.ts"
import { conformanceCase } from "../case.ts"
import { readValues } from "../records.ts"

const ENCODERS = { gzip: zlib.gzipSync, zstd: zlib.zstdCompressSync } as const

export const bodyCases = [
  conformanceCase(
    "bad JSON and no JSON",
    ["produceToPartition", "createTopic", "setFence"],
    ["malformed_body"],
    async (context) => {
      const topic = await context.newTopic(1)
      const params = { topic, partition: 0 }
      const broken = [
        "",
        " ",
        "{",
        '{"records":[{"value":1}]',
        "{'records':[]}",
        '{"records":[{"value":01}]}',
        "NaN",
        '{"a":1}{"b":2}',
        "\u0000",
      ]
      for (const raw of broken) {
        await context.refused("produceToPartition", "malformed_body", { params, raw })
        await context.refused("setFence", "malformed_body", { params, raw })
        if (raw !== "") await context.refused("createTopic", "malformed_body", { params, raw })
      }
      const notUtf8 = Buffer.concat([
        Buffer.from('{"records":[{"value":"'),
        Buffer.from([0xc3, 0x28]),
        Buffer.from('"}]}'),
      ])
      await context.refused("produceToPartition", "malformed_body", { params, raw: notUtf8 })
      assert.deepEqual(await readValues(context, topic), [])
    },
  ),

  conformanceCase(
    "media types",
    ["produceToPartition", "produceToTopic", "createTopic"],
    ["unsupported_media_type"],
    async (context) => {
      const topic = await context.newTopic(1)
      const params = { topic, partition: 0 }
      const raw = '{"records":[{"value":1}]}'
      for (const type of ["application/json; charset=utf-8", "APPLICATION/JSON", "application/json;charset=UTF-8"]) {
        await context.call("produceToPartition", 200, { params, raw, type })
      }
      for (const type of [
        "text/plain",
        "application/xml",
        "application/octet-stream",
        "multipart/form-data",
        "application/jsonp",
      ]) {
        await context.refused("produceToPartition", "unsupported_media_type", { params, raw, type })
        await context.refused("createTopic", "unsupported_media_type", { params, raw: "{}", type })
      }
      const batch = { params, raw: await batchOf(["v"]), type: BATCH_TYPE }
      await context.refused("produceToTopic", "unsupported_media_type", batch)
      assert.equal((await readValues(context, topic)).length, 3)
    },
  ),

  ...(["gzip", "zstd"] as const).map((encoding) =>
    conformanceCase(
      `${encoding} request bodies: whole, broken, and bombs`,
      ["produceToPartition"],
      ["malformed_body", "body_too_large"],
      async (context) => {
        const topic = await context.newTopic(1)
        const params = { topic, partition: 0 }
        const encode = ENCODERS[encoding]
        const headers = { "content-encoding": encoding }
        const body = Buffer.from('{"records":[{"value":"compressed"}],"valueFormat":"utf8"}')
        const whole = encode(body)
        await context.call("produceToPartition", 200, { params, raw: whole, headers })
        await context.call("produceToPartition", 200, {
          params,
          raw: encode(await batchOf(["batch"])),
          type: BATCH_TYPE,
          headers,
        })
        await context.refused("produceToPartition", "malformed_body", { params, raw: whole.subarray(0, -9), headers })
        await context.refused("produceToPartition", "malformed_body", { params, raw: body, headers })
        const flipped = Buffer.from(whole)
        flipped[whole.length >> 1] = (flipped[whole.length >> 1] ?? 0) ^ 0xff
        const answer = await context.send("produceToPartition", { params, raw: flipped, headers })
        context.problem(answer, ["malformed_body", "invalid_request"])
        const bomb = encode(Buffer.alloc(context.limits.maxRequestBytes + 1024, " "))
        await context.refused("produceToPartition", "body_too_large", { params, raw: bomb, headers })
        const { records } = await context.call("fetchRecords", 200, { params, query: { valueFormat: "utf8" } })
        assert.deepEqual(
          records.map((record) => record.value),
          ["compressed", "batch"],
        )
      },
    ),
  ),

  conformanceCase("other content encodings", ["produceToPartition"], ["unsupported_encoding"], async (context) => {
    const topic = await context.newTopic(1)
    const params = { topic, partition: 0 }
    const raw = '{"records":[{"value":1}]}'
    await context.call("produceToPartition", 200, { params, raw, headers: { "content-encoding": "identity" } })
    for (const encoding of ["br", "deflate", "compress", "gzip, br", "x"]) {
      const headers = { "content-encoding": encoding }
      await context.refused("produceToPartition", "unsupported_encoding", { params, raw, headers })
    }
  }),

  conformanceCase(
    "bodies beyond the limit, declared or not",
    ["produceToPartition", "produceToTopic", "fetchMany"],
    ["body_too_large"],
    async (context) => {
      const topic = await context.newTopic(1)
      const params = { topic, partition: 0 }
      const raw = Buffer.alloc(context.limits.maxRequestBytes + 1, " ")
      for (const id of ["produceToPartition", "produceToTopic", "fetchMany"] as const) {
        await context.refused(id, "body_too_large", { params, raw })
        await context.refused(id, "body_too_large", { params, raw, headers: { "transfer-encoding": "chunked" } })
      }
      assert.deepEqual(await readValues(context, topic), [])
    },
  ),

  conformanceCase(
    "a large body that is refused unread does not cost its sender the answer",
    ["produceToPartition", "fetchMany"],
    ["unsupported_media_type", "invalid_request"],
    async (context) => {
      const params = { topic: context.newName(), partition: 0 }
      const raw = Buffer.alloc(context.limits.maxRequestBytes >> 1, "x")
      for (const id of ["produceToPartition", "fetchMany"] as const) {
        await context.refused(id, "unsupported_media_type", { params, raw, type: "text/plain" })
        await context.refused(id, "invalid_request", { params, raw, query: { unknown: 1 } })
      }
    },
  ),
]
