/** Processes whose clocks are far apart keep one log: offsets, sequences and epochs ask no clock. */
import { encodeBatch, portableCrc32c } from "stratalog/record-batch"
import { afterAll, beforeAll, expect, it } from "vitest"
import { partitionIds } from "../../functions/compose/partition-ids.ts"
import { timer } from "../../functions/compose/timer.ts"
import type { PartitionLog, ProducerSequence } from "../../functions/log/ports.ts"
import { createIndexedLog } from "../../functions/partitions/indexed-log.ts"
import { createPartitionIndex } from "../../functions/storage/aws/dynamodb/partition-index/partition-index.ts"
import { partitionsDeps } from "../fakes/partitions-deps.ts"
import { describeOnDynamoDb, type TemporaryTable, temporaryTable } from "./dynamodb.ts"

const SKEW_MS = 600_000
const PARTITION = { topicId: "0d000000-0000-4000-8000-00000000000d", partition: 0 }

describeOnDynamoDb("two processes, one ten minutes behind and one ten minutes ahead,", () => {
  let made: TemporaryTable
  let logs: readonly [PartitionLog, PartitionLog]
  beforeAll(async () => {
    made = await temporaryTable()
    const index = createPartitionIndex(made)
    const logWith = (skewMs: number) => {
      const now = () => Date.now() + skewMs
      return createIndexedLog(partitionsDeps({ index, timer, clock: { now }, ids: partitionIds(now) }).deps)
    }
    logs = [logWith(-SKEW_MS), logWith(SKEW_MS)]
    await index.createHeads(PARTITION.topicId, 1)
  })
  afterAll(() => made.dispose())

  async function append(log: PartitionLog, value: string, more: object = {}, producer?: ProducerSequence) {
    const records = [{ timestamp: 1_000, key: null, value: Buffer.from(value) }]
    const batch = encodeBatch({ records, ...(producer && { producer }) }, portableCrc32c)
    const entry = { batch, recordCount: 1, maxTimestamp: 1_000, ...(producer && { producer }), ...more }
    const [outcome] = await log.append(PARTITION, [entry])
    return outcome
  }

  it("give dense offsets in turn, over rolls, and read the same", async () => {
    for (let offset = 0; offset < 60; offset++) {
      const log = logs[offset % 2 === 0 ? 0 : 1]
      const outcome = await append(log, "x".repeat(500), { matchOffset: offset })
      expect(outcome).toMatchObject({ kind: "appended", baseOffset: offset })
    }
    const reads = await Promise.all(logs.map((log) => log.read(PARTITION, { offset: 0, maxBytes: 1_000_000 })))
    const offsets = reads.map((read) => read.kind === "batches" && read.batches.map(({ baseOffset }) => baseOffset))
    expect(offsets[0]).toEqual(Array.from({ length: 60 }, (_, offset) => offset))
    expect(offsets[1]).toEqual(offsets[0])
  })

  it("know each other's sequences and epochs", async () => {
    const [behind, ahead] = logs
    const first = await append(ahead, "once", {}, { id: 7, epoch: 0, sequence: 0 })
    expect(first?.kind).toBe("appended")
    const again = await append(behind, "once", {}, { id: 7, epoch: 0, sequence: 0 })
    expect(again).toMatchObject({ kind: "duplicate", baseOffset: first?.kind === "appended" ? first.baseOffset : -1 })
    expect(await append(behind, "next", {}, { id: 7, epoch: 0, sequence: 1 })).toMatchObject({ kind: "appended" })
    expect(await append(ahead, "skips", {}, { id: 7, epoch: 0, sequence: 3 })).toMatchObject({ kind: "sequence_gap" })
    expect(await append(behind, "new", {}, { id: 7, epoch: 1, sequence: 0 })).toMatchObject({ kind: "appended" })
    expect(await append(ahead, "old", {}, { id: 7, epoch: 0, sequence: 2 })).toMatchObject({ kind: "stale_epoch" })
  })

  it("hold each other to a fence, and wake each other's readers", async () => {
    const [behind, ahead] = logs
    expect(await ahead.setFence(PARTITION, undefined, "mine")).toEqual({ kind: "set" })
    expect(await append(behind, "fenced", { fencingToken: "other" })).toMatchObject({ kind: "fence_failed" })
    expect(await append(behind, "let in", { fencingToken: "mine" })).toMatchObject({ kind: "appended" })
    const described = await behind.describe(PARTITION)
    if (described.kind !== "partition") throw new Error(described.kind)
    const waiting = behind.waitForChange(
      [{ partition: PARTITION, seen: described.state }],
      new AbortController().signal,
    )
    expect(await append(ahead, "news")).toMatchObject({ baseOffset: described.state.highWatermark })
    await waiting
  })
})
