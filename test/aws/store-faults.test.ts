/** A lost answer never becomes a wrong one: what the stores say for certain is so, and the rest is unknown. */
import { type CancellationReason, TransactionCanceledException } from "@aws-sdk/client-dynamodb"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { GroupOffsets } from "../../functions/groups/ports.ts"
import type { ProducerIds } from "../../functions/producers/ports.ts"
import { encodeCommit, runKey } from "../../functions/storage/aws/dynamodb/codec/committed-offsets.ts"
import { createGroupStore } from "../../functions/storage/aws/dynamodb/groups/group-store.ts"
import { createProducerIds } from "../../functions/storage/aws/dynamodb/producer-ids.ts"
import { createTopicStore } from "../../functions/storage/aws/dynamodb/topics.ts"
import type { TopicStore } from "../../functions/topics/ports.ts"
import { commitOf } from "../contract/group-offsets.ts"
import { newTopic } from "../contract/topic-store.ts"
import { clientsForTests, describeOnDynamoDb, type TemporaryTable, temporaryTable } from "./dynamodb.ts"
import { FaultyDynamoDb } from "./faulty-dynamodb.ts"

const UNKNOWN = { kind: "unavailable", reason: "storage_failed", sideEffects: "unknown" }
/** More than any client tries. */
const ALL = 10

