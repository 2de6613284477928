import assert from "node:assert/strict"
import { BATCH_TYPE, limits } from "stratalog/protocol"
import { conformanceCase } from "../case.ts"
import { append, appendEach, fetch } from "../records.ts"

const TIMES = [1000, 5000, 3000, 9000, 9000]

export const fetchCases = [
  conformanceCase("an empty partition answers empty, with where to go on", ["fetchRecords"], [], async (context) => {
    const topic = await context.newTopic(1)
    const empty = { records: [], nextOffset: 0, highWatermark: 0, logStartOffset: 0 }
    assert.deepEqual(await fetch(context, topic), empty)
    for (const query of [{ offset: 0 }, { offset: "latest" }, { offset: "earliest" }, { tail: 5 }, { timestamp: 0 }]) {
      assert.deepEqual(await fetch(context, topic, query), empty)
    }
    const binary = await context.send("fetchRecords", {
      params: { topic, partition: 0 },
      headers: { accept: BATCH_TYPE },
    })
    assert.equal(binary.bytes.length, 0)
    assert.equal(binary.headers["stratalog-next-offset"], "0")
  }),

  conformanceCase("from an offset, also within a batch", ["fetchRecords"], [], async (context) => {
    const topic = await context.newTopic(1)
    await append(context, topic, [{ value: 0 }, { value: 1 }, { value: 2 }])
    await append(context, topic, [{ value: 3 }, { value: 4 }])
    for (let offset = 0; offset <= 5; offset++) {
      const answer = await fetch(context, topic, { offset })
      assert.deepEqual(
        answer.records.map((record) => record.value),
        [0, 1, 2, 3, 4].slice(offset),
      )
      assert.deepEqual(
        answer.records.map((record) => record.offset),
        [0, 1, 2, 3, 4].slice(offset),
      )
      assert.deepEqual([answer.nextOffset, answer.highWatermark, answer.logStartOffset], [5, 5, 0])
    }
  }),

  conformanceCase("from the ends, and so many before the end", ["fetchRecords"], [], async (context) => {
    const topic = await context.newTopic(1)
    await append(context, topic, [{ value: 0 }, { value: 1 }])
    await appendEach(context, topic, [2, 3])
    const values = async (query: Record<string, string | number>) =>
      (await fetch(context, topic, query)).records.map((record) => record.value)
    assert.deepEqual(await values({}), [0, 1, 2, 3], "without any of them: from the earliest")
    assert.deepEqual(await values({ offset: "earliest" }), [0, 1, 2, 3])
    assert.deepEqual(await values({ offset: "latest" }), [])
    for (const [tail, expected] of [
      [0, []],
      [1, [3]],
      [3, [1, 2, 3]],
      [4, [0, 1, 2, 3]],
      [99, [0, 1, 2, 3]],
    ] as const) {
      assert.deepEqual(await values({ tail }), expected)
    }
    assert.equal((await fetch(context, topic, { offset: "latest" })).nextOffset, 4)
  }),

  conformanceCase(
    "from a time: the first record that is this old or younger",
    ["fetchRecords"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      await append(
        context,
        topic,
        TIMES.slice(0, 3).map((timestamp, value) => ({ value, timestamp })),
      )
      for (const [index, timestamp] of TIMES.slice(3).entries())
        await append(context, topic, [{ value: 3 + index, timestamp }])
      for (const [timestamp, offset] of [
        [0, 0],
        [1000, 0],
        [1001, 1],
        [5000, 1],
        [5001, 3],
        [9000, 3],
        [9001, 5],
      ] as const) {
        const answer = await fetch(context, topic, { timestamp })
        assert.equal(answer.records[0]?.offset ?? answer.nextOffset, offset, `at ${timestamp}`)
      }
    },
  ),

  conformanceCase(
    "below the log start 410, beyond the end 416, with the valid range",
    ["fetchRecords", "deleteRecords"],
    ["offset_below_log_start", "offset_beyond_end"],
    async (context) => {
      const topic = await context.newTopic(1)
      const params = { topic, partition: 0 }
      await append(context, topic, [{ value: 0 }, { value: 1 }, { value: 2 }])
      await context.call("deleteRecords", 200, { params, query: { before: 2 } })
      for (const headers of [{}, { accept: BATCH_TYPE }] as const) {
        for (const offset of [0, 1]) {
          const below = await context.refused("fetchRecords", "offset_below_log_start", {
            params,
            query: { offset },
            headers,
          })
          assert.deepEqual([below["logStartOffset"], below["highWatermark"]], [2, 3])
        }
        for (const offset of [4, 1000, Number.MAX_SAFE_INTEGER]) {
          const beyond = await context.refused("fetchRecords", "offset_beyond_end", {
            params,
            query: { offset, wait: "30s" },
            headers,
          })
          assert.deepEqual([beyond["logStartOffset"], beyond["highWatermark"]], [2, 3])
        }
      }
      assert.deepEqual(
        (await fetch(context, topic)).records.map((record) => record.offset),
        [2],
      )
      assert.deepEqual(
        (await fetch(context, topic, { tail: 10 })).records.map((record) => record.offset),
        [2],
      )
    },
  ),

  conformanceCase("refuses parameters by name", ["fetchRecords"], ["invalid_request"], async (context) => {
    const topic = await context.newTopic(1)
    const params = { topic, partition: 0 }
    const wrong: [string, Record<string, string | number>][] = [
      ["offset", { offset: -1 }],
      ["offset", { offset: "newest" }],
      ["offset", { offset: "1.5" }],
      ["offset", { offset: "9007199254740993" }],
      ["limit", { limit: 0 }],
      ["limit", { limit: context.limits.maxFetchRecords + 1 }],
      ["maxBytes", { maxBytes: 0 }],
      // A deployment that allows less than others gives less; what none gives is refused.
      ["maxBytes", { maxBytes: limits.maxFetchBytes + 1 }],
      ["minBytes", { minBytes: -1 }],
      ["wait", { wait: "soon" }],
      ["wait", { wait: "-1s" }],
      ["tail", { tail: "x" }],
      ["timestamp", { timestamp: "yesterday" }],
      ["keyFormat", { keyFormat: "avro" }],
      ["valueFormat", { valueFormat: "" }],
      ["max_bytes", { max_bytes: 5 }],
    ]
    for (const [name, query] of wrong) {
      const problem = await context.refused("fetchRecords", "invalid_request", { params, query })
      assert.ok(JSON.stringify(problem["errors"]).includes(name), `${name}: ${JSON.stringify(problem)}`)
    }
    await context.refused("fetchRecords", "invalid_request", { params, query: { offset: 0, tail: 1 } })
    await context.refused("fetchRecords", "invalid_request", { params, query: { timestamp: 0, tail: 1 } })
  }),

  conformanceCase("ETag: 304 while nothing differs, 200 once something does", ["fetchRecords"], [], async (context) => {
    const topic = await context.newTopic(1)
    const params = { topic, partition: 0 }
    await appendEach(context, topic, [0, 1, 2])
    const first = await context.send("fetchRecords", { params, query: { offset: 1, limit: 1 } })
    const etag = first.headers.etag ?? assert.fail("no ETag")
    const again = (query: Record<string, string | number>, headers: Record<string, string> = {}) =>
      context.send("fetchRecords", { params, query, headers: { "if-none-match": etag, ...headers } })
    const same = await again({ offset: 1, limit: 1 })
    assert.equal(same.status, 304)
    assert.equal(same.headers.etag, etag)
    assert.equal((await again({ offset: 2, limit: 1 })).status, 200, "another offset")
    assert.equal((await again({ offset: 1, limit: 2 })).status, 200, "more records")
    assert.equal((await again({ offset: 1, limit: 1, valueFormat: "utf8" })).status, 200, "another format")
    assert.equal((await again({ offset: 1, limit: 1 }, { accept: BATCH_TYPE })).status, 200, "another media type")
    assert.equal((await again({ offset: 1, limit: 1 }, { "if-none-match": `"other", ${etag}` })).status, 304)
    assert.equal((await again({ offset: 1, limit: 1 }, { "if-none-match": '"other"' })).status, 200)
    await appendEach(context, topic, [3])
    assert.equal((await again({ offset: 1, limit: 1 })).status, 200, "the high watermark moved")
  }),
]
