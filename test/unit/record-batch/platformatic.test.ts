import {
  allowedCompressionsAlgorithms,
  type CreateRecordsBatchOptions,
  createRecordsBatch,
  type MessageRecord,
  NumericMap,
  murmur2 as platformaticMurmur2,
  Reader,
  readRecordsBatch,
  readRecordsBatches,
} from "@platformatic/kafka"
import {
  decodeBatch,
  encodeBatch,
  encodeCompressedBatch,
  inspectRecords,
  murmur2,
  patchBaseOffset,
  type RecordInput,
  readBatchHeader,
  splitBatches,
} from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import { codecSubjects, referenceCodecs } from "./codec-subjects.ts"
import { interopRecords } from "./interop-records.ts"

const producer = { id: 4_000_000_000, epoch: 3, sequence: 17 }
const codecNames = ["none", "gzip", "snappy", "lz4", "zstd"] as const

describe.each(interopRecords)("@platformatic/kafka and $name", ({ records }) => {
  const expected = records.map((record, index) => ({ offset: index, headers: [], ...record }))

  describe.each(codecNames)("compressed by %s", (compression) => {
    it.each(codecSubjects)("is read by the $name", async ({ codecs }) => {
      const bytes = writtenByPlatformatic(records, { compression })
      expect(await decodeBatch(bytes, codecs, 2 ** 24)).toEqual(expected)
      const summary = await inspectRecords(bytes, readBatchHeader(bytes), codecs, 2 ** 24)
      expect(summary).toMatchObject({ count: records.length })
    })

    it.each(codecSubjects)("is read by it as the $name write it", async ({ codecs }) => {
      if (compression !== "none" && codecs[compression]?.compress === undefined) return
      const input = { records, producer, baseOffset: 2 ** 35 }
      const bytes =
        compression === "none"
          ? encodeBatch(input, codecs.crc32c)
          : await encodeCompressedBatch(input, compression, codecs)
      const batch = readRecordsBatch(Reader.from(Buffer.from(bytes)))
      expect(batch).toMatchObject({
        firstOffset: 2n ** 35n,
        producerId: 4_000_000_000n,
        producerEpoch: 3,
        firstSequence: 17,
      })
      expect(batch.records).toMatchObject(
        records.map((record, offsetDelta) => ({
          offsetDelta,
          timestampDelta: BigInt(record.timestamp) - batch.firstTimestamp,
          key: record.key && Buffer.from(record.key),
          value: record.value && Buffer.from(record.value),
          headers: (record.headers ?? []).map(([key, value]) => [Buffer.from(key), value && Buffer.from(value)]),
        })),
      )
    })
  })

  it("gives the same bytes uncompressed, with and without a producer id", () => {
    const sequences = new NumericMap([["t:0", producer.sequence]])
    const identity = { producerId: BigInt(producer.id), producerEpoch: producer.epoch, sequences }
    const withProducer = encodeBatch({ records, producer }, referenceCodecs.crc32c)
    const without = encodeBatch({ records, producer: { id: -1, epoch: 0, sequence: 0 } }, referenceCodecs.crc32c)
    patchBaseOffset(withProducer, 0, 0)
    patchBaseOffset(without, 0, 0)
    expect(Buffer.compare(withProducer, writtenByPlatformatic(records, identity))).toBe(0)
    expect(Buffer.compare(without, writtenByPlatformatic(records, {}))).toBe(0)
  })
})

describe("batches one after another", () => {
  it("are split as @platformatic/kafka splits them", () => {
    const parts = interopRecords.map(({ records }) => writtenByPlatformatic(records, {}))
    const bytes = Buffer.concat(parts)
    expect(splitBatches(bytes).map((batch) => batch.length)).toEqual(parts.map((part) => part.length))
    expect(readRecordsBatches(Reader.from(bytes))).toHaveLength(parts.length)
  })
})

describe("the codecs of @platformatic/kafka", () => {
  it("are all covered here", () => {
    expect([...allowedCompressionsAlgorithms].sort()).toEqual([...codecNames].sort())
  })
})

describe("the partitioner of @platformatic/kafka", () => {
  it("has the same murmur2", () => {
    for (let size = 0; size < 200; size++) {
      const key = Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index + 1) * 41 * (size + 1)))
      expect(murmur2(key)).toBe(platformaticMurmur2(key))
    }
  })
})

function writtenByPlatformatic(
  records: readonly RecordInput[],
  options: Partial<CreateRecordsBatchOptions>,
): Uint8Array {
  const messages = records.map(
    ({ timestamp, key, value, headers = [] }) =>
      ({
        topic: "t",
        partition: 0,
        timestamp: BigInt(timestamp),
        ...(key !== null && { key: Buffer.from(key) }),
        ...(value !== null && { value: Buffer.from(value) }),
        headers: new Map(headers.map(([name, bytes]) => [Buffer.from(name), Buffer.from(bytes ?? [])])),
      }) as MessageRecord,
  )
  return new Uint8Array(createRecordsBatch(messages, options).buffer)
}
