/**
 * The items of consumer groups.
 *
 * A *run* holds what a group committed for sixteen neighbouring partitions of a topic: one write unit commits them all,
 * where an item for each partition would take a transaction of two units for each. A partition has two attributes: a list
 * of offset, time of the commit and metadata, and the epoch of who claimed it. They are two so that a claim needs no offset
 * and a commit by nobody leaves the claim as it is: an update that is about elements of a list cannot make the list as well.
 *
 * A run is made empty, in one transaction with two entries: one that names the group in the list of groups, one that names
 * it among the groups of the topic. So what has a run has the entries, and commits need not write them.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb"
import type { CommittedOffset } from "../../../../groups/ports.ts"
import { number, readCount, readText } from "./attributes.ts"
import type { Item } from "./item-size.ts"
import { type Key, key } from "./keys.ts"

export const GROUPS = "groups"

const RUN = 16
/** A topic has at most 10,000 partitions, so 625 runs. */
const RUN_DIGITS = 3
const SLOT = /^o(\d+)$/

export function groupEntryKey(group: string): Key {
  return key(GROUPS, group)
}

export function topicGroupsKey(topicId: string): string {
  return `t/${topicId}`
}

export function topicGroupKey(topicId: string, group: string): Key {
  return key(topicGroupsKey(topicId), group)
}

export function runsKey(group: string): string {
  return `g/${group}`
}

/** What the sort keys of a topic's runs begin with. */
export function topicRunsPrefix(topicId: string): string {
  return `${topicId}/`
}

export function runKey(group: string, topicId: string, partition: number): Key {
  const run = Math.floor(partition / RUN)
    .toString()
    .padStart(RUN_DIGITS, "0")
  return key(runsKey(group), topicRunsPrefix(topicId) + run)
}

/** The attribute of a partition in its run. */
export function slotName(partition: number): string {
  return `o${partition % RUN}`
}

/** The attribute of the epoch that it was claimed under. */
export function ownerName(partition: number): string {
  return `e${partition % RUN}`
}

/** 0: nobody claimed it. */
export function readOwner(item: Item, partition: number): number {
  return readCount(item, ownerName(partition))
}

export function encodeSlot({ offset, committedAt, metadata }: CommittedOffset): AttributeValue.LMember {
  return { L: [number(offset), number(committedAt), { S: metadata }] }
}

/** What a run holds, by partition. */
export function decodeRun(item: Item): CommittedOffset[] {
  const [topicId = "", run = ""] = readText(item, "sk").split("/")
  const topic = readText(item, "n")
  return Object.entries(item)
    .flatMap(([name, value]) => {
      const slot = SLOT.exec(name)?.[1]
      if (slot === undefined) return []
      const partition = Number(run) * RUN + Number(slot)
      return [{ partition: { topicId, partition }, topic, ...decodeSlot(value) }]
    })
    .sort((a, b) => a.partition.partition - b.partition.partition)
}

/** Whether nothing was committed into it; it may hold claims. */
export function isEmptyRun(item: Item): boolean {
  return !Object.keys(item).some((name) => SLOT.test(name))
}

function decodeSlot(value: AttributeValue): Pick<CommittedOffset, "offset" | "metadata" | "committedAt"> {
  const [offset, committedAt, metadata] = value.L ?? []
  if (offset?.N === undefined || committedAt?.N === undefined || metadata?.S === undefined) {
    throw new RangeError("a committed offset that is not one")
  }
  return { offset: Number(offset.N), committedAt: Number(committedAt.N), metadata: metadata.S }
}
