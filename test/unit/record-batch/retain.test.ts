import { Reader, readRecordsBatch } from "@platformatic/kafka"
import {
  type BatchRecord,
  type CodecName,
  decodeBatch,
  encodeBatch,
  encodeCompressedBatch,
  encodeRetained,
  type RecordInput,
  readBatchHeader,
  setLogAppendTime,
  verifyBatch,
} from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import { referenceCodecs } from "./codec-subjects.ts"
import { interopRecords } from "./interop-records.ts"
import { loadKafkajs } from "./kafkajs-record-batch.ts"

const producer = { id: 77, epoch: 3, sequence: 5 }
const baseOffset = 2 ** 35
const MAX = 2 ** 24
const kafkajs = loadKafkajs()

const records: RecordInput[] = Array.from({ length: 6 }, (_, index) => ({
  timestamp: 1_763_600_000_000 + ((index * 7) % 5),
  key: Buffer.from(`key-${index}`),
  value: index === 4 ? null : Buffer.alloc(50, index),
  headers: [["h", Buffer.from([index])]],
}))

describe.each(["none", "gzip", "snappy", "lz4", "zstd"] as const)(
  "what is retained of a batch compressed by %s",
  (codec) => {
    it("keeps offsets, times, producer, span and codec", async () => {
      const original = await encode(records, codec)
      const all = await decodeBatch(original, referenceCodecs, MAX)
      for (let mask = 1; mask < 64; mask += 5) {
        const kept = all.filter((_, index) => (mask >> index) & 1)
        const retained = await encodeRetained(original, kept, referenceCodecs)
        expect(await decodeBatch(retained, referenceCodecs, MAX)).toEqual(kept)
        expect(readBatchHeader(retained)).toMatchObject({
          baseOffset,
          codec,
          lastOffsetDelta: 5,
          recordCount: kept.length,
          producerId: 77,
          producerEpoch: 3,
          baseSequence: 5,
          maxTimestamp: Math.max(...kept.map(({ timestamp }) => timestamp)),
          hasDeleteHorizon: false,
        })
      }
    })

    it("may be nothing: a header that spans the offsets", async () => {
      const original = await encode(records, codec)
      const retained = await encodeRetained(original, [], referenceCodecs)
      const { maxTimestamp } = readBatchHeader(original)
      expect(retained).toHaveLength(61)
      expect(verifyBatch(retained, referenceCodecs.crc32c)).toMatchObject({
        baseOffset,
        codec: "none",
        lastOffsetDelta: 5,
        recordCount: 0,
        baseTimestamp: -1,
        maxTimestamp,
      })
      expect(await decodeBatch(retained, referenceCodecs, MAX)).toEqual([])
    })

    it("notes until when its tombstones stay, and keeps a note that is there", async () => {
      const original = await encode(records, codec)
      const kept = (await decodeBatch(original, referenceCodecs, MAX)).slice(3)
      const noted = await encodeRetained(original, kept, referenceCodecs, 1_800_000_000_000)
      const again = await encodeRetained(noted, kept.slice(1), referenceCodecs, 1_900_000_000_000)
      for (const batch of [noted, again]) {
        expect(readBatchHeader(batch)).toMatchObject({
          hasDeleteHorizon: true,
          baseTimestamp: 1_800_000_000_000,
          codec,
        })
      }
      expect(await decodeBatch(noted, referenceCodecs, MAX)).toEqual(kept)
      expect(await decodeBatch(again, referenceCodecs, MAX)).toEqual(kept.slice(1))
    })

    it("is read by kafkajs and @platformatic/kafka", async () => {
      const original = await encode(records, codec)
      const kept = (await decodeBatch(original, referenceCodecs, MAX)).filter((_, index) => index % 2 === 0)
      for (const horizon of [undefined, 1_800_000_000_000]) {
        const retained = Buffer.from(await encodeRetained(original, kept, referenceCodecs, horizon))
        const theirs = readRecordsBatch(Reader.from(retained))
        expect(theirs).toMatchObject({ firstOffset: BigInt(baseOffset), lastOffsetDelta: 5 })
        const found = theirs.records.map(({ offsetDelta, timestampDelta }) => [
          baseOffset + offsetDelta,
          Number(theirs.firstTimestamp + timestampDelta),
        ])
        expect(found).toEqual(kept.map(({ offset, timestamp }) => [offset, timestamp]))
        if (codec === "zstd") continue
        const others = await kafkajs.decode(retained)
        expect(others.records.map(({ offset, timestamp }) => [Number(offset), Number(timestamp)])).toEqual(found)
      }
    })
  },
)

describe("what is retained of a batch", () => {
  it("keeps the log's time, which no record says", async () => {
    const original = setLogAppendTime(await encode(records, "none"), 1_770_000_000_000, referenceCodecs.crc32c)
    const all = await decodeBatch(original, referenceCodecs, MAX)
    const retained = await encodeRetained(original, all.slice(0, 1), referenceCodecs, 1_800_000_000_000)
    expect(readBatchHeader(retained)).toMatchObject({ logAppendTime: true, maxTimestamp: 1_770_000_000_000 })
    expect(await decodeBatch(retained, referenceCodecs, MAX)).toEqual(all.slice(0, 1))
  })

  it("is written without compression where the platform can only read the codec", async () => {
    const original = await encode(records, "zstd")
    const all = await decodeBatch(original, referenceCodecs, MAX)
    const { zstd } = referenceCodecs
    if (zstd === undefined) throw new Error("no zstd here")
    const readOnly = { ...referenceCodecs, zstd: { decompress: zstd.decompress.bind(zstd) } }
    const retained = await encodeRetained(original, all.slice(2), readOnly)
    expect(readBatchHeader(retained).codec).toBe("none")
    expect(await decodeBatch(retained, referenceCodecs, MAX)).toEqual(all.slice(2))
  })

  it("refuses a record of another batch", async () => {
    const original = await encode(records, "none")
    const foreign: BatchRecord = { offset: baseOffset + 6, timestamp: 1, key: null, value: null, headers: [] }
    await expect(encodeRetained(original, [foreign], referenceCodecs)).rejects.toMatchObject({ code: "out_of_range" })
  })

  it.each(interopRecords)("is the same bytes where all $name stay", async ({ records: sample }) => {
    const original = encodeBatch({ records: sample, producer, baseOffset }, referenceCodecs.crc32c)
    const all = await decodeBatch(original, referenceCodecs, MAX)
    expect(await encodeRetained(original, all, referenceCodecs)).toEqual(original)
  })
})

async function encode(of: readonly RecordInput[], codec: CodecName): Promise<Uint8Array> {
  const input = { records: of, producer, baseOffset }
  return codec === "none"
    ? encodeBatch(input, referenceCodecs.crc32c)
    : encodeCompressedBatch(input, codec, referenceCodecs)
}