describeOnDynamoDb("a lost answer", () => {
  let made: TemporaryTable
  let faults: FaultyDynamoDb
  let faulty: ReturnType<typeof clientsForTests>
  beforeAll(async () => {
    made = await temporaryTable()
  })
  afterAll(() => made.dispose())
  beforeEach(() => {
    faults = new FaultyDynamoDb()
    faulty = clientsForTests(faults.adapt)
  })
  afterEach(() => faulty.destroy())

  describe("to a change of topics", () => {
    let topics: TopicStore
    let others: TopicStore
    beforeEach(() => {
      topics = createTopicStore(faulty, made.table)
      others = createTopicStore(made.clients, made.table)
    })

    it("is told by the topic that was created", async () => {
      const topic = newTopic("created")
      faults.loseAnswers("PutItem", 1)
      expect(await topics.create(topic)).toEqual({ kind: "created" })
      expect(await others.get("created")).toEqual(topic)
      expect(faults.left()).toBe(0)
    })

    it("stays unknown where another topic is there, or nothing can be read", async () => {
      const [replaced, other] = [newTopic("replaced"), newTopic("replaced")]
      faults.loseAnswers("PutItem", 1, async () => {
        await others.delete("replaced", replaced.id)
        await others.create(other)
      })
      expect(await topics.create(replaced)).toMatchObject(UNKNOWN)
      expect(faults.left()).toBe(0)
      faults.loseAnswers("PutItem", 1)
      faults.loseAnswers("GetItem", ALL)
      expect(await topics.create(newTopic("unread"))).toMatchObject(UNKNOWN)
      expect(faults.left()).toBeLessThan(ALL)
    })

    it("is told by the version that was written, unless others went on from it", async () => {
      const topic = newTopic("changed")
      await others.create(topic)
      const second = { ...topic, partitions: 5, version: 2 }
      faults.loseAnswers("UpdateItem", 1)
      expect(await topics.replace(second)).toEqual({ kind: "replaced" })
      const third = { ...second, partitions: 6, version: 3 }
      faults.loseAnswers("UpdateItem", 1, () => others.replace({ ...third, partitions: 7, version: 4 }))
      expect(await topics.replace(third)).toMatchObject(UNKNOWN)
      expect(faults.left()).toBe(0)
    })

    it("is unknown where another's change of the same version won", async () => {
      const topic = newTopic("contested-change")
      await others.create(topic)
      await others.replace({ ...topic, partitions: 8, version: 2 })
      faults.loseAnswers("UpdateItem", 1)
      expect(await topics.replace({ ...topic, partitions: 9, version: 2 })).toMatchObject(UNKNOWN)
      expect((await others.get(topic.name))?.partitions).toBe(8)
    })

    it("is told by the absence of what was deleted", async () => {
      const [topic, again] = [newTopic("deleted"), newTopic("deleted")]
      await others.create(topic)
      faults.loseAnswers("DeleteItem", 1, () => others.create(again))
      expect(await topics.delete("deleted", topic.id)).toEqual({ kind: "deleted" })
      expect(await others.get("deleted")).toEqual(again)
      expect(faults.left()).toBe(0)
    })
  })

  describe("to a change of a group's offsets", () => {
    let groups: GroupOffsets
    let others: GroupOffsets
    beforeEach(() => {
      groups = createGroupStore(faulty, made.table)
      others = createGroupStore(made.clients, made.table)
    })
    const single = [commitOf(0, 5)]
    const several = [commitOf(0, 5), commitOf(40, 5)]
    const commits = { UpdateItem: single, TransactWriteItems: several } as const

    for (const [command, offsets] of Object.entries(commits)) {
      it(`is told by the same commit again: ${command}`, async () => {
        const group = `again-${command}`
        await others.commit(group, several)
        faults.loseAnswers(command, 1)
        expect(await groups.commit(group, offsets)).toEqual({ kind: "committed" })
        expect(await others.read(group)).toEqual({ kind: "offsets", offsets: several })
        expect(faults.left()).toBe(0)
      })

      it(`is unknown where somebody went on meanwhile: ${command}`, async () => {
        const group = `went-on-${command}`
        await others.commit(group, several)
        faults.loseAnswers(command, 1, () => others.commit(group, [commitOf(0, 9), commitOf(40, 9)]))
        const outcome = await groups.commit(group, offsets)
        // DynamoDB remembers what it did for the token of a transaction.
        expect(outcome).toMatchObject(command === "UpdateItem" ? UNKNOWN : { kind: "committed" })
        expect(await others.read(group)).toEqual({ kind: "offsets", offsets: [commitOf(0, 9), commitOf(40, 9)] })
        expect(faults.left()).toBe(0)
      })

      it(`is unknown where no attempt is answered: ${command}`, async () => {
        const group = `unanswered-${command}`
        await others.commit(group, [commitOf(0, 1), commitOf(40, 1)])
        faults.loseAnswers(command, ALL)
        expect(await groups.commit(group, offsets)).toMatchObject(UNKNOWN)
        expect(faults.left()).toBe(ALL - 2)
      })
    }

    it("is unknown where what was lost may have been a refusal", async () => {
      await others.commit("refused", [commitOf(0, 9)])
      faults.loseAnswers("UpdateItem", 1)
      expect(await groups.commit("refused", single)).toMatchObject(UNKNOWN)
      expect(await others.read("refused")).toEqual({ kind: "offsets", offsets: [commitOf(0, 9)] })
    })

    it("changes nothing about a first commit", async () => {
      faults.loseAnswers("TransactWriteItems", 1)
      expect(await groups.commit("first", single)).toEqual({ kind: "committed" })
      expect(faults.left()).toBe(0)
      faults.loseAnswers("TransactWriteItems", ALL)
      expect(await groups.commit("second", single)).toMatchObject({ kind: "unavailable", sideEffects: "none" })
      expect(await others.read("second")).toEqual({ kind: "not_found" })
      const listed = await others.list({ limit: 100 })
      expect(listed.kind === "page" && listed.groups).not.toContain("second")
    })

    it("does not keep a group or a topic from being removed, or leaves it unknown", async () => {
      const topicId = "0c000000-0000-4000-8000-000000000003"
      const ofTopic = [commitOf(0, 1, { partition: { topicId, partition: 0 } })]
      await others.commit("removed", single)
      faults.loseAnswers("DeleteItem", 2)
      expect(await groups.delete("removed")).toEqual({ kind: "deleted" })
      expect(await others.read("removed")).toEqual({ kind: "not_found" })
      await others.commit("forgets", ofTopic)
      faults.loseAnswers("DeleteItem", 3)
      expect(await groups.forgetTopic(topicId)).toEqual({ kind: "done" })
      expect(await others.read("forgets")).toEqual({ kind: "not_found" })
      expect(faults.left()).toBe(0)
      await others.commit("removed", single)
      await others.commit("forgets", ofTopic)
      faults.loseAnswers("DeleteItem", 100)
      expect(await groups.delete("removed")).toMatchObject(UNKNOWN)
      expect(await groups.forgetTopic(topicId)).toMatchObject(UNKNOWN)
    })
  })

  describe("where transactions meet", () => {
    const commits = [commitOf(0, 5), commitOf(40, 5)]
    let groups: GroupOffsets
    beforeEach(() => {
      groups = createGroupStore(faulty, made.table)
    })

    it("is no answer: what was in the way of a commit passes", async () => {
      await createGroupStore(made.clients, made.table).commit("meets", [commitOf(0, 1), commitOf(40, 1)])
      faults.detour("TransactWriteItems", conflicting(2))
      expect(await groups.commit("meets", commits)).toEqual({ kind: "committed" })
      expect(await groups.read("meets")).toEqual({ kind: "offsets", offsets: commits })
    })

    it("is throttling, and certainly no commit, where it does not pass", async () => {
      await createGroupStore(made.clients, made.table).commit("blocked", [commitOf(0, 1), commitOf(40, 1)])
      faults.detour("TransactWriteItems", conflicting(100))
      const throttled = { kind: "unavailable", reason: "throttled", sideEffects: "none" }
      expect(await groups.commit("blocked", commits)).toMatchObject(throttled)
    })

    it("does not name half of what goes back", async () => {
      const before = [commitOf(0, 9), commitOf(40, 9)]
      const key = runKey("hidden", commitOf(40, 9).partition.topicId, 40)
      const stored = { ...key, n: { S: "orders" }, m: { S: "mark" }, ...encodeCommit(commitOf(40, 9)) }
      await createGroupStore(made.clients, made.table).commit("hidden", before)
      faults.detour("TransactWriteItems", conflicting(1, { Code: "ConditionalCheckFailed", Item: stored }))
      const outcome = await groups.commit("hidden", commits)
      expect(outcome.kind === "regressed" && outcome.regressed.map(({ committed }) => committed)).toEqual([9, 9])
    })

    /** The first so many are cancelled for a conflict about the first item. */
    function conflicting(
      times: number,
      other: CancellationReason = { Code: "None" },
    ): Parameters<FaultyDynamoDb["detour"]>[1] {
      let left = times
      return async (input, send) => {
        left -= 1
        if (left < 0) return send(input)
        const CancellationReasons = [{ Code: "TransactionConflict" }, other]
        throw new TransactionCanceledException({ message: "cancelled", CancellationReasons, $metadata: {} })
      }
    }
  })

  describe("to a change of producer ids", () => {
    let producers: ProducerIds
    let others: ProducerIds
    beforeEach(() => {
      producers = createProducerIds(faulty, made.table)
      others = createProducerIds(made.clients, made.table)
    })

    it("loses an id and gives the next", async () => {
      const before = await allocate(others)
      faults.loseAnswers("UpdateItem", 1)
      expect(await allocate(producers)).toBe(before + 2)
      faults.loseAnswers("UpdateItem", ALL)
      expect(await producers.allocate()).toMatchObject({ kind: "unavailable", sideEffects: "none" })
    })

    it("is told by the token of the call: its own success is no stale epoch", async () => {
      const id = await allocate(others)
      faults.loseAnswers("UpdateItem", 1)
      expect(await producers.bumpEpoch(id, 0)).toEqual({ kind: "bumped", epoch: 1 })
      expect(await others.bumpEpoch(id, 1)).toEqual({ kind: "bumped", epoch: 2 })
      expect(faults.left()).toBe(0)
    })

    it("is unknown where somebody may have gone on from it, and where nothing is answered", async () => {
      const id = await allocate(others)
      faults.loseAnswers("UpdateItem", 1, () => others.bumpEpoch(id, 1))
      expect(await producers.bumpEpoch(id, 0)).toMatchObject(UNKNOWN)
      expect(faults.left()).toBe(0)
      faults.loseAnswers("UpdateItem", ALL)
      expect(await producers.bumpEpoch(id, 2)).toMatchObject(UNKNOWN)
      expect(await others.bumpEpoch(id, 2)).toEqual({ kind: "stale_epoch", epoch: 3 })
    })

    it("is a refusal where another has the epoch that it asked for", async () => {
      const id = await allocate(others)
      await others.bumpEpoch(id, 0)
      faults.loseAnswers("UpdateItem", 1)
      expect(await producers.bumpEpoch(id, 0)).toEqual({ kind: "stale_epoch", epoch: 1 })
      expect(faults.left()).toBe(0)
    })

    async function allocate(store: ProducerIds): Promise<number> {
      const outcome = await store.allocate()
      if (outcome.kind !== "allocated") throw new Error(outcome.detail)
      return outcome.id
    }
  })
})
