import assert from "node:assert/strict"
import { POLL_TYPE, type Polled, polledHead } from "stratalog/protocol"
import { recordsOf } from "../batch.ts"
import { conformanceCase } from "../case.ts"
import type { CaseContext } from "../context.ts"
import { assertEmbeddedProblem } from "../contract.ts"
import { at, count, heartbeat, named, poll, until } from "../members.ts"
import { append } from "../records.ts"

/** A topic of which each partition has so many records; their values name partition and offset. */
async function filled(context: CaseContext, partitions: number, records: number): Promise<string> {
  const topic = await context.newTopic(partitions)
  for (let partition = 0; partition < partitions; partition++) {
    const values = Array.from({ length: records }, (_, offset) => ({ value: `${partition}/${offset}` }))
    if (records > 0) await append(context, topic, values, {}, partition)
  }
  return topic
}

function valuesOf({ batches }: Pick<Polled, "batches">): unknown[] {
  return batches.flatMap(({ records }) => records.map((record) => record.value))
}

/** What the next poll commits: all that this one brought. */
function commitOf({ batches }: Pick<Polled, "batches">) {
  return batches.map(({ topic, partition, nextOffset }) => ({ topic, partition, offset: nextOffset }))
}

async function committed(context: CaseContext, group: string) {
  const { offsets } = await context.call("committedOffsets", 200, { params: { group } })
  return offsets.map(({ partition, offset }) => [partition, offset])
}

