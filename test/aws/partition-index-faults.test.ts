/** What becomes of the index's requests when the network or DynamoDB does what it may. */
import { randomUUID } from "node:crypto"
import { TransactionCanceledException } from "@aws-sdk/client-dynamodb"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import type { PartitionRef } from "../../functions/log/ports.ts"
import type { PartitionIndex } from "../../functions/partitions/ports.ts"
import { purgeTopic } from "../../functions/partitions/sweep/purge-topic.ts"
import type { Segment } from "../../functions/segments/ports.ts"
import { createPartitionIndex } from "../../functions/storage/aws/dynamodb/partition-index/partition-index.ts"
import { createSegmentIndex } from "../../functions/storage/aws/dynamodb/segment-index.ts"
import {
  append,
  committed,
  headOf,
  newEntry,
  newPartition,
  pageOf,
  position,
} from "../contract/partition-index/fixture.ts"
import { partitionsDeps } from "../fakes/partitions-deps.ts"
import { describeOnDynamoDb, type TemporaryTable, temporaryTable } from "./dynamodb.ts"
import { FaultyDynamoDb } from "./faulty-dynamodb.ts"

const DONE = { kind: "done" }

describeOnDynamoDb("the index on DynamoDB under faults", () => {
  const faults = new FaultyDynamoDb()
  let access: TemporaryTable
  let index: PartitionIndex
  let partition: PartitionRef
  beforeAll(async () => {
    access = await temporaryTable(faults.adapt)
    index = createPartitionIndex(access)
  })
  beforeEach(async () => {
    faults.clear()
    partition = await newPartition(index)
    faults.clear()
  })
  afterAll(async () => {
    faults.clear()
    await access.dispose()
  })

  it("sends a commit once, and says that its outcome is unknown where the answer is lost", async () => {
    const entry = newEntry()
    faults.loseAnswers("UpdateItem", 1)
    const outcome = await append(index, partition, entry)
    expect(outcome).toMatchObject({ kind: "unavailable", reason: "storage_failed", sideEffects: "unknown" })
    expect(faults.attempts.get("UpdateItem")).toBe(1)
    const head = await headOf(index, partition)
    expect(head).toMatchObject({ nextOffset: 1, tail: [entry] })
    expect(await append(index, partition, entry)).toEqual({ kind: "refused", head })
  })

  it("says the same where the request was lost, and nothing was appended", async () => {
    faults.loseRequests("UpdateItem", 1)
    expect(await append(index, partition)).toMatchObject({ kind: "unavailable", sideEffects: "unknown" })
    expect(faults.attempts.get("UpdateItem")).toBe(1)
    expect((await headOf(index, partition)).nextOffset).toBe(0)
  })

  it("sends a change once", async () => {
    faults.loseAnswers("UpdateItem", 1)
    const change = { kind: "tiered_to", from: 0, to: 5 } as const
    expect(await index.change(partition, change)).toMatchObject({ kind: "unavailable", sideEffects: "unknown" })
    expect(faults.attempts.get("UpdateItem")).toBe(1)
    expect((await headOf(index, partition)).tieredTo).toBe(5)
  })

  it("repeats what may be repeated", async () => {
    const key = randomUUID()
    const page = pageOf(0, [newEntry()])
    faults.loseAnswers("PutItem", 2)
    expect(await index.putPage(partition, page)).toEqual(DONE)
    faults.loseAnswers("PutItem", 1)
    expect(await index.putItem(partition, key, new Uint8Array(9))).toEqual(DONE)
    expect(faults.attempts.get("PutItem")).toBe(5)
    faults.loseAnswers("UpdateItem", 1)
    expect(await index.spillProducer(partition, 7, position(0, 5))).toEqual(DONE)
    expect(await index.spilledProducer(partition, 7)).toMatchObject({ position: position(0, 5) })
    faults.loseAnswers("BatchWriteItem", 1)
    expect(await index.removeItems(partition, [key])).toEqual(DONE)
    faults.loseRequests("Query", 1)
    expect(await index.pagesAfter(partition, 0, 1)).toEqual({ kind: "pages", pages: [page], more: false })
  })

  it("says that a read has no effect when all its attempts are lost", async () => {
    faults.loseRequests("GetItem", 100)
    expect(await index.head(partition)).toMatchObject({ kind: "unavailable", sideEffects: "none" })
    faults.loseAnswers("PutItem", 100)
    const put = await index.putPage(partition, pageOf(0, [newEntry()]))
    expect(put).toMatchObject({ kind: "unavailable", sideEffects: "unknown" })
  })

  it("asks again for what a batch left undone", async () => {
    const keys = Array.from({ length: 10 }, () => randomUUID())
    for (const key of keys) await index.putItem(partition, key, Buffer.from(key))
    faults.detour("BatchGetItem", async ({ RequestItems: requests }, send) => {
      const { Keys: asked, ...rest } = tableIn<{ Keys: unknown[] }>(requests)
      const half = Math.ceil(asked.length / 2)
      const output = await send({ RequestItems: { [access.table]: { ...rest, Keys: asked.slice(0, half) } } })
      const left = asked.slice(half)
      return { ...output, UnprocessedKeys: left.length > 0 ? { [access.table]: { ...rest, Keys: left } } : {} }
    })
    const found = await index.items(partition, keys)
    expect(found).toEqual({ kind: "items", items: keys.map((key) => new Uint8Array(Buffer.from(key))) })
    expect(faults.attempts.get("BatchGetItem")).toBe(4)

    faults.detour("BatchWriteItem", async ({ RequestItems: requests }, send) => {
      const asked = tableIn<unknown[]>(requests)
      const half = Math.ceil(asked.length / 2)
      const output = await send({ RequestItems: { [access.table]: asked.slice(0, half) } })
      return { ...output, UnprocessedItems: half < asked.length ? { [access.table]: asked.slice(half) } : {} }
    })
    expect(await index.removeItems(partition, keys)).toEqual(DONE)
    expect(faults.attempts.get("BatchWriteItem")).toBe(4)
    expect(await index.listItems(partition)).toEqual({ kind: "page", keys: [] })
  })

  it("does not wait for ever for a batch that stays undone", async () => {
    faults.detour("BatchWriteItem", async ({ RequestItems: requests }) => ({ UnprocessedItems: requests }))
    const outcome = await index.removeItems(partition, [randomUUID()])
    expect(outcome).toMatchObject({ kind: "unavailable", reason: "throttled", sideEffects: "unknown" })
  })

  it("reads an item consistently where the cheaper read does not know it yet", async () => {
    const [known, late] = [randomUUID(), randomUUID()]
    for (const key of [known, late]) await index.putItem(partition, key, new Uint8Array([1]))
    const asked: string[][] = []
    faults.detour("BatchGetItem", async ({ RequestItems: requests }, send) => {
      const { Keys: keys, ConsistentRead: consistent } = tableIn<{
        Keys: { sk: { S: string } }[]
        ConsistentRead: boolean
      }>(requests)
      asked.push(keys.map(({ sk }) => sk.S))
      const visible = consistent ? keys : keys.filter(({ sk }) => sk.S !== late)
      return send({ RequestItems: { [access.table]: { Keys: visible, ConsistentRead: consistent } } })
    })
    const bytes = new Uint8Array([1])
    expect(await index.items(partition, [known, late])).toEqual({ kind: "items", items: [bytes, bytes] })
    expect(asked).toEqual([[known, late], [late]])
  })

  it("makes heads though another transaction is in the way", async () => {
    const topicId = randomUUID()
    let conflicts = 2
    faults.detour("TransactWriteItems", async (input, send) => {
      if (conflicts === 0) return send(input)
      conflicts -= 1
      throw new TransactionCanceledException({
        message: "Transaction cancelled",
        CancellationReasons: [{ Code: "TransactionConflict" }],
        $metadata: {},
      })
    })
    expect(await index.createHeads(topicId, 3)).toEqual(DONE)
    expect(conflicts).toBe(0)
    expect((await headOf(index, { topicId, partition: 2 })).nextOffset).toBe(0)
  })

  it("can delete heads again after it was stopped half-way", async () => {
    committed(await append(index, partition))
    faults.loseRequests("BatchWriteItem", 100)
    expect(await index.deleteHeads(partition.topicId)).toMatchObject({ kind: "unavailable", sideEffects: "unknown" })
    expect(await index.topicPartitions(partition.topicId)).toMatchObject({ deleted: true })
    expect(await index.deletedTopics(1_000)).toMatchObject({ topicIds: expect.arrayContaining([partition.topicId]) })
    expect(await index.head(partition)).toMatchObject({ kind: "head" })
    faults.clear()
    expect(await index.deleteHeads(partition.topicId)).toEqual(DONE)
    expect(await index.head(partition)).toEqual({ kind: "unknown_partition" })
  })

  it("leaves no head of a deletion that nobody repeated to a topic that is forgotten", async () => {
    committed(await append(index, partition))
    faults.loseRequests("BatchWriteItem", 100)
    await index.deleteHeads(partition.topicId)
    expect(await index.head(partition)).toMatchObject({ kind: "head" })
    faults.clear()
    const { deps } = partitionsDeps({ index })
    expect(await purgeTopic(deps, partition.topicId, false)).toEqual({ kind: "forgotten" })
    expect(await index.head(partition)).toEqual({ kind: "unknown_partition" })
    expect(await index.topicPartitions(partition.topicId)).toEqual({ kind: "none" })
  })

  it("knows its own segment where the answer to it was lost", async () => {
    const segments = createSegmentIndex(access)
    const segment: Segment = {
      baseOffset: 0,
      endOffset: 10,
      objectKey: `segments/${randomUUID()}.log`,
      bytes: 100,
      crc32c: 1,
      maxTimestamp: 5,
      createdAt: 5,
      compactedTo: 0,
      points: [],
      version: 1,
    }
    faults.loseAnswers("PutItem", 1)
    expect(await segments.put(partition, segment)).toEqual({ kind: "put" })
    faults.loseAnswers("PutItem", 1)
    const next = { ...segment, objectKey: `segments/${randomUUID()}.log`, version: 2 }
    expect(await segments.replace(partition, next)).toEqual({ kind: "changed" })
    expect(faults.attempts.get("PutItem")).toBe(4)
    expect(await segments.find(partition, 0)).toEqual({ kind: "segment", segment: next })
  })

  function tableIn<T>(requests: unknown): T {
    return (requests as Record<string, T>)[access.table] as T
  }
})
