/**
 * The keys of a partition's items. Each kind has a partition key of its own, as one takes some 1,000 write units a second;
 * offsets in sort keys have as many digits as the greatest safe integer, so that their order is the order of offsets.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb"
import type { PartitionRef } from "../../../../log/ports.ts"
import { longUuid, shortUuid } from "./uuid.ts"

export interface Key extends Record<string, AttributeValue> {
  readonly pk: AttributeValue.SMember
  readonly sk: AttributeValue.SMember
}

/** Placed items of a partition spread over so many partition keys. */
export const ITEM_SHARDS = 16

/** The sort key of an item that is alone under its partition key. */
const ALONE = "-"
const OFFSET_DIGITS = 16

/** All topics whose heads were deleted, under one key. */
export const DELETED_TOPICS = "deleted-topics"

export function headKey(partition: PartitionRef): Key {
  return key(partitionKey("h", partition), ALONE)
}

export function pagesKey(partition: PartitionRef): string {
  return partitionKey("p", partition)
}

export function pageKey(partition: PartitionRef, endOffset: number): Key {
  return key(pagesKey(partition), offsetText(endOffset))
}

/** The last digit of a UUID is as random as any. */
export function itemShard(itemKey: string): number {
  return Number.parseInt(itemKey.slice(-1), ITEM_SHARDS) || 0
}

export function itemsKey(partition: PartitionRef, shard: number): string {
  return `${partitionKey("i", partition)}/${shard.toString(ITEM_SHARDS)}`
}

export function itemKey(partition: PartitionRef, placed: string): Key {
  return key(itemsKey(partition, itemShard(placed)), placed)
}

export function spilledKey(partition: PartitionRef): string {
  return partitionKey("q", partition)
}

export function segmentsKey(partition: PartitionRef): string {
  return partitionKey("s", partition)
}

export function segmentKey(partition: PartitionRef, baseOffset: number): Key {
  return key(segmentsKey(partition), offsetText(baseOffset))
}

export function topicPartitionsKey(topicId: string): Key {
  return key(`n/${shortUuid(topicId)}`, ALONE)
}

export function deletedTopicKey(topicId: string): Key {
  return key(DELETED_TOPICS, shortUuid(topicId))
}

export function deletedTopicId({ sk }: Readonly<Record<string, AttributeValue>>): string {
  return longUuid(sk?.S ?? "")
}

export function key(pk: string, sk: string): Key {
  return { pk: { S: pk }, sk: { S: sk } }
}

export function offsetText(offset: number): string {
  if (!Number.isSafeInteger(offset) || offset < 0) throw new RangeError(`${offset} is no offset`)
  return offset.toString().padStart(OFFSET_DIGITS, "0")
}

function partitionKey(kind: string, { topicId, partition }: PartitionRef): string {
  return `${kind}/${shortUuid(topicId)}/${partition}`
}
