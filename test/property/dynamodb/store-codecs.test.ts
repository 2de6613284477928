/** Items of topics, groups and producers: what is written is read again, and sort keys sort as the ports want it. */
import fc from "fast-check"
import { expect, it } from "vitest"
import type { CommittedOffset } from "../../../functions/groups/ports.ts"
import {
  decodeRun,
  encodeSlot,
  isEmptyRun,
  runKey,
  slotName,
} from "../../../functions/storage/aws/dynamodb/codec/committed-offsets.ts"
import type { Key } from "../../../functions/storage/aws/dynamodb/codec/keys.ts"
import { decodeEpoch, producerKey } from "../../../functions/storage/aws/dynamodb/codec/producer-epoch.ts"
import { decodeTopic, encodeTopic, topicKey } from "../../../functions/storage/aws/dynamodb/codec/topic.ts"
import type { Topic, TopicConfig } from "../../../functions/topics/ports.ts"

const name = fc.stringMatching(/^[a-zA-Z0-9._-]{1,249}$/)
const natural = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const partition = fc.integer({ min: 0, max: 9_999 })

const config: fc.Arbitrary<TopicConfig> = fc.record(
  {
    "retention.ms": fc.integer({ min: -1, max: 2 ** 52 }),
    "max.message.bytes": fc.integer({ min: 1024, max: 1_000_000 }),
    "cleanup.policy": fc.constantFrom("delete", "compact", "compact,delete"),
    placement: fc.constantFrom("cost", "latency"),
  },
  { requiredKeys: [] },
)

const topic: fc.Arbitrary<Topic> = fc.record({
  name,
  id: fc.uuid(),
  partitions: fc.integer({ min: 1, max: 10_000 }),
  config,
  createdAt: natural,
  version: fc.integer({ min: 1, max: 2 ** 31 }),
})

const committed: fc.Arbitrary<CommittedOffset> = fc.record({
  partition: fc.record({ topicId: fc.uuid(), partition }),
  topic: name,
  offset: natural,
  metadata: fc.string({ unit: "grapheme", maxLength: 200 }),
  committedAt: natural,
})

it("reads a topic as it was written", () => {
  const property = fc.property(topic, (each) => {
    expect(decodeTopic(encodeTopic(each))).toEqual(each)
  })
  fc.assert(property)
})

it("sorts topics by name in code units, as their bytes do", () => {
  const property = fc.property(name, name, (a, b) => {
    expect(Buffer.compare(sortBytes(topicKey(a)), sortBytes(topicKey(b)))).toBe(a < b ? -1 : a > b ? 1 : 0)
  })
  fc.assert(property)
})

it("reads the committed offsets of a run as they were written, by partition", () => {
  const run = fc.tuple(committed, fc.uniqueArray(fc.integer({ min: 0, max: 15 }), { minLength: 1 }))
  const property = fc.property(run, name, ([first, slots], group) => {
    const base = first.partition.partition - (first.partition.partition % 16)
    const all = slots.map((slot) => ({ ...first, partition: { ...first.partition, partition: base + slot } }))
    const key = runKey(group, first.partition.topicId, base)
    for (const { partition } of all) expect(runKey(group, partition.topicId, partition.partition)).toEqual(key)
    const values = all.map((each) => [slotName(each.partition.partition), encodeSlot(each)])
    const item = { ...key, n: { S: first.topic }, m: { S: "mark" }, ...Object.fromEntries(values) }
    expect(decodeRun(item)).toEqual(all.toSorted((a, b) => a.partition.partition - b.partition.partition))
    expect(isEmptyRun(item)).toBe(false)
  })
  fc.assert(property)
  expect(isEmptyRun({ ...runKey("g", "t", 0), n: { S: "topic" }, m: { S: "mark" } })).toBe(true)
})

it("sorts runs by topic id, then by partition", () => {
  const ids = [fc.uuid(), fc.uuid()] as const
  const property = fc.property(...ids, partition, partition, (one, other, a, b) => {
    const [low, high] = [Math.min(a, b), Math.max(a, b)]
    const order = Buffer.compare(sortBytes(runKey("g", one, low)), sortBytes(runKey("g", one, high)))
    expect(order).toBe(Math.floor(low / 16) === Math.floor(high / 16) ? 0 : -1)
    const topics = Buffer.compare(sortBytes(runKey("g", one, a)), sortBytes(runKey("g", other, b)))
    if (one !== other) expect(topics).toBe(one < other ? -1 : 1)
  })
  fc.assert(property)
})

it("reads a producer's epoch as it was written, and 0 where there is none", () => {
  const property = fc.property(natural, fc.integer({ min: 1, max: 32_767 }), (id, epoch) => {
    const item = { ...producerKey(id), e: { N: `${epoch}` }, w: { S: "token" } }
    expect(decodeEpoch(item)).toEqual({ epoch, token: "token" })
  })
  fc.assert(property)
  expect(decodeEpoch(undefined)).toEqual({ epoch: 0, token: undefined })
})

function sortBytes({ sk }: Key): Buffer {
  return Buffer.from(sk.S)
}
