/** What the stores' calls are billed, as README.md of the adapter says. */
import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { emptyReport, type UpkeepReport } from "../../functions/segments/upkeep/report.ts"
import { addRun, beginRound, recordOfNudge, recordOfRun } from "../../functions/segments/upkeep/round.ts"
import { createGroupStore } from "../../functions/storage/aws/dynamodb/groups/group-store.ts"
import { createProducerIds } from "../../functions/storage/aws/dynamodb/producer-ids.ts"
import { createTopicStore } from "../../functions/storage/aws/dynamodb/topics.ts"
import { createUpkeepRecords } from "../../functions/storage/aws/dynamodb/upkeep-records.ts"
import { targetOf } from "../contract/group-claims.ts"
import { commitOf } from "../contract/group-offsets.ts"
import { stateOf, T0 } from "../contract/group-states.ts"
import { newTopic } from "../contract/topic-store.ts"
import { countUnits } from "./billed-units.ts"
import { describeOnDynamoDb, type TemporaryTable, temporaryTable } from "./dynamodb.ts"

let units = 0
let requests = 0

describeOnDynamoDb("what a call costs", () => {
  let made: TemporaryTable
  beforeAll(async () => {
    made = await temporaryTable((client) =>
      countUnits(client, (more) => {
        requests += 1
        units += more
      }),
    )
  })
  afterAll(() => made.dispose())
  beforeEach(reset)

  it("is one unit for a topic that is written, and one to read it", async () => {
    const topics = createTopicStore(made.clients, made.table)
    const topic = newTopic("orders", { config: { "retention.ms": 604_800_000, "cleanup.policy": "compact" } })
    await topics.create(topic)
    expect(spent()).toEqual({ requests: 1, units: 1 })
    await topics.get("orders")
    expect(spent()).toEqual({ requests: 1, units: 1 })
    await topics.replace({ ...topic, partitions: 9, version: 2 })
    expect(spent()).toEqual({ requests: 1, units: 1 })
    await topics.list({ limit: 100 })
    expect(spent()).toEqual({ requests: 1, units: 1 })
    await topics.delete("orders", topic.id)
    expect(spent()).toEqual({ requests: 1, units: 1 })
  })

  it("is one unit for a run of upkeep that leaves its report, and one to read it; seven where all told of it went wrong", async () => {
    const records = createUpkeepRecords(made.clients, made.table)
    const partition = { topicId: "0b8f7f0a-52c5-4a39-9a3c-6f3d6f2d9a01", partition: 0 }
    const leave = (failures: UpkeepReport["failures"]) => {
      const report = { ...emptyReport(), partitions: 1_000, failures }
      const run = { startedAt: T0, endedAt: T0 + 1_000, sweep: true, complete: true, report }
      return records.write({ ...recordOfRun(run, addRun(beginRound(T0), report)), ...recordOfNudge(run) })
    }
    await leave([])
    expect(spent()).toEqual({ requests: 1, units: 1 })
    await records.read()
    expect(spent()).toEqual({ requests: 1, units: 1 })
    const failure = { kind: "defect", detail: "x".repeat(10_000) } as const
    await leave(Array.from({ length: 100 }, () => ({ partition, topic: "orders", step: "tier" as const, failure })))
    expect(spent()).toEqual({ requests: 1, units: 7 })
  })

  it("is one unit for the offsets of one to thirty-two partitions, and one request for a hundred", async () => {
    const groups = createGroupStore(made.clients, made.table)
    const commits = (count: number, offset: number) =>
      Array.from({ length: count }, (_, partition) => commitOf(partition, offset))
    await groups.commit("billing", commits(100, 1_000_000))
    reset()
    await groups.commit("billing", commits(1, 1_000_001))
    expect(spent()).toEqual({ requests: 1, units: 1 })
    await groups.commit("billing", commits(32, 1_000_002))
    expect(spent()).toEqual({ requests: 1, units: 1 })
    await groups.commit("billing", commits(100, 1_000_003))
    // One transaction. DynamoDB Local bills it like one item; DynamoDB two units for each of its four.
    expect(spent().requests).toBe(1)
    await groups.read("billing")
    expect(spent()).toEqual({ requests: 1, units: 1 })
  })

  it("is one unit for the fenced commit of thirty-two partitions, and one each to look at a claim and to make it", async () => {
    const groups = createGroupStore(made.clients, made.table)
    const targets = Array.from({ length: 8 }, (_, partition) => targetOf(partition))
    const commits = Array.from({ length: 32 }, (_, partition) => commitOf(partition, 1_000_001))
    await groups.commit("claimed", commits, { epoch: 999 })
    reset()
    await groups.claim("claimed", targets, 1_000)
    expect(spent()).toEqual({ requests: 2, units: 2 })
    await groups.claim("claimed", targets, 1_000)
    expect(spent()).toEqual({ requests: 1, units: 1 })
    await groups.commit("claimed", commits, { epoch: 1_000 })
    expect(spent()).toEqual({ requests: 1, units: 1 })
  })

  it("is one unit for a touch, and one to read eight members that share sixty-four partitions", async () => {
    const groups = createGroupStore(made.clients, made.table)
    const ids = Array.from({ length: 8 }, () => randomUUID())
    const idOf = (partition: number) => ids[partition % ids.length] ?? ""
    const partitions = Array.from({ length: 64 }, (_, index) => ({ target: idOf(index), holder: idOf(index) }))
    const state = stateOf(1, ...ids)
    const next = { ...state, topics: state.topics.map((topic) => ({ ...topic, partitions })) }
    await groups.replaceMembers("members", { expected: 0, next, gone: [] })
    for (const memberId of ids) {
      reset()
      await groups.touch("members", memberId, { at: T0 })
      expect(spent()).toEqual({ requests: 1, units: 1 })
      await groups.touch("members", memberId, { at: T0, number: 12_345 })
      expect(spent()).toEqual({ requests: 1, units: 1 })
    }
    await groups.members("members")
    expect(spent()).toEqual({ requests: 1, units: 1 })
  })

  it("is one request for a change of members, whose units DynamoDB Local does not count as those of a transaction", async () => {
    const groups = createGroupStore(made.clients, made.table)
    await groups.touch("changes", "m1", { at: T0, number: 1 })
    const change = (epoch: number, ...ids: string[]) => {
      const by = { memberId: "m1", number: 1 }
      return groups.replaceMembers("changes", { expected: epoch - 1, next: stateOf(epoch, ...ids), by, gone: [] })
    }
    reset()
    expect(await change(1, "m1")).toEqual({ kind: "replaced" })
    expect(spent().requests).toBe(1)
    expect(await change(2, "m1", "m2")).toEqual({ kind: "replaced" })
    expect(spent().requests).toBe(1)
    expect(await change(3)).toEqual({ kind: "replaced" })
    expect(spent().requests).toBe(1)
    // Whether the group has members is not known before: the first attempt asks.
    expect(await change(4, "m1")).toEqual({ kind: "replaced" })
    expect(spent().requests).toBe(1)
  })

  it("is one unit for a producer id, and one for an epoch", async () => {
    const producers = createProducerIds(made.clients, made.table)
    const allocated = await producers.allocate()
    expect(spent()).toEqual({ requests: 1, units: 1 })
    await producers.bumpEpoch(allocated.kind === "allocated" ? allocated.id : 0, 0)
    expect(spent()).toEqual({ requests: 1, units: 1 })
  })
})

function spent(): { readonly requests: number; readonly units: number } {
  const sum = { requests, units }
  reset()
  return sum
}

function reset(): void {
  units = 0
  requests = 0
}
