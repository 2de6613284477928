/** What the index's requests are billed, as DynamoDB itself counts it. */
import { randomBytes, randomUUID } from "node:crypto"
import { encodeBatch, portableCrc32c } from "stratalog/record-batch"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import type { PartitionRef } from "../../functions/log/ports.ts"
import { type Entry, type PartitionIndex, tailBase } from "../../functions/partitions/ports.ts"
import { createPartitionIndex } from "../../functions/storage/aws/dynamodb/partition-index/partition-index.ts"
import { append, commitOf, committed, headOf, newPartition } from "../contract/partition-index/fixture.ts"
import { countUnits } from "./billed-units.ts"
import { describeOnDynamoDb, type TemporaryTable, temporaryTable } from "./dynamodb.ts"

const NOW = 1_763_600_000_123

describeOnDynamoDb("the index on DynamoDB is billed", () => {
  let access: TemporaryTable
  let index: PartitionIndex
  let partition: PartitionRef
  let units = 0
  beforeAll(async () => {
    access = await temporaryTable((client) => countUnits(client, (more) => (units += more)))
    index = createPartitionIndex(access)
  })
  beforeEach(async () => {
    partition = await newPartition(index)
  })
  afterAll(() => access.dispose())

  it("a write unit for an append of 100 bytes, and one more for the page of each seven", async () => {
    const rounds: number[] = []
    for (let round = 0; round < 5; round += 1) {
      rounds.push(await unitsOf(round === 0 ? async () => undefined : roll))
      for (let count = 0; count < 6; count += 1) {
        const spent = await unitsOf(async () => committed(await append(index, partition, smallEntry())))
        expect(spent).toBe(1)
      }
      if (round === 0) await append(index, partition, smallEntry())
    }
    expect(rounds).toEqual([0, 2, 2, 2, 2])
    const [appends, billed] = [7, 6 + 2]
    console.log(
      `7 appends of 100 bytes with their roll: ${billed} write units, ${(billed / appends).toFixed(2)} an append`,
    )
  })

  it("a read unit for the head, and for the pages looked at as many as their bytes make", async () => {
    expect(await unitsOf(() => headOf(index, partition))).toBe(1)
    const entries = Array.from({ length: 7 }, smallEntry)
    for (let base = 0; base < 280; base += 7) {
      await index.putPage(partition, { baseOffset: base, endOffset: base + 7, entries, storedAt: NOW })
    }
    expect(await unitsOf(() => index.pagesAfter(partition, 140, 1))).toBe(1)
    // 16 pages of 971 bytes, and one that tells whether there are more.
    expect(await unitsOf(() => index.pagesAfter(partition, 0, 16 * 1_024))).toBe(5)
  })

  it("half a read unit for each 4 KB of a placed item, and a write unit for each KB", async () => {
    const key = randomUUID()
    expect(await unitsOf(() => index.putItem(partition, key, randomBytes(8_000)))).toBe(8)
    expect(await unitsOf(() => index.items(partition, [key]))).toBe(1)
    expect(await unitsOf(() => index.removeItems(partition, [key]))).toBe(8)
  })

  it("a read unit for each head that is to be made and is there, which is not written again", async () => {
    const topicId = randomUUID()
    await index.createHeads(topicId, 50)
    expect(await unitsOf(() => index.createHeads(topicId, 50))).toBe(50)
  })

  /** The page of the tail as it is, and the own entry in its place. */
  async function roll(): Promise<void> {
    const head = await index.head(partition)
    if (head.kind !== "head") throw new Error(head.kind)
    // Whoever appended knows the head from the answer.
    units -= 1
    const { tail, nextOffset, generation } = head.head
    expect(tail).toHaveLength(7)
    await index.putPage(partition, {
      baseOffset: tailBase(head.head),
      endOffset: nextOffset,
      entries: tail,
      storedAt: NOW,
    })
    const commit = commitOf({
      generation: { exactly: generation },
      nextGeneration: generation + 1,
      nextOffset,
      tail: { kind: "replace" },
      entry: smallEntry(),
    })
    committed(await index.commit(partition, commit))
  }

  async function unitsOf(work: () => Promise<unknown>): Promise<number> {
    const before = units
    await work()
    return units - before
  }
})

/** A record with a value of 100 bytes. */
function smallEntry(): Entry {
  const batches = encodeBatch({ records: [{ timestamp: NOW, key: null, value: randomBytes(100) }] }, portableCrc32c)
  const id = randomBytes(8).toString("hex")
  const placement = { kind: "inline", batches } as const
  return { id, recordCount: 1, bytes: batches.length, maxTimestamp: NOW, sequences: [], placement }
}
