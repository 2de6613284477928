import {
  decodeBatch,
  encodeBatch,
  encodeCompressedBatch,
  type HeaderPair,
  inspectRecords,
  murmur2,
  patchBaseOffset,
  type RecordInput,
  readBatchHeader,
} from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import { codecSubjects, referenceCodecs } from "./codec-subjects.ts"
import { interopRecords, recordsFarApart } from "./interop-records.ts"
import { kafkajsCodecs, loadKafkajs } from "./kafkajs-record-batch.ts"

const kafkajs = loadKafkajs()
const producer = { id: 4_000_000_000, epoch: 3, sequence: 17 }
const codecNames = ["none", "gzip", "snappy", "lz4"] as const

describe.each([...interopRecords, recordsFarApart])("kafkajs and $name", ({ records }) => {
  const expected = records.map((record, index) => ({ offset: index, headers: [], ...record }))

  describe.each(codecNames)("compressed by %s", (codec) => {
    it.each(codecSubjects)("is read by the $name", async ({ codecs }) => {
      const bytes = await writtenByKafkajs(records, kafkajsCodecs[codec])
      expect(await decodeBatch(bytes, codecs, 2 ** 24)).toEqual(expected)
      const summary = await inspectRecords(bytes, readBatchHeader(bytes), codecs, 2 ** 24)
      expect(summary).toMatchObject({ count: records.length })
    })

    it("is read by kafkajs as it is written here", async () => {
      const input = { records, producer, baseOffset: 2 ** 35 }
      const bytes =
        codec === "none"
          ? encodeBatch(input, referenceCodecs.crc32c)
          : await encodeCompressedBatch(input, codec, referenceCodecs)
      const batch = await kafkajs.decode(Buffer.from(bytes))
      expect(batch).toMatchObject({ producerId: "4000000000", producerEpoch: 3, firstSequence: 17 })
      expect(batch.records.map((record) => ({ ...record, headers: headerPairs(record.headers) }))).toMatchObject(
        records.map((record, index) => ({
          offset: `${2 ** 35 + index}`,
          timestamp: `${record.timestamp}`,
          key: record.key && Buffer.from(record.key),
          value: record.value && Buffer.from(record.value),
          headers: (record.headers ?? []).map(([key, value]) => [key, value && Buffer.from(value)]),
        })),
      )
    })
  })

  it("gives the same bytes uncompressed, with and without a producer id", async () => {
    for (const identity of [producer, { id: -1, epoch: 0, sequence: 0 }]) {
      const ours = encodeBatch({ records, producer: identity }, referenceCodecs.crc32c)
      patchBaseOffset(ours, 0, 0)
      const theirs = await writtenByKafkajs(records, kafkajsCodecs.none, identity)
      expect(Buffer.compare(ours, theirs)).toBe(0)
    }
  })
})

describe("a batch of kafkajs", () => {
  it("without a producer id has epoch and sequence 0, which mean nothing", async () => {
    const bytes = await writtenByKafkajs([{ timestamp: 1, key: null, value: null }], 0, {
      id: -1,
      epoch: 0,
      sequence: 0,
    })
    expect(readBatchHeader(bytes)).toMatchObject({ producerId: -1, producerEpoch: 0, baseSequence: 0 })
  })
})

describe("the partitioner of kafkajs", () => {
  it("has the same murmur2", () => {
    for (let size = 0; size < 200; size++) {
      const key = Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index + 1) * 37 * (size + 1)))
      expect(murmur2(key)).toBe(kafkajs.murmur2(key))
    }
  })
})

async function writtenByKafkajs(records: readonly RecordInput[], compression: number, identity = producer) {
  const firstTimestamp = records[0]?.timestamp ?? 0
  const batch = await kafkajs.RecordBatch({
    compression,
    firstOffset: kafkajs.long(0),
    firstTimestamp,
    maxTimestamp: Math.max(...records.map((record) => record.timestamp)),
    lastOffsetDelta: records.length - 1,
    producerId: kafkajs.long(identity.id),
    producerEpoch: identity.epoch,
    firstSequence: identity.sequence,
    records: records.map((record, offsetDelta) =>
      kafkajs.Record({
        offsetDelta,
        timestampDelta: record.timestamp - firstTimestamp,
        key: record.key && Buffer.from(record.key),
        value: record.value && Buffer.from(record.value),
        headers: headerMap(record.headers ?? []),
      }),
    ),
  })
  return new Uint8Array(batch.buffer)
}

/** kafkajs groups the values of a repeated header key. */
function headerMap(headers: readonly HeaderPair[]): Record<string, Buffer[]> {
  const map: Record<string, Buffer[]> = {}
  for (const [key, value] of headers) {
    map[key] = [...(map[key] ?? []), Buffer.from(value ?? [])]
  }
  return map
}

function headerPairs(headers: Record<string, Buffer | Buffer[]>): [string, Buffer][] {
  return Object.entries(headers).flatMap(([key, values]) =>
    [values].flat().map((value): [string, Buffer] => [key, value]),
  )
}
