/** What items take decides what an append costs: a write unit is 1,024 bytes of the whole item. */
import { createHash } from "node:crypto"
import { encodeBatch, portableCrc32c } from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import type { Entry, Head, Page } from "../../../functions/partitions/ports.ts"
import {
  encodeCommit,
  groupEntryKey,
  runKey,
  slotNames,
  topicGroupKey,
} from "../../../functions/storage/aws/dynamodb/codec/committed-offsets.ts"
import { entrySize } from "../../../functions/storage/aws/dynamodb/codec/entry.ts"
import { encodeSeen, encodeState } from "../../../functions/storage/aws/dynamodb/codec/group-members.ts"
import { EMPTY_HEAD, encodeHead, headOverhead } from "../../../functions/storage/aws/dynamodb/codec/head.ts"
import { itemSize, numberSize, valueSize } from "../../../functions/storage/aws/dynamodb/codec/item-size.ts"
import { headKey, itemKey, pageKey, segmentKey } from "../../../functions/storage/aws/dynamodb/codec/keys.ts"
import { encodePage } from "../../../functions/storage/aws/dynamodb/codec/page.ts"
import { PRODUCER_COUNTER, producerKey } from "../../../functions/storage/aws/dynamodb/codec/producer-epoch.ts"
import { encodeSegment } from "../../../functions/storage/aws/dynamodb/codec/segment.ts"
import { encodeTopic } from "../../../functions/storage/aws/dynamodb/codec/topic.ts"
import { type GroupState, memberOf } from "../../contract/group-states.ts"

const NOW = 1_763_600_000_123
const TOPIC = "0190c5a2-7d3e-7a3b-8f00-0123456789ab"
const UNIQUE = "0190c5a2-7d3e-7a3b-8f00-ba9876543210"
const WRITE_UNIT = 1_024
const READ_UNIT = 4_096
const partition = { topicId: TOPIC, partition: 9_999 }

/** A record of a value of so many bytes, and no key. */
function inlineEntry(valueBytes: number, producer?: { id: number; epoch: number; sequence: number }): Entry {
  const records = [{ timestamp: NOW, key: null, value: new Uint8Array(valueBytes) }]
  const batches = encodeBatch({ records, ...(producer !== undefined && { producer }) }, portableCrc32c)
  const inside = { recordCount: 1, recordsBefore: 0, maxTimestamp: NOW }
  return {
    id: "00112233445566ff",
    recordCount: 1,
    bytes: batches.length,
    maxTimestamp: NOW,
    sequences: producer === undefined ? [] : [{ ...producer, ...inside }],
    placement: { kind: "inline", batches },
  }
}

function placedEntry(kind: "item" | "object", key: string): Entry {
  return {
    id: "00112233445566ff",
    recordCount: 1_000,
    bytes: 1_048_576,
    maxTimestamp: NOW,
    sequences: [],
    placement: { kind, key },
  }
}

function headWith(tail: readonly Entry[]): Head {
  const tailBytes = tail.reduce((sum, entry) => sum + entrySize(entry), 0)
  return { ...EMPTY_HEAD, generation: 142_857, nextOffset: 1_000_003, tail, tailBytes, bytesAppended: 170_000_511 }
}

describe("the rules of sizes", () => {
  it("count two digits a byte, and no zeros at the ends", () => {
    expect(["0", "1", "12", "123", "1200", "-12", `${2 ** 53 - 1}`].map(numberSize)).toEqual([1, 2, 2, 3, 2, 3, 9])
  })

  it("count 3 bytes for a list or map and 1 for an element", () => {
    expect(valueSize({ L: [] })).toBe(3)
    expect(valueSize({ L: [{ B: new Uint8Array(10) }, { BOOL: true }] })).toBe(3 + 11 + 2)
    expect(valueSize({ M: { ab: { S: "größe" } } })).toBe(3 + 1 + 2 + 7)
    expect(itemSize({ pk: { S: "x" }, n: { N: "12" } })).toBe(3 + 3)
  })
})

