/**
 * The items of consumer groups.
 *
 * A *run* holds what a group committed for 32 neighbouring partitions of a topic: one write unit commits them all, where
 * an item for each partition would take a transaction of two units for each. A partition has attributes of its own: offset,
 * time of the commit, metadata where there is some, and the epoch of who claimed it. So a claim needs no offset, and a
 * commit by nobody leaves the claim as it is.
 *
 * A run is made empty, in one transaction with two entries: one that names the group in the list of groups, one that names
 * it among the groups of the topic. So what has a run has the entries, and commits need not write them.
 */
import type { CommittedOffset } from "../../../../groups/ports.ts"
import { number, readCount, readNumber, readText } from "./attributes.ts"
import type { Item } from "./item-size.ts"
import { type Key, key } from "./keys.ts"

export const GROUPS = "groups"

const RUN = 32
/** A topic has at most 10,000 partitions, so 313 runs. */
const RUN_DIGITS = 3
const OFFSET = /^o(\d+)$/

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

/** The attributes of a partition in its run. */
export interface SlotNames {
  readonly offset: string
  readonly time: string
  readonly metadata: string
  readonly owner: string
}

export function slotNames(partition: number): SlotNames {
  const slot = partition % RUN
  return { offset: `o${slot}`, time: `t${slot}`, metadata: `d${slot}`, owner: `e${slot}` }
}

/** What a commit writes. Without metadata there is to be no attribute of it. */
export function encodeCommit({ partition, offset, committedAt, metadata }: CommittedOffset): Item {
  const names = slotNames(partition.partition)
  return {
    [names.offset]: number(offset),
    [names.time]: number(committedAt),
    ...(metadata !== "" && { [names.metadata]: { S: metadata } }),
  }
}

/** The epoch that it was claimed under; 0: nobody claimed it. */
export function readOwner(item: Item, partition: number): number {
  return readCount(item, slotNames(partition).owner)
}

/** What a run holds, by partition. */
export function decodeRun(item: Item): CommittedOffset[] {
  const [topicId = "", run = ""] = readText(item, "sk").split("/")
  const topic = readText(item, "n")
  return Object.keys(item)
    .flatMap((name) => {
      const slot = OFFSET.exec(name)?.[1]
      if (slot === undefined) return []
      const partition = Number(run) * RUN + Number(slot)
      const { offset, time, metadata } = slotNames(partition)
      const committed = { offset: readNumber(item, offset), committedAt: readNumber(item, time) }
      const text = item[metadata] === undefined ? "" : readText(item, metadata)
      return [{ partition: { topicId, partition }, topic, ...committed, metadata: text }]
    })
    .sort((a, b) => a.partition.partition - b.partition.partition)
}

/** Whether nothing was committed into it; it may hold claims. */
export function isEmptyRun(item: Item): boolean {
  return !Object.keys(item).some((name) => OFFSET.test(name))
}
