/**
 * The head's item. Attributes of one letter, as each update is billed by the whole item; those that most heads do not need
 * are absent while they say nothing.
 *   g generation, n next offset, t tail (a list of entries), b its bytes, p producers (a map), a bytes appended
 *   l log start, d tiered to, z bytes below the start: absent for 0. s: true once a producer was spilled. f fencing token
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb"
import type { Head, ProducerPosition } from "../../../../partitions/ports.ts"
import { number, readCount, readList, readNumber } from "./attributes.ts"
import { decodeEntry, encodeEntry } from "./entry.ts"
import { type Item, itemSize } from "./item-size.ts"
import { decodePosition, encodePosition, producerId, producerName } from "./producer-position.ts"

export const EMPTY_HEAD: Head = {
  generation: 0,
  logStartOffset: 0,
  tieredTo: 0,
  nextOffset: 0,
  tail: [],
  tailBytes: 0,
  producers: new Map(),
  spilled: false,
  fencingToken: undefined,
  bytesAppended: 0,
  bytesBelowStart: 0,
}

/** All but the key. */
export function encodeHead(head: Head): Record<string, AttributeValue> {
  const producers = [...head.producers].map(([id, position]) => [producerName(id), encodePosition(position)] as const)
  return {
    g: number(head.generation),
    n: number(head.nextOffset),
    t: { L: head.tail.map((entry) => ({ B: encodeEntry(entry) })) },
    b: number(head.tailBytes),
    p: { M: Object.fromEntries(producers) },
    a: number(head.bytesAppended),
    ...(head.logStartOffset > 0 && { l: number(head.logStartOffset) }),
    ...(head.tieredTo > 0 && { d: number(head.tieredTo) }),
    ...(head.bytesBelowStart > 0 && { z: number(head.bytesBelowStart) }),
    ...(head.spilled && { s: { BOOL: true } }),
    ...(head.fencingToken !== undefined && { f: { S: head.fencingToken } }),
  }
}

/** Throws a RangeError for an item that is no head. */
export function decodeHead(item: Item): Head {
  return {
    generation: readNumber(item, "g"),
    logStartOffset: readCount(item, "l"),
    tieredTo: readCount(item, "d"),
    nextOffset: readNumber(item, "n"),
    tail: readList(item, "t").map(({ B: blob }) => decodeEntry(blob ?? new Uint8Array())),
    tailBytes: readNumber(item, "b"),
    producers: decodeProducers(item["p"]?.M ?? {}),
    spilled: item["s"] !== undefined,
    fencingToken: item["f"]?.S,
    bytesAppended: readNumber(item, "a"),
    bytesBelowStart: readCount(item, "z"),
  }
}

/** What the head takes beside its tail's entries, bytes, with its key. */
export function headOverhead(head: Head): number {
  return HEAD_KEY_BYTES + itemSize(encodeHead({ ...head, tail: [] }))
}

/** Names and values of the longest that a partition number makes it (five digits). */
const HEAD_KEY_BYTES = 2 + 30 + 2 + 1

function decodeProducers(map: Item): ReadonlyMap<number, ProducerPosition> {
  return new Map(Object.entries(map).map(([name, value]) => [producerId(name), decodePosition(value)]))
}