describe("sizes", () => {
  const small = inlineEntry(100)

  it("of an entry with a record of 100 bytes", () => {
    expect(entrySize(small)).toBe(130)
    expect(entrySize(inlineEntry(100, { id: 1_000_000, epoch: 3, sequence: 2_000_000_000 }))).toBe(139)
  })

  it("of an entry that names an item or an object", () => {
    expect(entrySize(placedEntry("item", UNIQUE))).toBe(38)
    expect(entrySize(placedEntry("object", `batches/${TOPIC}/9999/${UNIQUE}`))).toBe(56)
  })

  it("of a head with seven such entries: within a write unit, also on the largest partition number and after tiering", () => {
    const head = headWith(Array.from({ length: 7 }, () => small))
    const plain = itemSize({ ...headKey(partition), ...encodeHead(head) })
    const busy = { ...head, logStartOffset: 876_543, tieredTo: 987_654, bytesBelowStart: 149_012_345 }
    const tiered = itemSize({ ...headKey(partition), ...encodeHead(busy) })
    console.log(`head with 7 records of 100 bytes: ${plain} bytes, tiered and trimmed ${tiered}`)
    expect(plain).toBe(973)
    expect(tiered).toBe(990)
    expect(tiered).toBeLessThanOrEqual(WRITE_UNIT)
  })

  it("of a page of seven", () => {
    const entries = Array.from({ length: 7 }, () => small)
    const page: Page = { baseOffset: 1_000_000, endOffset: 1_000_007, entries, storedAt: NOW }
    const size = itemSize({ ...pageKey(partition, page.endOffset), ...encodePage(page) })
    console.log(`page with 7 records of 100 bytes: ${size} bytes`)
    expect(size).toBe(972)
    expect(size).toBeLessThanOrEqual(WRITE_UNIT)
  })

  it("of a producer in the head", () => {
    const producers = new Map([[1_000_000, { epoch: 3, laps: 0, lastSequence: 2_000_000_000 }]])
    expect(headOverhead({ ...EMPTY_HEAD, producers }) - headOverhead(EMPTY_HEAD)).toBe(15)
  })

  it("of what a head takes beside its tail, never less than it is", () => {
    const head = { ...headWith([]), fencingToken: "token" }
    const real = itemSize({ ...headKey(partition), ...encodeHead(head) })
    expect(headOverhead(head) - real).toBeGreaterThanOrEqual(0)
    expect(headOverhead(head) - real).toBeLessThanOrEqual(2)
  })

  it("of a placed item beside its bytes, and of a segment with 256 points", () => {
    expect(itemSize({ ...itemKey(partition, UNIQUE), d: { B: new Uint8Array(1_000) } })).toBe(1_000 + 72)
    const points = Array.from({ length: 256 }, (_, index) => ({
      offset: 5_000_000 + index * 500,
      position: index * 65_536,
      maxTimestampBefore: index === 0 ? Number.MIN_SAFE_INTEGER : NOW + index * 1_000,
    }))
    const segment = encodeSegment({
      baseOffset: 5_000_000,
      endOffset: 5_128_000,
      objectKey: `segments/${TOPIC}/9999/00000000000005000000-${UNIQUE}.log`,
      bytes: 16_777_216,
      crc32c: 0xdeadbeef,
      maxTimestamp: NOW,
      createdAt: NOW,
      compactedTo: 0,
      points,
      version: 1,
    })
    const size = itemSize({ ...segmentKey(partition, 5_000_000), ...segment })
    console.log(`segment with 256 points: ${size} bytes`)
    expect(size).toBeLessThanOrEqual(2 * WRITE_UNIT)
  })

  it("of the items of topics, groups and producer ids", () => {
    const config = '{"retention.ms":604800000}'
    const topic = {
      name: "orders",
      id: TOPIC,
      partitions: 100,
      config: JSON.parse(config),
      createdAt: NOW,
      version: 12,
    }
    expect(itemSize(encodeTopic(topic))).toBe(63 + "orders".length + config.length)
    const commits = Array.from({ length: 32 }, (_, slot) => {
      const where = { topicId: TOPIC, partition: 9_984 + slot }
      return { partition: where, topic: "orders", offset: 123_456_789, metadata: "", committedAt: NOW }
    })
    const run = { ...runKey("billing", TOPIC, 9_984), n: { S: "orders" }, m: { S: "x".repeat(12) } }
    expect(itemSize(run)).toBe(60 + "billing".length + "orders".length)
    const full = Object.assign({ ...run }, ...commits.map(encodeCommit))
    expect(itemSize(full)).toBeLessThan(60 + 13 + 32 * 20)
    const owners = commits.map(({ partition }) => [slotNames(partition.partition).owner, { N: "123456" }])
    const claimed = itemSize({ ...full, ...Object.fromEntries(owners) })
    console.log(`offsets of 32 partitions, all claimed: ${claimed} bytes`)
    expect(claimed).toBeLessThan(60 + 13 + 32 * 27)
    expect(claimed).toBeLessThanOrEqual(WRITE_UNIT)
    expect(itemSize({ ...groupEntryKey("billing"), m: { S: "x".repeat(12) } })).toBe(23 + "billing".length)
    expect(itemSize({ ...topicGroupKey(TOPIC, "billing"), m: { S: "x".repeat(12) } })).toBe(55 + "billing".length)
    expect(itemSize({ ...PRODUCER_COUNTER, n: { N: "123456789" } })).toBe(24)
    expect(itemSize({ ...producerKey(123_456_789), e: { N: "7" }, w: { S: TOPIC } })).toBe(56)
  })

  it("of what a query of a group's members reads: a read unit for thirty members that share 120 partitions", () => {
    const seen = { memberId: UNIQUE, number: 12_345, at: NOW }
    expect(itemSize(encodeSeen("billing", seen))).toBe(20 + "billing".length + UNIQUE.length)
    const sizes = [
      [8, 64],
      [30, 120],
    ].map(([members = 0, partitions = 0]) => {
      const state = groupOf(members, partitions)
      const stateSize = itemSize(encodeState("billing", state))
      console.log(`state of ${members} members with ${partitions} partitions: ${stateSize} bytes`)
      return stateSize + members * itemSize(encodeSeen("billing", seen))
    })
    for (const size of sizes) expect(size).toBeLessThanOrEqual(READ_UNIT)
  })
})

/** Members as they are when each has joined by itself; their ids are as random as ids are. */
function groupOf(members: number, partitions: number): GroupState {
  const ids = Array.from({ length: members }, (_, index) => createHash("md5").update(`${index}`).digest("hex"))
  const uuids = ids.map((id) => id.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5"))
  const all = uuids.map((memberId, index) => {
    return memberOf(memberId, { memberEpoch: 100 + index, joinedAt: NOW + index * 7_919, number: 1_000 + index })
  })
  const shares = Array.from({ length: partitions }, (_, partition) => uuids[partition % members] ?? "")
  const topics = [
    { topicId: TOPIC, topic: "orders", partitions: shares.map((memberId) => ({ target: memberId, holder: memberId })) },
  ]
  return { epoch: 130, members: all, topics }
}
