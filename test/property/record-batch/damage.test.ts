import fc from "fast-check"
import {
  type BatchInput,
  decodeBatch,
  decodeVerifiedBatch,
  encodeBatch,
  encodeCompressedBatch,
  inspectRecords,
  portableCrc32c,
  readBatchHeader,
  setMaxTimestamp,
  splitBatches,
  verifyBatch,
} from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import { codecSubjects, referenceCodecs } from "../../unit/record-batch/codec-subjects.ts"
import { batchInput, codecName } from "./arbitraries.ts"
import { outcome, outcomeNow } from "./outcomes.ts"
import "./seeded.ts"

const MAX_BYTES = 2 ** 20
/** Base offset and leader epoch may be anything: no check covers them. */
const UNCHECKED = [0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15]

const anyBatch = fc.tuple(batchInput, fc.option(codecName))
const position = fc.nat()
const flip = fc.integer({ min: 1, max: 255 })

describe("a damaged batch", () => {
  it("is refused wherever a byte that anything covers is changed", async () => {
    await fc.assert(
      fc.asyncProperty(anyBatch, position, flip, async ([input, codec], where, mask) => {
        const bytes = await encode(input, codec)
        const at = where % bytes.length
        fc.pre(!UNCHECKED.includes(at))
        flipByte(bytes, at, mask)
        expect(outcomeNow(() => verifyBatch(bytes, portableCrc32c))).toMatchObject({ kind: "refused" })
        expect(await outcome(() => decodeBatch(bytes, referenceCodecs, MAX_BYTES))).toMatchObject({ kind: "refused" })
      }),
      { numRuns: 1000 },
    )
  })

  it("is refused wherever it is cut, alone and behind others", async () => {
    await fc.assert(
      fc.asyncProperty(anyBatch, position, async ([input, codec], where) => {
        const bytes = await encode(input, codec)
        const cut = bytes.subarray(0, where % bytes.length)
        expect(outcomeNow(() => verifyBatch(cut, portableCrc32c))).toMatchObject({ kind: "refused", code: "truncated" })
        expect(await outcome(() => decodeBatch(cut, referenceCodecs, MAX_BYTES))).toMatchObject({ kind: "refused" })
        fc.pre(cut.length > 0)
        const behind = new Uint8Array(Buffer.concat([bytes, cut]))
        expect(outcomeNow(() => splitBatches(behind))).toMatchObject({ kind: "refused", code: "truncated" })
      }),
      { numRuns: 500 },
    )
  })

  it("is refused or read as something whole, where its CRC was made right again", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyBatch,
        fc.array(fc.tuple(position, flip), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...codecSubjects),
        async ([input, codec], changes, { codecs }) => {
          const bytes = await encode(input, codec)
          for (const [where, mask] of changes) flipByte(bytes, 61 + (where % (bytes.length - 61)), mask)
          const sealed = setMaxTimestamp(bytes, 0, portableCrc32c)
          const header = readBatchHeader(sealed)
          const read = await outcome(() => decodeBatch(sealed, codecs, MAX_BYTES))
          const inspected = await outcome(() => inspectRecords(sealed, header, codecs, MAX_BYTES))
          if (read.kind === "value") expect(read.value).toHaveLength(header.recordCount)
          if (inspected.kind === "value") expect(read.kind).toBe("value")
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe("bytes that are no batch", () => {
  it("are refused by every function", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        outcomeNow(() => readBatchHeader(bytes))
        outcomeNow(() => splitBatches(bytes))
        expect(outcomeNow(() => verifyBatch(bytes, portableCrc32c)).kind).toBe("refused")
        expect((await outcome(() => decodeBatch(bytes, referenceCodecs, MAX_BYTES))).kind).toBe("refused")
      }),
      { numRuns: 1000 },
    )
  })

  it("are refused or read whole behind a header that is right", async () => {
    const attributes = fc.nat({ max: 0x7f })
    const count = fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 0x7fff_ffff }))
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        attributes,
        count,
        fc.constantFrom(...codecSubjects),
        async (records, bits, recordCount, { codecs }) => {
          const bytes = aroundGarbage(records, bits, recordCount)
          const read = await outcome(() => decodeVerifiedBatch(bytes, codecs, MAX_BYTES))
          const inspected = await outcome(() => inspectRecords(bytes, readBatchHeader(bytes), codecs, MAX_BYTES))
          if (read.kind === "value") expect(read.value).toHaveLength(recordCount)
          if (inspected.kind === "value") expect(inspected.value.count).toBe(recordCount)
        },
      ),
      { numRuns: 2000 },
    )
  })
})

async function encode(input: BatchInput, codec: "gzip" | "snappy" | "lz4" | "zstd" | null): Promise<Uint8Array> {
  return codec === null ? encodeBatch(input, portableCrc32c) : encodeCompressedBatch(input, codec, referenceCodecs)
}

function flipByte(bytes: Uint8Array, at: number, mask: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ mask
}

/** Attribute bits 0 to 2 of 5 and above name no codec, which would end the test at the header. */
function aroundGarbage(records: Uint8Array, bits: number, recordCount: number): Uint8Array {
  const header = encodeBatch({ records: [{ timestamp: 0, key: null, value: null }] }, portableCrc32c).subarray(0, 61)
  const bytes = new Uint8Array(Buffer.concat([header, records]))
  const view = new DataView(bytes.buffer)
  view.setInt32(8, bytes.length - 12)
  view.setInt16(21, (bits & ~7) | (bits % 5))
  view.setInt32(23, Math.max(recordCount - 1, 0))
  view.setInt32(57, recordCount)
  return bytes
}
