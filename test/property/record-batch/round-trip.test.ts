import fc from "fast-check"
import {
  type BatchInput,
  type BatchRecord,
  decodeBatch,
  decodeVerifiedBatch,
  encodeBatch,
  encodeCompressedBatch,
  inspectRecords,
  patchBaseOffset,
  portableCrc32c,
  readBatchHeader,
  setLogAppendTime,
  setMaxTimestamp,
  splitBatches,
  verifyBatch,
} from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import { codecSubjects, referenceCodecs } from "../../unit/record-batch/codec-subjects.ts"
import { batchInput, codecName } from "./arbitraries.ts"
import "./seeded.ts"

const MAX_BYTES = 2 ** 24

describe("a batch that was encoded", () => {
  it("decodes to its records", () => {
    fc.assert(
      fc.property(batchInput, (input) => {
        const bytes = encodeBatch(input, portableCrc32c)
        expect(decodeBatch(bytes, referenceCodecs, 0)).toEqual(decoded(input))
        expect(decodeVerifiedBatch(bytes, referenceCodecs, 0)).toEqual(decoded(input))
      }),
      { numRuns: 500 },
    )
  })

  it("decodes to its records from any compression, by any codecs", async () => {
    await fc.assert(
      fc.asyncProperty(batchInput, codecName, fc.constantFrom(...codecSubjects), async (input, codec, { codecs }) => {
        const writer = codecs[codec]?.compress === undefined ? referenceCodecs : codecs
        const bytes = await encodeCompressedBatch(input, codec, writer)
        for (const reader of [codecs, referenceCodecs]) {
          expect(await decodeBatch(bytes, reader, MAX_BYTES)).toEqual(decoded(input))
        }
      }),
      { numRuns: 300 },
    )
  })

  it("has a header that says what the records are", async () => {
    await fc.assert(
      fc.asyncProperty(batchInput, fc.option(codecName), async (input, codec) => {
        const bytes = await encode(input, codec)
        const header = verifyBatch(bytes, portableCrc32c)
        const { records, producer = { id: -1, epoch: -1, sequence: -1 } } = input
        expect(header).toMatchObject({
          baseOffset: input.baseOffset ?? 0,
          sizeInBytes: bytes.length,
          codec: codec ?? "none",
          lastOffsetDelta: records.length - 1,
          recordCount: records.length,
          baseTimestamp: records[0]?.timestamp,
          maxTimestamp: maxTimestamp(input),
          producerId: producer.id,
          producerEpoch: producer.epoch,
          baseSequence: producer.sequence,
        })
        expect(await inspectRecords(bytes, header, referenceCodecs, MAX_BYTES)).toMatchObject({
          count: records.length,
          nullKeys: records.filter((record) => record.key === null).length,
          maxTimestamp: maxTimestamp(input),
        })
      }),
      { numRuns: 300 },
    )
  })

  it("is still itself after it got its place in the log", () => {
    const place = fc.nat({ max: Number.MAX_SAFE_INTEGER - 30 })
    fc.assert(
      fc.property(batchInput, place, fc.nat({ max: 0x7fff_ffff }), (input, baseOffset, epoch) => {
        const bytes = encodeBatch(input, portableCrc32c)
        patchBaseOffset(bytes, baseOffset, epoch)
        expect(readBatchHeader(bytes)).toMatchObject({ baseOffset, partitionLeaderEpoch: epoch })
        expect(decodeBatch(bytes, referenceCodecs, 0)).toEqual(decoded({ ...input, baseOffset }))
      }),
    )
  })

  it("keeps all but its timestamps when the log stamps it", async () => {
    await fc.assert(
      fc.asyncProperty(batchInput, fc.option(codecName), fc.maxSafeInteger(), async (input, codec, timestamp) => {
        const stamped = setLogAppendTime(await encode(input, codec), timestamp, portableCrc32c)
        const expected = decoded(input).map((record) => ({ ...record, timestamp }))
        expect(await decodeBatch(stamped, referenceCodecs, MAX_BYTES)).toEqual(expected)
        const corrected = setMaxTimestamp(stamped, timestamp, portableCrc32c)
        expect(corrected).toEqual(stamped)
      }),
    )
  })

  it("is found again among others", () => {
    fc.assert(
      fc.property(fc.array(batchInput, { maxLength: 5 }), (inputs) => {
        const batches = inputs.map((input) => encodeBatch(input, portableCrc32c))
        expect(splitBatches(new Uint8Array(Buffer.concat(batches)))).toEqual(batches)
      }),
    )
  })
})

async function encode(input: BatchInput, codec: "gzip" | "snappy" | "lz4" | "zstd" | null): Promise<Uint8Array> {
  return codec === null ? encodeBatch(input, portableCrc32c) : encodeCompressedBatch(input, codec, referenceCodecs)
}

function decoded(input: BatchInput): BatchRecord[] {
  return input.records.map((record, index) => ({
    offset: (input.baseOffset ?? 0) + index,
    timestamp: input.logAppendTime ? maxTimestamp(input) : record.timestamp,
    key: record.key,
    value: record.value,
    headers: record.headers ?? [],
  }))
}

function maxTimestamp(input: BatchInput): number {
  return Math.max(...input.records.map((record) => record.timestamp))
}
