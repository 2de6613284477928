// Which partitions one answer takes, of a log that is far away.
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { isEnough, type ReadBounds, readPartitions } from "../../../../functions/groups/poll/read-partitions.ts"
import type { PartitionLog, ReadOutcome, StoredBatch } from "../../../../functions/log/ports.ts"
import { createMemoryGroupStore } from "../../../fakes/memory-group-store.ts"
import { createMemoryPartitionLog } from "../../../fakes/memory-partition-log.ts"

const TOPIC = "0a000000-0000-4000-8000-000000000001"

/** Batches of so many records each, 10 bytes a record, in each partition. */
function farLog(partitions: readonly (readonly number[])[]) {
  let under = 0
  const log = { most: 0, steps: 0, reads: 0 }
  const read: PartitionLog["read"] = async ({ partition }, { maxBytes, maxRecords = Number.POSITIVE_INFINITY }) => {
    log.reads += 1
    under += 1
    if (under === 1) log.steps += 1
    log.most = Math.max(log.most, under)
    await new Promise((resolve) => setImmediate(resolve))
    under -= 1
    return answerOf(partitions[partition] ?? [], maxBytes, maxRecords)
  }
  return { log, read }
}

function answerOf(sizes: readonly number[], maxBytes: number, maxRecords: number): ReadOutcome {
  const batches: StoredBatch[] = []
  let bytes = 0
  let offset = 0
  for (const recordCount of sizes) {
    if (batches.length > 0 && (bytes + recordCount * 10 > maxBytes || offset >= maxRecords)) break
    batches.push({ baseOffset: offset, recordCount, maxTimestamp: 0, bytes: new Uint8Array(recordCount * 10) })
    bytes += recordCount * 10
    offset += recordCount
  }
  const highWatermark = sizes.reduce((sum, size) => sum + size, 0)
  return { kind: "batches", batches, watermarks: { logStartOffset: 0, highWatermark } }
}

function pollOf(partitions: readonly (readonly number[])[], bounds: ReadBounds) {
  const far = farLog(partitions)
  const deps = {
    groups: createMemoryGroupStore(),
    log: { ...createMemoryPartitionLog(), read: far.read },
    clock: { now: () => 0 },
  }
  const starts = partitions.map((_, partition) => {
    return { at: { topic: "orders", partition: { topicId: TOPIC, partition } }, offset: 0, isNews: false }
  })
  const reading = readPartitions(deps, { group: "g", epoch: 1 }, starts, bounds, "earliest")
  return { far: far.log, reading }
}

const roomy = { maxBytes: 1_000_000, maxRecords: 1_000_000 }

describe("the partitions of a poll", () => {
  it("are looked at side by side while there is nothing", async () => {
    const { far, reading } = pollOf(
      Array.from({ length: 64 }, () => []),
      roomy,
    )
    expect((await reading).fetched).toHaveLength(64)
    expect(far.reads).toBe(64)
    expect(far.most).toBe(16)
    expect(far.steps).toBeLessThanOrEqual(8)
  })

  it("are read one by one while there is much, so that nothing is read for nothing", async () => {
    const { far, reading } = pollOf(
      Array.from({ length: 20 }, () => [5, 5]),
      { maxBytes: 100, maxRecords: 1_000 },
    )
    const { fetched, hasMore } = await reading
    expect([fetched.length, hasMore]).toEqual([1, true])
    expect(far.reads).toBe(1)
  })

  it("fill an answer within its bounds, in their order, and none is passed over", async () => {
    const partition = fc.oneof(
      { weight: 2, arbitrary: fc.constant<number[]>([]) },
      { weight: 1, arbitrary: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 }) },
    )
    const bounds = fc.record({
      maxBytes: fc.integer({ min: 1, max: 200 }),
      maxRecords: fc.integer({ min: 1, max: 30 }),
    })
    const property = fc.asyncProperty(fc.array(partition, { maxLength: 40 }), bounds, async (partitions, most) => {
      const read = await pollOf(partitions, most).reading
      const numbers = read.fetched.map(({ at }) => at.partition.partition)
      expect(numbers).toEqual(numbers.map((_, index) => index))
      const batches = read.fetched.flatMap((each) => each.batches)
      const bytes = batches.reduce((sum, batch) => sum + batch.bytes.length, 0)
      if (batches.length > 1) expect(bytes).toBeLessThanOrEqual(most.maxBytes)
      const isAll = numbers.length === partitions.length && batches.length === partitions.flat().length
      expect(read.hasMore).toBe(!isAll)
      // Who has records has an answer.
      if (partitions.some((sizes) => sizes.length > 0)) expect(batches.length).toBeGreaterThan(0)
      expect(isEnough(read, 1)).toBe(batches.length > 0 || read.hasMore)
    })
    await fc.assert(property, { numRuns: 300 })
  })
})
