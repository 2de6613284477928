import {
  encodeBatch,
  patchBaseOffset,
  portableCrc32c,
  readBatchHeader,
  splitBatches,
  verifyBatch,
} from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import { errorCode } from "./expect-error.ts"
import { rawBatch } from "./raw-batch.ts"

const text = new TextEncoder()
const batch = encodeBatch(
  {
    records: [
      { timestamp: 1_763_600_000_000, key: text.encode("u1"), value: text.encode("a") },
      { timestamp: 1_763_600_000_005, key: null, value: text.encode("b") },
    ],
    baseOffset: 41,
    producer: { id: 2 ** 40 + 7, epoch: 3, sequence: 12 },
  },
  portableCrc32c,
)

describe("the batch header", () => {
  it("has every field of the format", () => {
    expect(readBatchHeader(batch)).toEqual({
      baseOffset: 41,
      batchLength: batch.length - 12,
      sizeInBytes: batch.length,
      partitionLeaderEpoch: -1,
      crc: portableCrc32c(batch.subarray(21)),
      attributes: 0,
      codec: "none",
      logAppendTime: false,
      transactional: false,
      control: false,
      hasDeleteHorizon: false,
      lastOffsetDelta: 1,
      baseTimestamp: 1_763_600_000_000,
      maxTimestamp: 1_763_600_000_005,
      producerId: 2 ** 40 + 7,
      producerEpoch: 3,
      baseSequence: 12,
      recordCount: 2,
    })
  })

  it("is read at any position, needing only its own 61 bytes", () => {
    const shifted = new Uint8Array(batch.length + 5)
    shifted.set(batch, 5)
    expect(readBatchHeader(shifted, 5)).toEqual(readBatchHeader(batch))
    expect(readBatchHeader(batch.subarray(0, 61)).recordCount).toBe(2)
  })

  it("names the codec and the attribute bits", () => {
    expect(readBatchHeader(rawBatch([0], { attributes: 0x7c }))).toMatchObject({
      attributes: 0x7c,
      codec: "zstd",
      logAppendTime: true,
      transactional: true,
      control: true,
      hasDeleteHorizon: true,
    })
  })

  it.each([
    ["fewer bytes than a header", "truncated", batch.subarray(0, 60)],
    ["no bytes", "truncated", new Uint8Array(0)],
    ["an older magic, even where the bytes are few", "bad_magic", changed(16, 1).subarray(0, 34)],
    ["a length below the header's", "bad_length", changed(8, 0, 0, 0, 48)],
    ["a negative length", "bad_length", changed(8, 0xff)],
    ["a negative record count", "bad_count", changed(57, 0xff)],
    ["a negative last offset delta", "bad_count", changed(23, 0xff)],
    ["a codec that does not exist", "unsupported_codec", changed(22, 5)],
    ["a base offset of 2^53", "out_of_range", changed(0, 0, 0x20, 0, 0, 0, 0, 0, 0)],
    ["a max timestamp of -2^63", "out_of_range", changed(35, 0x80)],
  ] as const)("refuses %s", async (_, code, bytes) => {
    expect(await errorCode(() => readBatchHeader(bytes))).toBe(code)
  })

  it("reads the greatest and the smallest exact integers", () => {
    expect(readBatchHeader(changed(0, 0, 0x1f, 255, 255, 255, 255, 255, 255)).baseOffset).toBe(2 ** 53 - 1)
    expect(readBatchHeader(changed(35, 0xff, 0xe0, 0, 0, 0, 0, 0, 1)).maxTimestamp).toBe(-(2 ** 53) + 1)
  })
})

describe("verifying a batch", () => {
  it("accepts it wherever its base offset and leader epoch were patched to", () => {
    const placed = batch.slice()
    patchBaseOffset(placed, 9_000_000_000, 4)
    expect(verifyBatch(placed, portableCrc32c)).toMatchObject({ baseOffset: 9_000_000_000, partitionLeaderEpoch: 4 })
  })

  it.each([
    ["a cut end", "truncated", batch.subarray(0, batch.length - 1)],
    ["a byte too many", "bad_length", Uint8Array.of(...batch, 0)],
    ["a changed value", "bad_crc", changed(batch.length - 2, 99)],
    ["a changed CRC", "bad_crc", changed(17, (batch[17] ?? 0) ^ 1)],
  ] as const)("refuses %s", async (_, code, bytes) => {
    expect(await errorCode(() => verifyBatch(bytes, portableCrc32c))).toBe(code)
  })
})

describe("splitting concatenated batches", () => {
  it("gives a view of each, without copying", () => {
    const bytes = Uint8Array.of(...batch, ...batch, ...batch)
    const views = splitBatches(bytes)
    expect(views.map((view) => [view.byteOffset, view.length])).toEqual([
      [0, batch.length],
      [batch.length, batch.length],
      [2 * batch.length, batch.length],
    ])
    expect(views.every((view) => view.buffer === bytes.buffer)).toBe(true)
  })

  it("gives nothing of no bytes", () => {
    expect(splitBatches(new Uint8Array(0))).toEqual([])
  })

  it.each([1, 11, 60, batch.length - 1])("refuses an end cut to %i bytes", async (size) => {
    const bytes = Uint8Array.of(...batch, ...batch.subarray(0, size))
    expect(await errorCode(() => splitBatches(bytes))).toBe("truncated")
  })
})

function changed(at: number, ...values: number[]): Uint8Array {
  const copy = batch.slice()
  copy.set(values, at)
  return copy
}
