/** Items of topics, groups and producers: what is written is read again, and sort keys sort as the ports want it. */
import fc from "fast-check"
import { expect, it } from "vitest"
import type { CommittedOffset } from "../../../functions/groups/ports.ts"
import {
  decodeRun,
  encodeCommit,
  isEmptyRun,
  readOwner,
  runKey,
  slotNames,
} from "../../../functions/storage/aws/dynamodb/codec/committed-offsets.ts"
import {
  decodeSeen,
  decodeState,
  encodeSeen,
  encodeState,
  isState,
} from "../../../functions/storage/aws/dynamodb/codec/group-members.ts"
import type { Key } from "../../../functions/storage/aws/dynamodb/codec/keys.ts"
import { decodeEpoch, producerKey } from "../../../functions/storage/aws/dynamodb/codec/producer-epoch.ts"
import { decodeTopic, encodeTopic, topicKey } from "../../../functions/storage/aws/dynamodb/codec/topic.ts"
import type { Topic, TopicConfig } from "../../../functions/topics/ports.ts"
import { largeState, stateOf, variedState } from "../../contract/group-states.ts"

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
  const run = fc.tuple(committed, fc.uniqueArray(fc.integer({ min: 0, max: 31 }), { minLength: 1 }))
  const property = fc.property(run, name, ([first, slots], group) => {
    const base = first.partition.partition - (first.partition.partition % 32)
    const all = slots.map((slot) => ({ ...first, partition: { ...first.partition, partition: base + slot } }))
    const key = runKey(group, first.partition.topicId, base)
    for (const { partition } of all) expect(runKey(group, partition.topicId, partition.partition)).toEqual(key)
    const owners = slots.map((slot) => [slotNames(base + slot).owner, { N: `${slot + 1}` }])
    const made = { ...key, n: { S: first.topic }, m: { S: "mark" } }
    const item = Object.assign(made, ...all.map(encodeCommit), Object.fromEntries(owners))
    for (let slot = 0; slot < 32; slot += 1) {
      expect(readOwner(item, base + slot)).toBe(slots.includes(slot) ? slot + 1 : 0)
    }
    expect(decodeRun(item)).toEqual(all.toSorted((a, b) => a.partition.partition - b.partition.partition))
    expect(isEmptyRun(item)).toBe(false)
  })
  fc.assert(property)
  const empty = { ...runKey("g", "t", 0), n: { S: "topic" }, m: { S: "mark" } }
  expect(isEmptyRun(empty)).toBe(true)
  expect(isEmptyRun({ ...empty, [slotNames(3).owner]: { N: "7" } })).toBe(true)
})

it("reads a group's state and what was seen of members as they were written, and takes neither for the other", () => {
  for (const state of [stateOf(7), stateOf(1, "m1"), variedState(2 ** 40), largeState(9, 500)]) {
    const item = encodeState("billing", state)
    expect(isState(item)).toBe(true)
    expect(decodeState(item)).toEqual(state)
  }
  const property = fc.property(name, name, natural, natural, (group, memberId, at, number) => {
    const item = encodeSeen(group, { memberId, at, number })
    expect(isState(item)).toBe(false)
    expect(decodeSeen(item)).toEqual({ memberId, at, number })
  })
  fc.assert(property)
})

it("sorts runs by topic id, then by partition", () => {
  const ids = [fc.uuid(), fc.uuid()] as const
  const property = fc.property(...ids, partition, partition, (one, other, a, b) => {
    const [low, high] = [Math.min(a, b), Math.max(a, b)]
    const order = Buffer.compare(sortBytes(runKey("g", one, low)), sortBytes(runKey("g", one, high)))
    expect(order).toBe(Math.floor(low / 32) === Math.floor(high / 32) ? 0 : -1)
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
