/**
 * The heads of a topic as a whole. One item a topic notes its partitions and whether they were deleted; heads are made in
 * transactions that check it, so that no head appears once the topic is deleted or forgotten.
 *   c count, d true once deleted. All deleted topics are listed under one more key.
 */
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  QueryCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb"
import type { PartitionRef, Unavailable } from "../../../../log/ports.ts"
import type { DoneOutcome, TopicPartitionsOutcome } from "../../../../partitions/ports.ts"
import { BACK_OFF_ATTEMPTS, backOff } from "../back-off.ts"
import { deleteItems, getItems } from "../batch-requests.ts"
import { number, readCount, readText } from "../codec/attributes.ts"
import { EMPTY_HEAD, encodeHead } from "../codec/head.ts"
import {
  DELETED_TOPICS,
  deletedTopicId,
  deletedTopicKey,
  headKey,
  type Key,
  topicPartitionsKey,
} from "../codec/keys.ts"
import { unavailableFrom, unavailableReading } from "../failures.ts"
import type { TableClients } from "../table-clients.ts"

/** A transaction takes 100 items, and one is the topic's. */
const HEADS_PER_TRANSACTION = 99

const DONE = { kind: "done" } as const

/**
 * A transaction at a time: two that check one item at the same moment cancel each other. So does a transaction with any
 * append to a head that it writes, which is why heads that are there are left out of it.
 */
export async function createHeads(access: TableClients, topicId: string, count: number): Promise<DoneOutcome> {
  const noted = await noteCount(access, topicId, count)
  if (noted !== "open") return noted
  for (let first = 0; first < count; first += HEADS_PER_TRANSACTION) {
    const size = Math.min(HEADS_PER_TRANSACTION, count - first)
    const heads = Array.from({ length: size }, (_, index) => ({ topicId, partition: first + index }))
    const missing = await missingHeads(access, heads)
    if ("kind" in missing) return { ...missing, sideEffects: "unknown" }
    if (missing.length === 0) continue
    const puts = missing.map((Key) => ({ Update: { TableName: access.table, Key, ...MAKE_IF_MISSING } }))
    const outcome = await transact(access, [{ ConditionCheck: { ...topicItem(access, topicId), ...IS_OPEN } }, ...puts])
    if (outcome !== "written") return outcome === "refused" ? DONE : outcome
  }
  return DONE
}

async function missingHeads(
  access: TableClients,
  heads: readonly PartitionRef[],
): Promise<readonly Key[] | Unavailable> {
  const keys = heads.map(headKey)
  const found = await getItems(access, keys, true)
  if ("kind" in found) return found
  const there = new Set(found.map((item) => readText(item, "pk")))
  return keys.filter(({ pk }) => !there.has(pk.S))
}

export async function deleteHeads(access: TableClients, topicId: string): Promise<DoneOutcome> {
  const marked = await transact(access, [
    {
      Update: {
        ...topicItem(access, topicId),
        UpdateExpression: "SET d = :true",
        ExpressionAttributeValues: { ":true": { BOOL: true } },
      },
    },
    { Put: { TableName: access.table, Item: deletedTopicKey(topicId) } },
  ])
  if (typeof marked === "object") return marked
  // The mark keeps the count as it is from here on.
  const topic = await topicPartitions(access, topicId)
  if (topic.kind === "unavailable") return { ...topic, sideEffects: "unknown" }
  const count = topic.kind === "none" ? 0 : topic.count
  const keys = Array.from({ length: count }, (_, partition) => headKey({ topicId, partition }))
  return (await deleteItems(access, keys)) ?? DONE
}

export async function topicPartitions(access: TableClients, topicId: string): Promise<TopicPartitionsOutcome> {
  try {
    const command = new GetItemCommand({ ...topicItem(access, topicId), ConsistentRead: true })
    const { Item: item } = await access.clients.repeating.send(command)
    if (item === undefined) return { kind: "none" }
    return { kind: "partitions", count: readCount(item, "c"), deleted: item["d"] !== undefined }
  } catch (error) {
    return unavailableReading(error)
  }
}

/** From the list last, so that a topic that is half forgotten is found again. */
export async function forgetTopic({ clients, table }: TableClients, topicId: string): Promise<DoneOutcome> {
  try {
    await clients.repeating.send(new DeleteItemCommand({ TableName: table, Key: topicPartitionsKey(topicId) }))
    await clients.repeating.send(new DeleteItemCommand({ TableName: table, Key: deletedTopicKey(topicId) }))
    return DONE
  } catch (error) {
    return { ...unavailableFrom(error), sideEffects: "unknown" }
  }
}

export async function deletedTopics(
  { clients, table }: TableClients,
  limit: number,
): Promise<{ readonly kind: "topics"; readonly topicIds: readonly string[] } | Unavailable> {
  const command = new QueryCommand({
    TableName: table,
    KeyConditionExpression: "pk = :list",
    ExpressionAttributeValues: { ":list": { S: DELETED_TOPICS } },
    ConsistentRead: true,
    Limit: limit,
  })
  try {
    const { Items: items = [] } = await clients.repeating.send(command)
    return { kind: "topics", topicIds: items.map(deletedTopicId) }
  } catch (error) {
    return unavailableReading(error)
  }
}

const IS_OPEN = { ConditionExpression: "attribute_exists(c) AND attribute_not_exists(d)" }

const MAKE_IF_MISSING = (() => {
  const attributes = Object.entries(encodeHead(EMPTY_HEAD))
  return {
    UpdateExpression: `SET ${attributes.map(([name]) => `${name} = if_not_exists(${name}, :${name})`).join(", ")}`,
    ExpressionAttributeValues: Object.fromEntries(attributes.map(([name, value]) => [`:${name}`, value])),
  }
})()

/** Notes that there are so many partitions, unless there are more. */
async function noteCount(access: TableClients, topicId: string, count: number): Promise<"open" | DoneOutcome> {
  const command = new UpdateItemCommand({
    ...topicItem(access, topicId),
    UpdateExpression: "SET c = :count",
    ConditionExpression: "attribute_not_exists(d) AND (attribute_not_exists(c) OR c < :count)",
    ExpressionAttributeValues: { ":count": number(count) },
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  })
  try {
    await access.clients.repeating.send(command)
    return "open"
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) return unavailableFrom(error)
    return error.Item?.["d"] === undefined ? "open" : DONE
  }
}

/** Again while other transactions are in the way; safe to repeat. */
async function transact(
  { clients }: TableClients,
  items: readonly TransactWriteItem[],
): Promise<"written" | "refused" | Unavailable> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await clients.repeating.send(new TransactWriteItemsCommand({ TransactItems: [...items] }))
      return "written"
    } catch (error) {
      if (hasFailedCondition(error)) return "refused"
      const failure = unavailableFrom(error)
      if (failure.reason !== "throttled" || attempt === BACK_OFF_ATTEMPTS) return failure
      await backOff(attempt)
    }
  }
}

function hasFailedCondition(error: unknown): boolean {
  const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : []
  return reasons.some(({ Code: code }) => code === "ConditionalCheckFailed")
}

function topicItem({ table }: TableClients, topicId: string) {
  return { TableName: table, Key: topicPartitionsKey(topicId) }
}
