/** What an observer hears of DynamoDB and S3, and what the metrics make of it. */
import { randomUUID } from "node:crypto"
import { prices } from "stratalog/cost"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { StorageMetrics } from "../../functions/http/metrics/storage-metrics.ts"
import type { StorageAttempt, StorageObserver } from "../../functions/log/storage-observer.ts"
import { createGroupStore } from "../../functions/storage/aws/dynamodb/groups/group-store.ts"
import { createPartitionIndex } from "../../functions/storage/aws/dynamodb/partition-index/partition-index.ts"
import { createProducerIds } from "../../functions/storage/aws/dynamodb/producer-ids.ts"
import { createSegmentIndex } from "../../functions/storage/aws/dynamodb/segment-index.ts"
import { createTopicStore } from "../../functions/storage/aws/dynamodb/topics.ts"
import { append, committed, newEntry, newPartition, pageOf, position } from "../contract/partition-index/fixture.ts"
import { describeOnDynamoDb, type TemporaryTable, temporaryTable } from "./dynamodb.ts"
import { FaultyDynamoDb } from "./faulty-dynamodb.ts"

describeOnDynamoDb("the observer of DynamoDB", () => {
  const faults = new FaultyDynamoDb()
  let attempts: StorageAttempt[] = []
  let reasons: string[] = []
  let rolled = 0
  const observer: StorageObserver = {
    attempted: (attempt) => attempts.push(attempt),
    refused: (reason) => reasons.push(reason),
    rolled: () => (rolled += 1),
  }
  let access: TemporaryTable
  beforeAll(async () => {
    access = await temporaryTable(faults.adapt, observer)
  })
  beforeEach(() => {
    faults.clear()
    attempts = []
    reasons = []
    rolled = 0
  })
  afterAll(async () => {
    faults.clear()
    await access.dispose()
  })

  it("hears why a commit was refused", async () => {
    const index = createPartitionIndex(access)
    const partition = await newPartition(index)
    const entry = newEntry()
    const producer = { id: 7, from: "new", to: position(1, 0) } as const
    committed(await append(index, partition, entry, { producers: [producer] }))
    await index.change(partition, { kind: "fence", from: undefined, to: "mine" })
    const refusals = [
      append(index, partition, newEntry(), { nextOffset: 0 }),
      append(index, partition, newEntry(), { fencingToken: "another" }),
      append(index, partition, newEntry(), { generation: { exactly: 5 } }),
      append(index, partition, newEntry(), { tail: { kind: "append", limit: 10 } }),
      append(index, partition, newEntry(), { producers: [producer] }),
      append(index, partition, newEntry(), { producers: [{ id: 7, from: position(1, 4), to: position(1, 5) }] }),
      append(index, partition, newEntry(), { producers: [{ id: 8, from: position(1, 4), to: position(1, 5) }] }),
      append(index, partition, entry),
      index.change(partition, { kind: "fence", from: undefined, to: "other" }),
      index.change(partition, { kind: "log_start", from: 3, to: 4, bytesBelowStart: 0 }),
    ]
    for (const refusal of refusals) expect(await refusal).toMatchObject({ kind: "refused" })
    const expected = ["position", "fence", "generation", "tail_full", "epoch", "sequence", "epoch", "repeated", "fence"]
    expect(reasons.toSorted()).toEqual([...expected, "log_start"].toSorted())
  })

  it("hears of rolls, segments, topics, producers and groups that somebody else was faster with", async () => {
    const index = createPartitionIndex(access)
    const partition = await newPartition(index)
    await index.putPage(partition, pageOf(0, [newEntry()]))
    expect(rolled).toBe(1)

    const segments = createSegmentIndex(access)
    expect(await segments.remove(partition, { baseOffset: 0, version: 9 })).toMatchObject({ kind: "lost" })

    const topics = createTopicStore(access.clients, access.table)
    const topic = { name: `t-${randomUUID()}`, id: randomUUID(), partitions: 1, config: {}, createdAt: 0, version: 1 }
    await topics.create(topic)
    await topics.create({ ...topic, id: randomUUID() })
    await topics.replace({ ...topic, version: 7 })

    const producers = createProducerIds(access.clients, access.table)
    const { id } = (await producers.allocate()) as { readonly id: number }
    await producers.bumpEpoch(id, 0)
    await producers.bumpEpoch(id, 0)

    const groups = createGroupStore(access.clients, access.table)
    const group = `g-${randomUUID()}`
    const offsetOf = (offset: number) => [{ partition, topic: topic.name, offset, metadata: "", committedAt: 0 }]
    await groups.commit(group, offsetOf(5), { epoch: 3 })
    await groups.commit(group, offsetOf(4), { epoch: 3 })
    await groups.commit(group, offsetOf(6), { epoch: 2 })
    await groups.claim(group, [{ partition, topic: topic.name }], 1)
    await groups.touch(group, "m1", { at: 1, number: 5 })
    await groups.touch(group, "m1", { at: 1, number: 4 })

    const expected = ["segment", "topic", "topic", "producer_epoch", "group_offset", "group_epoch", "group_request"]
    expect(reasons).toEqual(expected)
  })

  it("hears of each attempt, how it ended, and what it consumed", async () => {
    const index = createPartitionIndex(access)
    const partition = await newPartition(index)
    attempts = []
    await append(index, partition)
    await append(index, partition, newEntry(), { nextOffset: 0 })
    await index.head(partition)
    faults.loseAnswers("UpdateItem", 1)
    await append(index, partition)
    const told = attempts.map(({ operation, ended, writeUnits, readUnits }) => [
      operation,
      ended,
      writeUnits,
      readUnits,
    ])
    expect(told).toEqual([
      ["UpdateItem", "answered", 1, 0],
      // Billed, although nothing was written.
      ["UpdateItem", "answered", 1, 0],
      ["GetItem", "answered", 0, 1],
      ["UpdateItem", "failed", 0, 0],
    ])
    expect(attempts.at(-1)?.detail).toBe("DynamoDB: TimeoutError: the connection broke")
    expect(attempts.every(({ service, seconds }) => service === "dynamodb" && seconds > 0)).toBe(true)
  })

  it("hears of what was throttled, and of its repetition", async () => {
    const index = createPartitionIndex(access)
    const partition = await newPartition(index)
    attempts = []
    let throttles = 1
    access.clients.repeating.middlewareStack.add(
      (next) => async (args) => {
        if (throttles-- > 0) throw Object.assign(new Error("slower"), { name: "ThrottlingException", $retryable: {} })
        return next(args)
      },
      { step: "deserialize", priority: "low", name: "throttleOnce" },
    )
    await index.head(partition)
    access.clients.repeating.middlewareStack.remove("throttleOnce")
    expect(attempts.map(({ operation, ended }) => [operation, ended])).toEqual([
      ["GetItem", "throttled"],
      ["GetItem", "answered"],
    ])
  })

  it("lets the metrics tell units and money", async () => {
    const metrics = new StorageMetrics()
    const watched = await temporaryTable(undefined, metrics)
    try {
      const index = createPartitionIndex(watched)
      const partition = await newPartition(index)
      const before = linesOf(metrics)
      await append(index, partition)
      await index.head(partition)
      await append(index, partition, newEntry(), { nextOffset: 0 })
      const after = linesOf(metrics)
      const since = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0)
      expect(since("stratalog_dynamodb_write_units_total")).toBe(2)
      expect(since("stratalog_dynamodb_read_units_total")).toBe(1)
      expect(since('stratalog_conditional_failures_total{reason="position"}')).toBe(1)
      expect(since('stratalog_storage_requests_total{service="dynamodb",operation="UpdateItem"}')).toBe(2)
      const dollars = since('stratalog_estimated_cost_dollars_total{item="dynamodb_writes"}')
      expect(dollars).toBeCloseTo(2 * prices.dynamoDb.writeUnit, 12)
    } finally {
      await watched.dispose()
    }
  })
})

function linesOf(metrics: StorageMetrics): ReadonlyMap<string, number> {
  const lines = metrics.families().flatMap((family) => family.lines)
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]))
}
