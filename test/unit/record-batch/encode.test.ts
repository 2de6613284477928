import {
  type BatchInput,
  decodeBatch,
  encodeBatch,
  encodeCompressedBatch,
  portableCrc32c,
  type RecordInput,
  readBatchHeader,
  verifyBatch,
} from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import { errorCode } from "./expect-error.ts"

const text = new TextEncoder()
const codecs = { crc32c: portableCrc32c }
const record: RecordInput = { timestamp: 1, key: null, value: null }

describe("encoding a batch", () => {
  it("lays it out as the format says", () => {
    const bytes = encodeBatch(
      {
        records: [
          { timestamp: 1000, key: text.encode("k"), value: text.encode("v"), headers: [["h", text.encode("x")]] },
          { timestamp: 936, key: null, value: null, headers: [["é", null]] },
        ],
        baseOffset: 5,
      },
      portableCrc32c,
    )
    const crc = Buffer.from(bytes).readUInt32BE(17).toString(16).padStart(8, "0")
    expect(Buffer.from(bytes).toString("hex")).toBe(
      [
        "0000000000000005", // base offset
        "00000049", // length
        "ffffffff02", // leader epoch, magic
        crc,
        "0000", // attributes
        "00000001", // last offset delta
        "00000000000003e800000000000003e8", // base and max timestamp
        "ffffffffffffffffffffffffffff", // producer id, epoch, sequence
        "00000002", // record count
        "18000000026b0276020268" + "0278", // length 12, attributes, deltas, key, value, one header
        "1400" + "7f" + "02" + "01" + "01" + "02" + "04c3a9" + "01", // length 10, delta -64, offset 1, nulls, header
      ].join(""),
    )
    expect(verifyBatch(bytes, portableCrc32c).maxTimestamp).toBe(1000)
  })

  it("marks LogAppendTime, so that readers see one time for all records", () => {
    const input: BatchInput = { records: [record, { ...record, timestamp: 9 }], logAppendTime: true }
    const bytes = encodeBatch(input, portableCrc32c)
    expect(readBatchHeader(bytes).logAppendTime).toBe(true)
    expect(decodeBatch(bytes, codecs, 0)).toMatchObject([{ timestamp: 9 }, { timestamp: 9 }])
  })

  it.each<[string, string, BatchInput]>([
    ["no records", "bad_count", { records: [] }],
    ["a fraction as timestamp", "out_of_range", { records: [{ ...record, timestamp: 1.5 }] }],
    ["a timestamp of 2^53", "out_of_range", { records: [{ ...record, timestamp: 2 ** 53 }] }],
    ["not a number", "out_of_range", { records: [{ ...record, timestamp: Number.NaN }] }],
    [
      "timestamps further apart than 2^53",
      "out_of_range",
      {
        records: [
          { ...record, timestamp: -(2 ** 52) },
          { ...record, timestamp: 2 ** 52 },
        ],
      },
    ],
    ["a negative base offset", "out_of_range", { records: [record], baseOffset: -1 }],
    ["a last offset of 2^53", "out_of_range", { records: [record, record], baseOffset: 2 ** 53 - 1 }],
    [
      "a producer epoch of 16 bits",
      "out_of_range",
      { records: [record], producer: { id: 1, epoch: 2 ** 15, sequence: 0 } },
    ],
    ["a sequence of 32 bits", "out_of_range", { records: [record], producer: { id: 1, epoch: 0, sequence: 2 ** 31 } }],
    ["a producer id below -1", "out_of_range", { records: [record], producer: { id: -2, epoch: 0, sequence: 0 } }],
    [
      "a header key with a lone high surrogate",
      "bad_record",
      { records: [{ ...record, headers: [["a\ud800", null]] }] },
    ],
    [
      "a header key with a lone low surrogate",
      "bad_record",
      { records: [{ ...record, headers: [["\udc00b", null]] }] },
    ],
    [
      "a header key with swapped surrogates",
      "bad_record",
      { records: [{ ...record, headers: [["\udc00\ud800", null]] }] },
    ],
  ])("refuses %s", async (_, code, input) => {
    expect(await errorCode(() => encodeBatch(input, portableCrc32c))).toBe(code)
  })

  it("refuses what would exceed 2 GiB before allocating it", async () => {
    const records = Array<RecordInput>(33).fill({ ...record, value: new Uint8Array(2 ** 26) })
    expect(await errorCode(() => encodeBatch({ records }, portableCrc32c))).toBe("out_of_range")
  })

  it("refuses a codec that the platform lacks or can only read", async () => {
    const readOnly = { crc32c: portableCrc32c, zstd: { decompress: (bytes: Uint8Array) => bytes } }
    expect(await errorCode(() => encodeCompressedBatch({ records: [record] }, "zstd", readOnly))).toBe(
      "unsupported_codec",
    )
    expect(await errorCode(() => encodeCompressedBatch({ records: [record] }, "lz4", readOnly))).toBe(
      "unsupported_codec",
    )
  })
})
