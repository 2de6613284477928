import assert from "node:assert/strict"
import { conformanceCase } from "../case.ts"
import { append, appendEach, fetch } from "../records.ts"

export const longPollCases = [
  conformanceCase("a waiting fetch answers when a record arrives", ["fetchRecords"], [], async (context) => {
    const topic = await context.newTopic(1)
    const waiting = fetch(context, topic, { offset: 0, wait: "60s" })
    await append(context, topic, [{ value: "woke" }])
    const answer = await waiting
    assert.deepEqual(
      answer.records.map((record) => record.value),
      ["woke"],
    )
    assert.equal(answer.highWatermark, 1)
  }),

  conformanceCase("a follower that always waits sees every record in order", ["fetchRecords"], [], async (context) => {
    const topic = await context.newTopic(1)
    const COUNT = 25
    const follow = async () => {
      const seen: unknown[] = []
      for (let offset = 0; offset < COUNT; ) {
        const answer = await fetch(context, topic, { offset, wait: "60s" })
        assert.ok(answer.records.length > 0, "the wait ended without records")
        seen.push(...answer.records.map((record) => record.value))
        offset = answer.nextOffset
      }
      return seen
    }
    const followers = [follow(), follow(), follow()]
    const values = Array.from({ length: COUNT }, (_, index) => index)
    await appendEach(context, topic, values)
    for (const seen of await Promise.all(followers)) assert.deepEqual(seen, values)
  }),

  conformanceCase("a wait that ends without records answers empty", ["fetchRecords"], [], async (context) => {
    const topic = await context.newTopic(1)
    await appendEach(context, topic, [0])
    for (const wait of ["50ms", "50", "0.05s"]) {
      const answer = await fetch(context, topic, { offset: 1, wait })
      assert.deepEqual(answer, { records: [], nextOffset: 1, highWatermark: 1, logStartOffset: 0 })
    }
    assert.equal((await fetch(context, topic, { offset: "latest", wait: "50ms" })).nextOffset, 1)
  }),

  conformanceCase("with records there, no fetch waits", ["fetchRecords"], [], async (context) => {
    const topic = await context.newTopic(1)
    await appendEach(context, topic, [0, 1])
    // A server that waited here would hold the case until its time limit.
    for (let turn = 0; turn < 20; turn++) {
      assert.equal((await fetch(context, topic, { offset: 0, wait: "60s" })).records.length, 2)
    }
  }),

  conformanceCase("minBytes: a full answer does not wait for more", ["fetchRecords"], [], async (context) => {
    const topic = await context.newTopic(1)
    for (let index = 0; index < 3; index++) await append(context, topic, [{ value: "x".repeat(500) }])
    // 60 s would be over before the case is: only an answer at once passes.
    const full = await fetch(context, topic, { offset: 0, maxBytes: 700, minBytes: 100_000, wait: "60s" })
    assert.equal(full.records.length, 1)
    const limited = await fetch(context, topic, { offset: 0, limit: 2, minBytes: 100_000, wait: "60s" })
    assert.equal(limited.records.length, 2)
  }),
  conformanceCase("minBytes: waits for so many bytes", ["fetchRecords"], [], async (context) => {
    const topic = await context.newTopic(1)
    await appendEach(context, topic, ["first"])
    const waiting = fetch(context, topic, { offset: 0, minBytes: 3000, wait: "60s" })
    await append(context, topic, [{ value: "x".repeat(4000) }])
    assert.equal((await waiting).records.length, 2, "the answer holds what it waited for")
    const timedOut = await fetch(context, topic, { offset: 0, minBytes: 1_000_000, wait: "50ms" })
    assert.equal(timedOut.records.length, 2, "when the time is over it answers what is there")
    assert.equal((await fetch(context, topic, { offset: 2, minBytes: 0, wait: "60s" })).records.length, 0)
  }),

  conformanceCase(
    "a waiting fetch learns that its topic was deleted",
    ["fetchRecords", "deleteTopic"],
    ["topic_not_found"],
    async (context) => {
      const topic = await context.newTopic(1)
      const params = { topic, partition: 0 }
      const waiting = context.send("fetchRecords", { params, query: { wait: "60s" } })
      await context.call("deleteTopic", 204, { params: { topic } })
      context.problem(await waiting, "topic_not_found")
    },
  ),

  conformanceCase("a wait from latest sees only what comes later", ["fetchRecords"], [], async (context) => {
    const topic = await context.newTopic(1)
    await appendEach(context, topic, ["before"])
    let next = (await fetch(context, topic, { offset: "latest" })).nextOffset
    const waiting = fetch(context, topic, { offset: next, wait: "60s" })
    await appendEach(context, topic, ["after"])
    const answer = await waiting
    next = answer.nextOffset
    assert.deepEqual([answer.records.map((record) => record.value), next], [["after"], 2])
  }),
]
