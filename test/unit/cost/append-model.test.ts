/** The estimate takes items to be as large as the codecs make them. */
import { defaultWorkload, dynamoDbPlacementLimits as limits, placementQuestion } from "stratalog/cost"
import { encodeBatch, portableCrc32c } from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import type { Entry } from "../../../functions/partitions/ports.ts"
import { entrySize } from "../../../functions/storage/aws/dynamodb/codec/entry.ts"
import { EMPTY_HEAD, headOverhead } from "../../../functions/storage/aws/dynamodb/codec/head.ts"
import { itemSize } from "../../../functions/storage/aws/dynamodb/codec/item-size.ts"
import { itemKey, pageKey } from "../../../functions/storage/aws/dynamodb/codec/keys.ts"
import { encodePage } from "../../../functions/storage/aws/dynamodb/codec/page.ts"

const NOW = 1_763_600_000_123
const TOPIC = "0190c5a2-7d3e-7a3b-8f00-0123456789ab"
const UNIQUE = "0190c5a2-7d3e-7a3b-8f00-ba9876543210"
const partition = { topicId: TOPIC, partition: 9_999 }
const producer = { id: 1_000_000, epoch: 3, sequence: 2_000_000_000 }

function entryOf(recordsPerRequest: number, recordBytes: number, producers: number): Entry {
  const records = Array.from({ length: recordsPerRequest }, () => ({
    timestamp: NOW,
    key: null,
    value: new Uint8Array(recordBytes),
  }))
  const batches = encodeBatch({ records, ...(producers > 0 && { producer }) }, portableCrc32c)
  const inside = { recordCount: recordsPerRequest, recordsBefore: 0, maxTimestamp: NOW }
  return {
    id: "00112233445566ff",
    recordCount: recordsPerRequest,
    bytes: batches.length,
    maxTimestamp: NOW,
    sequences: producers > 0 ? [{ ...producer, ...inside }] : [],
    placement: { kind: "inline", batches },
  }
}

describe("the model of an append", () => {
  it.each([
    [1, 100, 0],
    [1, 100, 1],
    [10, 50, 1],
    [1, 900, 0],
  ])(
    "of %i records of %i bytes with %i producers is as large as the codec's, within 3%%",
    (batch, bytes, producers) => {
      const entry = entryOf(batch, bytes, producers)
      const workload = {
        ...defaultWorkload,
        recordsPerRequest: batch,
        recordBytes: bytes,
        producersPerPartition: producers,
      }
      const question = placementQuestion(workload)
      expect(question.inlineEntryBytes / entrySize(entry)).toBeCloseTo(1, 1.2)
      expect(question.bytes / entry.bytes).toBeCloseTo(1, 1.2)
    },
  )

  it("knows what head, pages, placed items and references take besides, or a little more", () => {
    const head = {
      ...EMPTY_HEAD,
      generation: 142_857,
      nextOffset: 1_000_003,
      logStartOffset: 876_543,
      tieredTo: 987_654,
      bytesAppended: 170_000_511,
      bytesBelowStart: 149_012_345,
      producers: new Map([[producer.id, { epoch: 3, laps: 0, lastSequence: 2_000_000_000 }]]),
    }
    const modelled = placementQuestion({ ...defaultWorkload, producersPerPartition: 1 }).headBytes
    expect(Math.abs(headOverhead(head) - modelled)).toBeLessThan(5)
    const page = encodePage({ baseOffset: 7, endOffset: 7, entries: [], storedAt: NOW })
    expect(itemSize({ ...pageKey(partition, 7), ...page })).toBeLessThanOrEqual(limits.pageOverheadBytes)
    expect(itemSize(itemKey(partition, UNIQUE))).toBeLessThan(limits.itemOverheadBytes)
    const placed: Entry = {
      ...entryOf(1, 2_000, 1),
      placement: { kind: "object", key: `batches/${TOPIC}/9999/${UNIQUE}` },
    }
    expect(entrySize(placed)).toBeLessThanOrEqual(limits.referenceBytes)
  })
})
