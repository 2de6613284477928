import assert from "node:assert/strict"
import { BATCH_TYPE, type ErrorCode } from "stratalog/protocol"
import { batchOf, changed } from "../batch.ts"
import { type ConformanceCase, conformanceCase } from "../case.ts"
import { highWatermark } from "../records.ts"

/** Byte positions in a RecordBatch v2. */
const LENGTH = 8
const MAGIC = 16
const ATTRIBUTES = 21
const LAST_OFFSET_DELTA = 23
const PRODUCER_ID = 43
const BASE_SEQUENCE = 53
const RECORD_COUNT = 57
const RECORDS = 61

/** What `make` gives is refused with `code`, and without any effect. */
function refusedBatch(
  name: string,
  code: ErrorCode | readonly ErrorCode[],
  make: () => Promise<Uint8Array> | Uint8Array,
): ConformanceCase {
  const errors: readonly ErrorCode[] = typeof code === "string" ? [code] : []
  return conformanceCase(`refuses ${name}`, ["produceToPartition"], errors, async (context) => {
    const topic = await context.newTopic(1)
    const params = { topic, partition: 0 }
    await context.refused("produceToPartition", code, { params, raw: await make(), type: BATCH_TYPE })
    assert.equal(await highWatermark(context, topic), 0)
  })
}

const plain = () => batchOf(["one", "two", "three"])
const setAttribute = (bit: number) => async () =>
  changed(await plain(), (view) => view.setInt16(ATTRIBUTES, view.getInt16(ATTRIBUTES) | bit))
const either: readonly ErrorCode[] = ["corrupt_batch", "invalid_batch"]

export const batchRuleCases = [
  refusedBatch("a batch with one flipped bit", "corrupt_batch", async () => {
    return changed(await plain(), (view) => view.setUint8(70, view.getUint8(70) ^ 1), false)
  }),
  refusedBatch("a batch that is cut", "corrupt_batch", async () => (await plain()).subarray(0, -1)),
  refusedBatch("a batch that is cut in its header", "corrupt_batch", async () => (await plain()).subarray(0, 40)),
  refusedBatch("an empty body", either, () => new Uint8Array()),
  refusedBatch("bytes that are no batch", "corrupt_batch", () => new Uint8Array(200).fill(0xaa)),
  refusedBatch("JSON sent as a batch", "corrupt_batch", () =>
    new TextEncoder().encode('{"records":[{"value":1}]}'.repeat(5)),
  ),
  refusedBatch("an older message format", "corrupt_batch", async () =>
    changed(await plain(), (view) => view.setInt8(MAGIC, 1)),
  ),
  refusedBatch("a length below the header's", "corrupt_batch", async () =>
    changed(await plain(), (view) => view.setInt32(LENGTH, 5)),
  ),
  refusedBatch("a negative length", "corrupt_batch", async () =>
    changed(await plain(), (view) => view.setInt32(LENGTH, -1)),
  ),
  refusedBatch("two batches", "invalid_batch", async () => Buffer.concat([await plain(), await plain()])),
  refusedBatch("a batch with bytes after it", either, async () => Buffer.concat([await plain(), Buffer.from([1])])),
  refusedBatch("a record count above the records", either, async () =>
    changed(await plain(), (view) => {
      view.setInt32(RECORD_COUNT, 4)
      view.setInt32(LAST_OFFSET_DELTA, 3)
    }),
  ),
  refusedBatch("a record count below the records", either, async () =>
    changed(await plain(), (view) => {
      view.setInt32(RECORD_COUNT, 2)
      view.setInt32(LAST_OFFSET_DELTA, 1)
    }),
  ),
  refusedBatch("a last offset delta that is not the count less one", either, async () =>
    changed(await plain(), (view) => view.setInt32(LAST_OFFSET_DELTA, 9)),
  ),
  refusedBatch("no records", either, async () =>
    changed((await plain()).subarray(0, RECORDS), (view) => {
      view.setInt32(LENGTH, RECORDS - 12)
      view.setInt32(RECORD_COUNT, 0)
      view.setInt32(LAST_OFFSET_DELTA, -1)
    }),
  ),
  refusedBatch("a negative record count", either, async () =>
    changed(await plain(), (view) => {
      view.setInt32(RECORD_COUNT, -3)
      view.setInt32(LAST_OFFSET_DELTA, -4)
    }),
  ),
  refusedBatch("offset deltas that are not 0, 1, 2", either, async () =>
    // Length, attributes, timestamp delta, offset delta: the first record's delta becomes 1 (zigzag 2).
    changed(await plain(), (view) => view.setUint8(RECORDS + 3, 2)),
  ),
  refusedBatch("a record that is longer than the batch", either, async () =>
    changed(await plain(), (view) => view.setUint8(RECORDS, 0x7e)),
  ),
  refusedBatch("a control batch", "invalid_batch", setAttribute(0x20)),
  refusedBatch("a transactional batch", "invalid_batch", setAttribute(0x10)),
  refusedBatch("LogAppendTime set by the producer", "invalid_batch", setAttribute(0x08)),
  refusedBatch("an unknown codec", either, setAttribute(0x07)),
  refusedBatch("a codec that the records are not compressed with", either, setAttribute(0x01)),
  refusedBatch("zstd that is none", either, setAttribute(0x04)),
  refusedBatch("lz4 that is none", either, setAttribute(0x03)),
  refusedBatch("snappy that is none", either, setAttribute(0x02)),
  refusedBatch("a producer id without a sequence", either, async () =>
    changed(await plain(), (view) => {
      view.setBigInt64(PRODUCER_ID, 7n)
      view.setInt32(BASE_SEQUENCE, -1)
    }),
  ),
  refusedBatch("a producer id that no number holds", either, async () =>
    changed(await plain(), (view) => view.setBigInt64(PRODUCER_ID, 2n ** 62n)),
  ),

  conformanceCase("refuses a compressed batch that is a bomb", ["produceToPartition"], [], async (context) => {
    const topic = await context.newTopic(1, { "max.message.bytes": context.limits.maxBatchBytes })
    const params = { topic, partition: 0 }
    const big = "x".repeat(1024 * 1024)
    const count = Math.ceil(context.limits.maxDecompressedBytes / big.length) + 1
    const raw = await batchOf(
      Array.from({ length: count }, () => big),
      { codec: "zstd" },
    )
    await context.refused(
      "produceToPartition",
      ["corrupt_batch", "invalid_batch", "batch_too_large", "body_too_large"],
      {
        params,
        raw,
        type: BATCH_TYPE,
      },
    )
    assert.equal(await highWatermark(context, topic), 0)
  }),

  conformanceCase(
    "a compacted topic refuses a batch with a record without a key",
    ["produceToPartition"],
    ["invalid_batch"],
    async (context) => {
      const topic = await context.newTopic(1, { "cleanup.policy": "compact" })
      const request = { params: { topic, partition: 0 }, type: BATCH_TYPE }
      const raw = await batchOf(["a", "b"], { keys: ["k", null] })
      await context.refused("produceToPartition", "invalid_batch", { ...request, raw })
      await context.call("produceToPartition", 200, { ...request, raw: await batchOf(["a", "b"], { keys: ["k", ""] }) })
    },
  ),
]