export const groupPollCases = [
  conformanceCase("polls alone consume a topic", ["poll", "committedOffsets"], [], async (context) => {
    const topic = await filled(context, 2, 3)
    const group = context.groupName()
    const seen: unknown[] = []
    let last = await poll(context, group, "m1", { topics: [topic], maxRecords: 2 })
    for (let round = 0; round < 20 && seen.length < 6; round++) {
      assert.ok(valuesOf(last).length <= 2)
      seen.push(...valuesOf(last))
      const { memberEpoch } = last
      last = await poll(context, group, "m1", { memberEpoch, commit: commitOf(last), maxRecords: 2 })
    }
    assert.deepEqual(seen.sort(), ["0/0", "0/1", "0/2", "1/0", "1/1", "1/2"])
    await poll(context, group, "m1", { commit: commitOf(last) })
    assert.deepEqual(await committed(context, group), [
      [0, 3],
      [1, 3],
    ])
  }),

  conformanceCase("three members consume all of a topic, each record once", ["poll"], [], async (context) => {
    const topic = await filled(context, 6, 20)
    const group = context.groupName()
    const seen: unknown[] = []
    const consume = async (member: string) => {
      let last = await poll(context, group, member, { topics: [topic] })
      while (seen.length < 120) {
        seen.push(...valuesOf(last))
        const { memberEpoch } = last
        last = await poll(context, group, member, { memberEpoch, commit: commitOf(last), maxRecords: 7, wait: 200 })
      }
    }
    await Promise.all(["a", "b", "c"].map(consume))
    const all = Array.from({ length: 6 }, (_, partition) =>
      Array.from({ length: 20 }, (_, offset) => `${partition}/${offset}`),
    )
    assert.deepEqual(seen.sort(), all.flat().sort())
  }),

  conformanceCase("who takes over reads on behind what was committed", ["poll", "leaveGroup"], [], async (context) => {
    const topic = await filled(context, 1, 5)
    const group = context.groupName()
    const first = await poll(context, group, "m1", { topics: [topic], maxRecords: 3 })
    assert.deepEqual(valuesOf(first), ["0/0", "0/1", "0/2"])
    await poll(context, group, "m1", { commit: [{ topic, partition: 0, offset: 2, metadata: "half way" }] })
    const { offsets } = await context.call("committedOffsets", 200, { params: { group } })
    assert.deepEqual([offsets[0]?.offset, offsets[0]?.metadata], [2, "half way"])
    await context.call("leaveGroup", 204, { params: { group, member: "m1" } })
    assert.deepEqual(valuesOf(await poll(context, group, "m2", { topics: [topic] })), ["0/2", "0/3", "0/4"])
  }),

  conformanceCase(
    "a member that was paused for too long can commit nothing any more",
    ["poll", "commitOffsets"],
    ["member_not_found", "member_fenced"],
    async (context) => {
      const topic = await filled(context, 1, 5)
      const group = context.groupName()
      const paused = await poll(context, group, "paused", { topics: [topic], sessionTimeout: 1_000, maxRecords: 2 })
      const heir = await until(
        "the partition of the paused member",
        () => poll(context, group, "heir", { topics: [topic] }),
        ({ batches }) => batches.length > 0,
      )
      assert.deepEqual(valuesOf(heir), ["0/0", "0/1", "0/2", "0/3", "0/4"], "nothing was committed")
      await poll(context, group, "heir", {
        memberEpoch: heir.memberEpoch,
        commit: [{ topic, partition: 0, offset: 1 }],
      })
      const { memberEpoch } = paused
      const commit = commitOf(paused)
      await context.refused("poll", "member_not_found", at(group, "paused", { memberEpoch, commit }))
      await context.refused("poll", "member_not_found", at(group, "paused", { commit }))
      const zombie = { params: { group }, body: { offsets: commit, memberId: "paused", memberEpoch } }
      await context.refused("commitOffsets", "member_not_found", zombie)
      await heartbeat(context, group, "paused", { topics: [topic] })
      await context.refused("commitOffsets", "member_fenced", zombie)
      await context.refused("poll", "member_fenced", at(group, "paused", { memberEpoch, commit }))
      assert.deepEqual(await committed(context, group), [[0, 1]])
    },
  ),

  conformanceCase("a waiting poll answers when a record arrives", ["poll"], [], async (context) => {
    const topic = await filled(context, 2, 0)
    const group = context.groupName()
    const { memberEpoch } = await poll(context, group, "m1", { topics: [topic] })
    for (const value of ["first", "second", "third"]) {
      const waiting = until(
        "the record",
        () => poll(context, group, "m1", { memberEpoch, wait: "60s" }),
        ({ batches }) => valuesOf({ batches }).includes(value),
      )
      await append(context, topic, [{ value }], {}, 1)
      await poll(context, group, "m1", { commit: commitOf(await waiting) })
    }
  }),

  conformanceCase("a waiting poll answers when its assignment changes", ["poll"], [], async (context) => {
    const topic = await filled(context, 2, 0)
    const group = context.groupName()
    const joined = await poll(context, group, "m1", { topics: [topic] })
    const waiting = until(
      "the new assignment",
      () => poll(context, group, "m1", { wait: "60s", owned: joined.assignment }),
      ({ assignment }) => count(assignment) === 1,
    )
    await heartbeat(context, group, "m2", { topics: [topic] })
    const told = await waiting
    const getting = until(
      "what was given up",
      () => poll(context, group, "m2", { wait: "60s" }),
      ({ assignment }) => count(assignment) === 1,
    )
    await poll(context, group, "m1", { owned: told.assignment, memberEpoch: told.memberEpoch })
    assert.notDeepEqual((await getting).assignment, told.assignment)
  }),

  conformanceCase("of two polls of a member at once the older one ends", ["poll"], [], async (context) => {
    const topic = await filled(context, 1, 0)
    const group = context.groupName()
    await poll(context, group, "m1", { topics: [topic] })
    const older = poll(context, group, "m1", { wait: "60s" })
    // It may come to the service first: then the other is the older one, and waits for the record.
    const newer = poll(context, group, "m1", { wait: "1s" })
    await newer
    await append(context, topic, [{ value: "later" }])
    assert.equal(count((await older).assignment), 1)
  }),

  conformanceCase("no partition starves", ["poll"], [], async (context) => {
    const topic = await filled(context, 5, 100)
    const group = context.groupName()
    const seen = new Set<number>()
    let last = await poll(context, group, "m1", { topics: [topic], maxRecords: 1 })
    for (let round = 0; round < 30 && seen.size < 5; round++) {
      for (const { partition, records } of last.batches) if (records.length > 0) seen.add(partition)
      // As if every other of its numbers were a heartbeat's.
      const number = 1_000 + 2 * round
      last = await poll(context, group, "m1", { number, commit: commitOf(last), maxRecords: 1 })
    }
    assert.equal(seen.size, 5)
  }),

  conformanceCase("a binary poll holds what one in JSON holds", ["poll"], ["not_acceptable"], async (context) => {
    const topic = await filled(context, 2, 4)
    const empty = await context.newTopic(1)
    const group = context.groupName()
    await poll(context, group, "m1", { topics: [topic, empty] })
    const body = { positions: [{ topic, partition: 0, offset: 2 }] }
    const json = await poll(context, group, "m1", body)
    const answer = await context.send("poll", { ...at(group, "m1", body), headers: { accept: POLL_TYPE } })
    assert.equal(answer.headers["content-type"], POLL_TYPE)
    const length = answer.bytes.readUInt32BE()
    const head = polledHead.parse(JSON.parse(answer.bytes.toString("utf8", 4, 4 + length)))
    assert.deepEqual([head.memberEpoch, head.assignment], [json.memberEpoch, json.assignment])
    let offset = 4 + length
    const found = new Map<string, unknown[]>()
    for (const batch of head.batches) {
      const records = await recordsOf(answer.bytes.subarray(offset, offset + batch.bytes))
      offset += batch.bytes
      const values = records
        .filter((each) => each.offset >= batch.offset)
        .map(({ value }) => JSON.parse(`${value && Buffer.from(value)}`))
      found.set(`${batch.topic}/${batch.partition}`, [
        batch.nextOffset,
        batch.highWatermark,
        batch.logStartOffset,
        ...values,
      ])
    }
    assert.equal(offset, answer.bytes.length)
    const expected = json.batches.map(({ records, nextOffset, highWatermark, logStartOffset, ...each }) => {
      return [
        `${each.topic}/${each.partition}`,
        [nextOffset, highWatermark, logStartOffset, ...records.map(({ value }) => value)],
      ] as const
    })
    assert.deepEqual(found, new Map(expected))
    assert.deepEqual(found.get(`${topic}/0`), [4, 4, 0, "0/2", "0/3"])
    assert.deepEqual(found.get(`${empty}/0`), [0, 0, 0], "it is told where it stands, as it did not say so")
    await context.refused("poll", "not_acceptable", { ...at(group, "m1"), headers: { accept: "text/html" } })
  }),

  conformanceCase(
    "positions go before what is committed, and paused partitions rest",
    ["poll"],
    ["invalid_request"],
    async (context) => {
      const topic = await filled(context, 2, 3)
      const group = context.groupName()
      await poll(context, group, "m1", { topics: [topic], commit: [] })
      const commit = [0, 1].map((partition) => ({ topic, partition, offset: 3 }))
      const [first, second] = [0, 1].map((partition) => ({ topic, partition, offset: 1 }))
      const back = await poll(context, group, "m1", { commit, positions: [first] })
      assert.deepEqual(valuesOf(back), ["0/1", "0/2"])
      const resting = { positions: [first, second], paused: [{ topic, partitions: [0] }] }
      assert.deepEqual(valuesOf(await poll(context, group, "m1", resting)), ["1/1", "1/2"])
      await context.refused("poll", "invalid_request", at(group, "m1", { positions: [first, first] }))
      assert.deepEqual(valuesOf(await poll(context, group, "m1")), [], "both are committed to the end")
    },
  ),

  conformanceCase("autoOffsetReset says where to begin", ["poll"], [], async (context) => {
    const topic = await filled(context, 1, 3)
    const [earliest, latest, none] = [context.groupName(), context.groupName(), context.groupName()]
    assert.equal(valuesOf(await poll(context, earliest, "m1", { topics: [topic] })).length, 3)
    const body = (autoOffsetReset: string) => ({ topics: [topic], autoOffsetReset })
    assert.deepEqual(valuesOf(await poll(context, latest, "m1", body("latest"))), [])
    await append(context, topic, [{ value: "after" }])
    assert.deepEqual(
      valuesOf(await poll(context, latest, "m1", body("latest"))),
      ["after"],
      "no record is skipped between",
    )
    const { problems = [], batches } = await poll(context, none, "m1", body("none"))
    assert.deepEqual(batches, [])
    assertEmbeddedProblem(problems[0]?.error, "no_committed_offset")
    const from = { ...body("none"), positions: [{ topic, partition: 0, offset: 2 }] }
    assert.deepEqual(valuesOf(await poll(context, none, "m1", from)), ["0/2", "after"])
  }),

  conformanceCase("a position that is not there any more is reset", ["poll", "deleteRecords"], [], async (context) => {
    const topic = await filled(context, 1, 6)
    const group = context.groupName()
    await poll(context, group, "m1", { topics: [topic] })
    await context.call("deleteRecords", 200, { params: { topic, partition: 0 }, query: { before: 4 } })
    const from = (offset: number, autoOffsetReset: string) =>
      poll(context, group, "m1", { positions: [{ topic, partition: 0, offset }], autoOffsetReset })
    assert.deepEqual(valuesOf(await from(1, "earliest")), ["0/4", "0/5"])
    assert.deepEqual(valuesOf(await from(99, "earliest")), ["0/4", "0/5"])
    for (const offset of [1, 99]) {
      const { batches } = await from(offset, "latest")
      assert.deepEqual([batches[0]?.records, batches[0]?.nextOffset], [[], 6])
      assertEmbeddedProblem((await from(offset, "none")).problems?.[0]?.error, "no_committed_offset")
    }
    assert.deepEqual(
      valuesOf(await poll(context, group, "m1", { positions: [{ topic, partition: 0, offset: 6 }] })),
      [],
    )
  }),

  conformanceCase(
    "a poll commits only what its member may",
    ["poll", "commitOffsets"],
    ["offset_beyond_end", "member_fenced", "invalid_request", "member_not_found", "offset_regression"],
    async (context) => {
      const topic = await filled(context, 2, 3)
      const other = await filled(context, 1, 3)
      const group = context.groupName()
      const good = { topic, partition: 0, offset: 1 }
      await context.refused("poll", "member_not_found", at(group, "m1", { topics: [topic], commit: [good] }))
      await context.refused(
        "poll",
        "invalid_request",
        at(group, "m1", { topics: [topic], memberEpoch: 0, commit: [good] }),
      )
      const { memberEpoch } = await poll(context, group, "m1", { topics: [topic] })
      const refused = (code: Parameters<typeof context.refused>[1], ...more: object[]) =>
        context.refused("poll", code, at(group, "m1", { commit: [good, ...more] }))
      await refused("offset_beyond_end", { topic, partition: 1, offset: 4 })
      const { results } = await refused("member_fenced", { topic: other, partition: 0, offset: 1 })
      assert.ok(Array.isArray(results) && results.length === 1)
      assert.deepEqual([results[0].index, results[0].topic, results[0].partition], [1, other, 0])
      assertEmbeddedProblem(results[0].error, "member_fenced")
      await refused("member_fenced", { topic, partition: 2, offset: 0 })
      await refused("invalid_request", { ...good, offset: 2 })
      await refused("invalid_request", {
        topic,
        partition: 1,
        offset: 1,
        metadata: "é".repeat(context.limits.maxMetadataBytes),
      })
      await context.refused("committedOffsets", "group_not_found", { params: { group } })
      await poll(context, group, "m1", { memberEpoch, commit: [{ ...good, offset: 2 }] })
      const passed = { commit: [good, { topic, partition: 1, offset: 1 }] }
      const values = valuesOf(await poll(context, group, "m1", { memberEpoch, ...passed }))
      assert.deepEqual(values.sort(), ["0/2", "1/1", "1/2"], "what is behind is passed over")
      assert.deepEqual(await committed(context, group), [
        [0, 2],
        [1, 1],
      ])
      const asMember = (offsets: object[], more: object = { memberEpoch }) => {
        return { params: { group }, body: { offsets, memberId: "m1", ...more } }
      }
      await context.refused("commitOffsets", "offset_regression", asMember([good]))
      await context.refused("commitOffsets", "member_fenced", asMember([{ topic: other, partition: 0, offset: 1 }]))
      await context.refused(
        "commitOffsets",
        "member_fenced",
        asMember([{ ...good, offset: 3 }], { memberEpoch: memberEpoch + 1 }),
      )
      await context.call("commitOffsets", 200, asMember([{ ...good, offset: 3 }], {}))
      const nobody = { params: { group }, body: { offsets: [good], memberEpoch } }
      await context.refused("commitOffsets", "invalid_request", nobody)
    },
  ),

  conformanceCase("a poll commits before it gives up", ["poll"], [], async (context) => {
    const topic = await filled(context, 2, 3)
    const group = context.groupName()
    const joined = await poll(context, group, "m1", { topics: [topic] })
    await poll(context, group, "m2", { topics: [topic] })
    const told = await poll(context, group, "m1", { memberEpoch: joined.memberEpoch, owned: joined.assignment })
    assert.equal(count(told.assignment), 1)
    const { memberEpoch, assignment } = told
    await poll(context, group, "m1", { memberEpoch, owned: assignment, commit: commitOf(joined) })
    const taken = await poll(context, group, "m2")
    assert.equal(count(taken.assignment), 1)
    assert.deepEqual(valuesOf(taken), [], "all that it has was committed")
  }),

  conformanceCase("a topic that is deleted leaves the group alone", ["poll", "deleteTopic"], [], async (context) => {
    const [kept, gone] = [await filled(context, 1, 0), await filled(context, 1, 2)]
    const group = context.groupName()
    const joined = await poll(context, group, "m1", { topics: [kept, gone] })
    await poll(context, group, "m1", { commit: commitOf(joined) })
    const waiting = until(
      "the assignment without the topic",
      () => poll(context, group, "m1", { wait: "60s" }),
      ({ assignment }) => count(assignment) === 1,
    )
    await context.call("deleteTopic", 204, { params: { topic: gone } })
    assert.deepEqual(named((await waiting).assignment), [`${kept}/0`])
    const late = await poll(context, group, "m1", { commit: [{ topic: gone, partition: 0, offset: 2 }] })
    assert.deepEqual(named(late.assignment), [`${kept}/0`], "what it processed of it concerns nobody any more")
  }),

  conformanceCase("a poll keeps its bounds", ["poll"], [], async (context) => {
    const topic = await context.newTopic(3)
    for (const partition of [0, 1, 2]) {
      for (let batch = 0; batch < 3; batch++) await append(context, topic, [{ value: "x".repeat(500) }], {}, partition)
    }
    const group = context.groupName()
    await poll(context, group, "m1", { topics: [topic] })
    assert.equal(valuesOf(await poll(context, group, "m1", { maxBytes: 1 })).length, 1)
    assert.equal(valuesOf(await poll(context, group, "m1", { maxBytes: 700 })).length, 1)
    assert.equal(valuesOf(await poll(context, group, "m1", { maxRecords: 4 })).length, 4)
    assert.equal(valuesOf(await poll(context, group, "m1", { minBytes: 100_000, wait: "50ms" })).length, 9)
    assert.equal(valuesOf(await poll(context, group, "m1", { minBytes: 0, wait: "60s" })).length, 9)
    const formatted = await poll(context, group, "m1", { valueFormat: "base64", keyFormat: "base64", maxRecords: 1 })
    assert.equal(valuesOf(formatted)[0], Buffer.from(JSON.stringify("x".repeat(500))).toString("base64"))
  }),

  conformanceCase("lag tells who reads what", ["groupLag", "poll"], [], async (context) => {
    const topic = await filled(context, 2, 3)
    const group = context.groupName()
    const joined = await poll(context, group, "m1", { topics: [topic] })
    const lags = async () => {
      const { partitions } = await context.call("groupLag", 200, { params: { group } })
      return partitions.map(({ partition, committedOffset, lag, memberId }) => [
        partition,
        committedOffset,
        lag,
        memberId,
      ])
    }
    assert.deepEqual(await lags(), [
      [0, null, null, "m1"],
      [1, null, null, "m1"],
    ])
    await poll(context, group, "m1", { commit: commitOf(joined).filter(({ partition }) => partition === 0) })
    await context.call("leaveGroup", 204, { params: { group, member: "m1" } })
    assert.deepEqual(await lags(), [
      [0, 3, 0, null],
      [1, null, null, null],
    ])
  }),
]
