/** What is written to the index comes back as it was, and sorts as it should. */
import fc from "fast-check"
import { encodeBatch, portableCrc32c } from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import type { ProducerPosition } from "../../../functions/partitions/ports.ts"
import { BlobReader, BlobWriter } from "../../../functions/storage/aws/dynamodb/codec/bytes.ts"
import { decodeEntry, encodeEntry } from "../../../functions/storage/aws/dynamodb/codec/entry.ts"
import { decodeHead, encodeHead } from "../../../functions/storage/aws/dynamodb/codec/head.ts"
import { offsetText, pageKey, segmentKey } from "../../../functions/storage/aws/dynamodb/codec/keys.ts"
import { packBatches, unpackBatches } from "../../../functions/storage/aws/dynamodb/codec/packed-batches.ts"
import { decodePage, encodePage } from "../../../functions/storage/aws/dynamodb/codec/page.ts"
import {
  decodePosition,
  encodePosition,
  producerId,
  producerName,
} from "../../../functions/storage/aws/dynamodb/codec/producer-position.ts"
import { decodeSegment, encodeSegment } from "../../../functions/storage/aws/dynamodb/codec/segment.ts"
import { longUuid, shortUuid } from "../../../functions/storage/aws/dynamodb/codec/uuid.ts"
import { batchInput } from "../record-batch/arbitraries.ts"
import { batches, entry, head, position, segment } from "./arbitraries.ts"

const seed = Number(process.env["STRATALOG_SEED"] ?? Date.now() % 0x7fff_ffff)
fc.configureGlobal({ seed, numRuns: 300 })
console.log(`codecs of DynamoDB: STRATALOG_SEED=${seed}`)

const safe = fc.oneof(
  fc.nat(),
  fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  fc.constantFrom(127, 128, 2 ** 32, 2 ** 53 - 1),
)
const partition = { topicId: "0190c5a2-7d3e-7a3b-8f00-0123456789ab", partition: 7 }

describe("a blob", () => {
  it("holds every safe integer", () => {
    fc.assert(
      fc.property(safe, fc.boolean(), (value, negative) => {
        const signed = negative ? -value : value
        const writer = new BlobWriter()
        writer.varint(value)
        writer.signed(signed)
        writer.unsigned(value % 2 ** 48, 6)
        const reader = new BlobReader(writer.done())
        expect([reader.varint(), reader.signed() + 0, reader.unsigned(6)]).toEqual([value, signed + 0, value % 2 ** 48])
        expect(reader.left).toBe(0)
      }),
    )
  })

  it("is not read past its end", () => {
    const reader = new BlobReader(new Uint8Array([200]))
    expect(() => reader.varint()).toThrow(RangeError)
  })
})

describe("packed batches", () => {
  it("come back byte for byte, whatever their headers say", () => {
    fc.assert(
      fc.property(batches, (bytes) => {
        const writer = new BlobWriter()
        packBatches(writer, bytes)
        expect(unpackBatches(new BlobReader(writer.done()))).toEqual(bytes)
      }),
    )
  })

  it("lose their base offset alone", () => {
    fc.assert(
      fc.property(batchInput, (input) => {
        const batch = encodeBatch(input, portableCrc32c)
        const writer = new BlobWriter()
        packBatches(writer, batch)
        batch.fill(0, 0, 8)
        expect(unpackBatches(new BlobReader(writer.done()))).toEqual(batch)
      }),
    )
  })

  it("take at least 35 bytes less than they are where they are as a producer makes them", () => {
    const now = fc.integer({ min: 1_763_600_000_000, max: 1_763_600_100_000 })
    const record = fc.record({ timestamp: now, key: fc.constant(null), value: fc.uint8Array() })
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), fc.boolean(), (records, idempotent) => {
        const producer = idempotent ? { producer: { id: 1e9, epoch: 3, sequence: 1e6 } } : {}
        const batch = encodeBatch({ records, ...producer }, portableCrc32c)
        const writer = new BlobWriter()
        packBatches(writer, batch)
        expect(writer.done().length).toBeLessThanOrEqual(batch.length - 35)
      }),
    )
  })
})

