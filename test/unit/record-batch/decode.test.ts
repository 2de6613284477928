import { type BatchRecord, decodeBatch, decodeVerifiedBatch, encodeBatch, portableCrc32c } from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import { errorCode } from "./expect-error.ts"
import { type RawFields, rawBatch, rawRecord } from "./raw-batch.ts"

const codecs = { crc32c: portableCrc32c }
const text = new TextEncoder()

describe("decoding a batch", () => {
  it("gives absolute offsets and timestamps, synchronously, as views", () => {
    const bytes = encodeBatch(
      {
        records: [
          { timestamp: 100, key: text.encode("k"), value: text.encode("v"), headers: [["h", text.encode("x")]] },
          { timestamp: 90, key: new Uint8Array(0), value: null },
        ],
        baseOffset: 7,
      },
      portableCrc32c,
    )
    const records = decodeBatch(bytes, codecs, 0)
    expect(records).toEqual([
      { offset: 7, timestamp: 100, key: text.encode("k"), value: text.encode("v"), headers: [["h", text.encode("x")]] },
      { offset: 8, timestamp: 90, key: new Uint8Array(0), value: null, headers: [] },
    ] satisfies BatchRecord[])
    expect(Array.isArray(records) && records[0]?.value?.buffer === bytes.buffer).toBe(true)
  })

  it("gives plain Uint8Arrays of a Buffer too", () => {
    const bytes = Buffer.from(
      encodeBatch({ records: [{ timestamp: 0, key: null, value: text.encode("v") }] }, portableCrc32c),
    )
    expect(decodeBatch(bytes, codecs, 0)).toEqual([
      { offset: 0, timestamp: 0, key: null, value: text.encode("v"), headers: [] },
    ])
  })

  it("decodes what compaction left: gaps, and fewer records than offsets", () => {
    const records = [...rawRecord(0, 0, 4, 1, 1, 0), ...rawRecord(0, 0, 10, 1, 1, 0)]
    const decoded = decodeBatch(rawBatch(records, { recordCount: 2, lastOffsetDelta: 9 }), codecs, 0)
    expect(decoded).toMatchObject([{ offset: 2 }, { offset: 5 }])
  })

  it("decodes what compaction left of a batch that lost all records, whatever its codec was", () => {
    expect(decodeBatch(rawBatch([], { recordCount: 0, lastOffsetDelta: 3, attributes: 4 }), codecs, 0)).toEqual([])
  })

  it("tolerates record attributes, and control and transactional batches", () => {
    const bytes = rawBatch(rawRecord(0xff, 0, 0, 1, 1, 0), { attributes: 0x30 })
    expect(decodeBatch(bytes, codecs, 0)).toHaveLength(1)
  })

  it("keeps a byte order mark in a header key", () => {
    const bytes = encodeBatch(
      { records: [{ timestamp: 0, key: null, value: null, headers: [["\ufeffh", null]] }] },
      portableCrc32c,
    )
    expect(decodeBatch(bytes, codecs, 0)).toMatchObject([{ headers: [["\ufeffh", null]] }])
  })

  it("computes no CRC where it was verified before", () => {
    const bytes = encodeBatch({ records: [{ timestamp: 0, key: null, value: null }] }, portableCrc32c)
    const unused = {
      crc32c: () => {
        throw new Error("the CRC was computed")
      },
    }
    expect(decodeVerifiedBatch(bytes, unused, 0)).toHaveLength(1)
  })

  it.each<[string, string, number[], RawFields?]>([
    ["an offset delta beyond the last", "bad_record", rawRecord(0, 0, 2, 1, 1, 0)],
    [
      "offset deltas that do not rise",
      "bad_record",
      [...rawRecord(0, 0, 2, 1, 1, 0), ...rawRecord(0, 0, 2, 1, 1, 0)],
      { recordCount: 2, lastOffsetDelta: 3 },
    ],
    ["a record longer than the batch", "bad_record", [14, 0, 0, 0, 1, 1, 0]],
    ["a record shorter than its fields", "bad_record", [12, 0, 0, 0, 1, 4, 1, 0]],
    ["a record longer than its fields", "bad_record", rawRecord(0, 0, 0, 1, 1, 0, 0)],
    ["a negative record length", "bad_record", [1, 0, 0, 0, 1, 1, 0]],
    ["a value beyond its record", "bad_record", rawRecord(0, 0, 0, 1, 8, 1, 0)],
    ["a key of length -2", "bad_record", rawRecord(0, 0, 0, 3, 1, 0)],
    ["a negative header count", "bad_record", rawRecord(0, 0, 0, 1, 1, 1)],
    ["more headers than bytes", "bad_record", rawRecord(0, 0, 0, 1, 1, 0xfe, 0xff, 0xff, 0xff, 0x0f)],
    ["a header without a key", "bad_record", rawRecord(0, 0, 0, 1, 1, 2, 1, 1)],
    ["a header key that is not UTF-8", "bad_record", rawRecord(0, 0, 0, 1, 1, 2, 2, 0xff, 1)],
    ["a number that is cut", "bad_record", rawRecord(0, 0, 0, 1, 1, 0x80)],
    ["a varint of 33 bits", "bad_record", rawRecord(0, 0, 0x80, 0x80, 0x80, 0x80, 0x10, 1, 1, 0)],
    ["a varlong of 65 bits", "bad_record", rawRecord(0, ...Array<number>(9).fill(0x80), 2, 0, 1, 1, 0)],
    ["a timestamp delta of 2^63", "out_of_range", rawRecord(0, ...Array<number>(9).fill(0xff), 1, 0, 1, 1, 0)],
    ["a timestamp beyond 2^53", "out_of_range", rawRecord(0, 2, 0, 1, 1, 0), { baseTimestamp: 2n ** 53n - 1n }],
    ["more records than it holds", "bad_count", rawRecord(0, 0, 0, 1, 1, 0), { recordCount: 2, lastOffsetDelta: 1 }],
    ["a record count in the billions", "bad_count", rawRecord(0, 0, 0, 1, 1, 0), { recordCount: 0x7fff_ffff }],
    ["bytes after the last record", "bad_count", [...rawRecord(0, 0, 0, 1, 1, 0), 0]],
    ["no records where it counts one", "bad_count", []],
    ["a compressed block where the platform has no codec", "unsupported_codec", [1], { attributes: 2 }],
  ])("refuses %s", async (_, code, records, fields) => {
    expect(await errorCode(() => decodeBatch(rawBatch(records, fields), codecs, 0))).toBe(code)
  })

  it("refuses a batch whose last offset would pass 2^53", async () => {
    const bytes = rawBatch(rawRecord(0, 0, 0, 1, 1, 0), { lastOffsetDelta: 1 })
    bytes.set([0, 0x1f, 255, 255, 255, 255, 255, 255])
    expect(await errorCode(() => decodeBatch(bytes, codecs, 0))).toBe("out_of_range")
  })
})
