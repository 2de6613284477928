import { type BatchCodecs, encodeBatch, inspectRecords, portableCrc32c, readBatchHeader } from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import { errorCode } from "./expect-error.ts"
import { type RawFields, rawBatch, rawRecord } from "./raw-batch.ts"

const codecs: BatchCodecs = { crc32c: portableCrc32c }
const text = new TextEncoder()

const inspect = (bytes: Uint8Array) => inspectRecords(bytes, readBatchHeader(bytes), codecs, 0)

describe("inspecting a produced batch", () => {
  it("sums up what a server needs, synchronously", () => {
    const bytes = encodeBatch(
      {
        records: [
          { timestamp: 5, key: null, value: text.encode("a") },
          { timestamp: 9, key: new Uint8Array(0), value: null, headers: [["h", null]] },
          { timestamp: 7, key: null, value: null },
        ],
      },
      portableCrc32c,
    )
    expect(inspect(bytes)).toEqual({ count: 3, nullKeys: 2, maxTimestamp: 9, uncompressedBytes: bytes.length - 61 })
  })

  it("reports the greatest timestamp of the records, not what the header claims", () => {
    const bytes = rawBatch(rawRecord(0, 20, 0, 1, 1, 0), { maxTimestamp: 99 })
    expect(inspect(bytes)).toMatchObject({ maxTimestamp: 10 })
  })

  it.each<[string, string, number[], RawFields?]>([
    ["offset deltas that do not start at 0", "bad_record", rawRecord(0, 0, 2, 1, 1, 0)],
    [
      "offset deltas with a gap",
      "bad_record",
      [...rawRecord(0, 0, 0, 1, 1, 0), ...rawRecord(0, 0, 4, 1, 1, 0)],
      { recordCount: 2, lastOffsetDelta: 1 },
    ],
    ["a last offset delta above the count", "bad_count", rawRecord(0, 0, 0, 1, 1, 0), { lastOffsetDelta: 1 }],
    ["no records", "bad_count", [], { recordCount: 0 }],
    ["a header key that is not UTF-8", "bad_record", rawRecord(0, 0, 0, 1, 1, 2, 2, 0xff, 1)],
    ["a value beyond its record", "bad_record", rawRecord(0, 0, 0, 1, 8, 1, 0)],
    ["bytes after the last record", "bad_count", [...rawRecord(0, 0, 0, 1, 1, 0), 0]],
  ])("refuses %s", async (_, code, records, fields) => {
    expect(await errorCode(() => inspect(rawBatch(records, fields)))).toBe(code)
  })
})