describe("an entry", () => {
  it("comes back as it was", () => {
    fc.assert(
      fc.property(entry, (value) => {
        expect(decodeEntry(encodeEntry(value))).toEqual(value)
      }),
    )
  })

  it("has one encoding, also of a copy whose base offset was written in", () => {
    fc.assert(
      fc.property(batchInput, fc.nat(), (input, baseOffset) => {
        const of = (offset: number) => ({
          id: "0011223344556677",
          recordCount: input.records.length,
          bytes: 1,
          maxTimestamp: 1,
          sequences: [],
          placement: {
            kind: "inline" as const,
            batches: encodeBatch({ ...input, baseOffset: offset }, portableCrc32c),
          },
        })
        expect(encodeEntry(of(baseOffset))).toEqual(encodeEntry(of(0)))
      }),
    )
  })

  it("is refused where it is none", () => {
    expect(() => decodeEntry(new Uint8Array([7, 0, 0]))).toThrow(RangeError)
    expect(() => decodeEntry(new Uint8Array([1, 0, 0]))).toThrow(RangeError)
    expect(() => decodeEntry(new Uint8Array([32, ...new Uint8Array(40)]))).toThrow(RangeError)
  })
})

describe("items", () => {
  it("hold heads", () => {
    fc.assert(
      fc.property(head, (value) => {
        expect(decodeHead(encodeHead(value))).toEqual(value)
      }),
    )
  })

  it("hold pages, whose base follows from their end", () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 5 }), fc.nat(), safe, (entries, baseOffset, storedAt) => {
        const endOffset = baseOffset + entries.reduce((sum, { recordCount }) => sum + recordCount, 0)
        const page = { baseOffset, endOffset, entries, storedAt }
        expect(decodePage({ ...pageKey(partition, endOffset), ...encodePage(page) })).toEqual(page)
      }),
    )
  })

  it("hold segments", () => {
    fc.assert(
      fc.property(segment, (value) => {
        const item = { ...segmentKey(partition, value.baseOffset), ...encodeSegment(value) }
        expect(decodeSegment(item)).toEqual(value)
      }),
    )
  })

  it("refuse a page whose entries leave a gap", () => {
    expect(() => encodePage({ baseOffset: 0, endOffset: 1, entries: [], storedAt: 0 })).toThrow(RangeError)
  })
})

describe("order", () => {
  it("of positions is the order of their numbers", () => {
    fc.assert(
      fc.property(position, position, (a, b) => {
        const [left, right] = [encodePosition(a), encodePosition(b)].map(({ N }) => BigInt(N))
        expect(Math.sign(Number((left ?? 0n) - (right ?? 0n)))).toBe(Math.sign(compare(a, b)))
        expect(decodePosition(encodePosition(a))).toEqual(a)
      }),
    )
  })

  it("of offsets is the order of their sort keys", () => {
    fc.assert(
      fc.property(safe, safe, (a, b) => {
        const [left, right] = [offsetText(a), offsetText(b)]
        expect(left < right).toBe(a < b)
      }),
    )
  })

  it("of parts that do not fit is not made up", () => {
    for (const wrong of [
      { epoch: 0, laps: 2 ** 21, lastSequence: 0 },
      { epoch: 0, laps: 0, lastSequence: 2 ** 31 },
      { epoch: 0, laps: 0, lastSequence: -1 },
    ]) {
      expect(() => encodePosition(wrong)).toThrow(RangeError)
    }
  })
})

describe("names", () => {
  it("of producers and topics come back", () => {
    fc.assert(
      fc.property(safe, fc.uuid(), (id, topicId) => {
        expect(producerId(producerName(id))).toBe(id)
        expect(longUuid(shortUuid(topicId))).toBe(topicId)
        expect(shortUuid(topicId)).toHaveLength(22)
      }),
    )
  })
})

function compare(a: ProducerPosition, b: ProducerPosition): number {
  return a.epoch - b.epoch || a.laps - b.laps || a.lastSequence - b.lastSequence
}
