import fc from "fast-check"
import { encodeBatch, patchBaseOffset, portableCrc32c } from "stratalog/record-batch"
import type { Entry, EntrySequence, Head, Placement, ProducerPosition } from "../../../functions/partitions/ports.ts"
import type { IndexPoint, Segment } from "../../../functions/segments/ports.ts"
import { batchInput } from "../record-batch/arbitraries.ts"

const count = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: Number.MAX_SAFE_INTEGER }))
const i31 = fc.nat({ max: 0x7fff_ffff })
const timestamp = fc.oneof(
  fc.integer({ min: 1_763_600_000_000, max: 1_763_600_100_000 }),
  fc.integer({ min: -(2 ** 51), max: 2 ** 51 }),
)

/** A batch as a producer makes it, its base offset unset. */
const properBatch = batchInput.map((input) => {
  const batch = encodeBatch(input, portableCrc32c)
  patchBaseOffset(batch, 0)
  return batch
})

/** A header of any bytes at all, but for the base offset and, mostly, a length that fits; and any bytes behind it. */
const wildBatch = fc
  .tuple(fc.uint8Array({ minLength: 61, maxLength: 61 }), fc.uint8Array({ maxLength: 20 }), fc.nat({ max: 9 }))
  .map(([header, records, whim]) => {
    const batch = new Uint8Array([...header, ...records])
    batch.fill(0, 0, 8)
    if (whim > 0) new DataView(batch.buffer).setInt32(8, batch.length - 12)
    if (whim > 3) batch[16] = 2
    return batch
  })

/** A proper batch with a few of its header's bytes changed. */
const bentBatch = fc
  .tuple(properBatch, fc.array(fc.tuple(fc.integer({ min: 12, max: 60 }), fc.nat({ max: 255 })), { maxLength: 3 }))
  .map(([batch, changes]) => {
    const bent = batch.slice()
    for (const [at, byte] of changes) bent[at] = byte
    return bent
  })

export const batches: fc.Arbitrary<Uint8Array> = fc
  .array(fc.oneof(properBatch, bentBatch, wildBatch), { minLength: 1, maxLength: 4 })
  .map((parts) => new Uint8Array(Buffer.concat(parts)))

const sequence: fc.Arbitrary<EntrySequence> = fc.record({
  id: count,
  epoch: fc.nat({ max: 0x7fff }),
  sequence: i31,
  recordCount: i31,
  recordsBefore: i31,
  maxTimestamp: timestamp,
})

const uuid = fc.uuid().map((text) => text.toLowerCase())
const key = fc.oneof(
  uuid,
  fc.tuple(uuid, fc.nat({ max: 9_999 }), uuid).map(([topic, partition, id]) => `batches/${topic}/${partition}/${id}`),
  fc.tuple(uuid, uuid).map(([topic, id]) => `batches/${topic}/01/${id}`),
  fc.string(),
)

export const placement: fc.Arbitrary<Placement> = fc.oneof(
  batches.map((bytes): Placement => ({ kind: "inline", batches: bytes })),
  key.map((name): Placement => ({ kind: "item", key: name })),
  key.map((name): Placement => ({ kind: "object", key: name })),
)

export const entry: fc.Arbitrary<Entry> = fc.record({
  id: fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString("hex")),
  recordCount: fc.oneof(fc.integer({ min: 1, max: 3 }), i31),
  bytes: count,
  maxTimestamp: timestamp,
  sequences: fc.array(sequence, { maxLength: 3 }),
  placement,
})

export const position: fc.Arbitrary<ProducerPosition> = fc.record({
  epoch: fc.nat({ max: 0x7fff }),
  laps: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 2 ** 21 - 1 })),
  lastSequence: fc.oneof(i31, fc.constantFrom(0, 0x7fff_ffff)),
})

export const head: fc.Arbitrary<Head> = fc.record({
  generation: count,
  logStartOffset: count,
  tieredTo: count,
  nextOffset: count,
  tail: fc.array(entry, { maxLength: 4 }),
  tailBytes: count,
  producers: fc.array(fc.tuple(count, position), { maxLength: 5 }).map((known) => new Map(known)),
  spilled: fc.boolean(),
  fencingToken: fc.option(fc.string(), { nil: undefined }),
  bytesAppended: count,
  bytesBelowStart: count,
})

const points: fc.Arbitrary<readonly IndexPoint[]> = fc
  .array(fc.tuple(i31, i31, timestamp), { maxLength: 256 })
  .map((steps) => {
    let [offset, position] = [0, 0]
    return steps.map(([records, bytes, maxTimestamp], index) => {
      offset += records
      position += bytes
      return { offset, position, maxTimestampBefore: index === 0 ? Number.MIN_SAFE_INTEGER : maxTimestamp }
    })
  })

export const segment: fc.Arbitrary<Segment> = fc.record({
  baseOffset: count,
  endOffset: count,
  objectKey: fc.string(),
  bytes: count,
  crc32c: fc.nat({ max: 0xffff_ffff }),
  maxTimestamp: timestamp,
  createdAt: timestamp,
  compactedTo: count,
  points,
  version: i31,
})
