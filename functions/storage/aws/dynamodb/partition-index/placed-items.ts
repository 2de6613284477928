/** Batches in items of their own. d the batches. */
import { PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb"
import type { PartitionRef } from "../../../../log/ports.ts"
import type { DoneOutcome, ListItemsOutcome, ReadItemsOutcome } from "../../../../partitions/ports.ts"
import { deleteItems, getItems } from "../batch-requests.ts"
import { readBytes, readText } from "../codec/attributes.ts"
import { ITEM_SHARDS, itemKey, itemsKey } from "../codec/keys.ts"
import { unavailableFrom, unavailableReading } from "../failures.ts"
import type { TableClients } from "../table-clients.ts"

const DONE = { kind: "done" } as const
const KEYS_PER_LIST = 1_000

export async function putItem(
  { clients, table }: TableClients,
  partition: PartitionRef,
  key: string,
  bytes: Uint8Array,
): Promise<DoneOutcome> {
  const item = { ...itemKey(partition, key), d: { B: bytes } }
  try {
    await clients.repeating.send(new PutItemCommand({ TableName: table, Item: item }))
    return DONE
  } catch (error) {
    return unavailableFrom(error)
  }
}

/** An item never changes, so whoever finds one has the right bytes: only those that are not found are read consistently. */
export async function readItems(
  access: TableClients,
  partition: PartitionRef,
  keys: readonly string[],
): Promise<ReadItemsOutcome> {
  const found = new Map<string, Uint8Array>()
  for (const consistent of [false, true]) {
    const missing = [...new Set(keys)].filter((key) => !found.has(key))
    const items = await getItems(
      access,
      missing.map((key) => itemKey(partition, key)),
      consistent,
    )
    if ("kind" in items) return items
    for (const item of items) found.set(readText(item, "sk"), readBytes(item, "d"))
  }
  return { kind: "items", items: keys.map((key) => found.get(key)) }
}

export async function removeItems(
  access: TableClients,
  partition: PartitionRef,
  keys: readonly string[],
): Promise<DoneOutcome> {
  return (
    (await deleteItems(
      access,
      [...new Set(keys)].map((key) => itemKey(partition, key)),
    )) ?? DONE
  )
}

/**
 * One shard after another; `after` is a shard and the last key seen in it. What was put just now may be missing. Reading
 * keys is billed like reading items.
 */
export async function listItems(
  { clients, table }: TableClients,
  partition: PartitionRef,
  after: string | undefined,
): Promise<ListItemsOutcome> {
  const [first, seen] = parseMark(after)
  let start = seen
  for (let shard = first; shard < ITEM_SHARDS; shard += 1) {
    const command = new QueryCommand({
      TableName: table,
      KeyConditionExpression: start === "" ? "pk = :shard" : "pk = :shard AND sk > :seen",
      ExpressionAttributeValues: {
        ":shard": { S: itemsKey(partition, shard) },
        ...(start !== "" && { ":seen": { S: start } }),
      },
      ProjectionExpression: "sk",
      Limit: KEYS_PER_LIST,
    })
    try {
      const { Items: items = [], LastEvaluatedKey: last } = await clients.repeating.send(command)
      const keys = items.map((item) => readText(item, "sk"))
      if (last !== undefined) return { kind: "page", keys, next: markOf(shard, last["sk"]?.S ?? "") }
      const isLast = shard === ITEM_SHARDS - 1
      if (keys.length > 0) return { kind: "page", keys, ...(!isLast && { next: markOf(shard + 1, "") }) }
    } catch (error) {
      return unavailableReading(error)
    }
    start = ""
  }
  return { kind: "page", keys: [] }
}

function markOf(shard: number, seen: string): string {
  return `${shard}/${seen}`
}

function parseMark(mark = "0/"): [number, string] {
  const slash = mark.indexOf("/")
  return [Number(mark.slice(0, slash)), mark.slice(slash + 1)]
}
