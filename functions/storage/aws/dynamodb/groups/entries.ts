/**
 * Which groups there are, and which have offsets of a topic: the entries beside the runs.
 *
 * Each transaction that makes a run writes a new mark into its entries. Who removes entries reads their marks first, then
 * removes all the runs that it finds, then the entries whose marks are the same still: so an entry that goes has no run,
 * whoever commits meanwhile. A run keeps the mark that it was made with, and is removed by it, so that a removal that
 * lands late does not meet what was committed since.
 *
 * The entry of a group that has members says so, by an attribute that comes and goes in the transactions in which they do.
 * Such an entry is removed by nobody.
 */
import { randomBytes } from "node:crypto"
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb"
import type { Unavailable } from "../../../../log/ports.ts"
import type { DynamoDbClients } from "../client.ts"
import { readText } from "../codec/attributes.ts"
import { groupEntryKey, topicGroupKey } from "../codec/committed-offsets.ts"
import type { Item } from "../codec/item-size.ts"
import { unavailableFrom } from "../failures.ts"
import { isConflict } from "./conflicts.ts"
import type { Run } from "./runs.ts"

/** With an entry of its topic each, and the group's, within the hundred items of a transaction. */
const RUNS_AT_ONCE = 49
const MARK_BYTES = 9
const REMOVALS_AT_ONCE = 25

export type MakeRunsOutcome = { readonly kind: "made" } | Unavailable

/** Makes runs that are missing, empty: nobody sees them. Safe to repeat, also at the same moment. */
export async function makeRuns(
  clients: DynamoDbClients,
  table: string,
  group: string,
  runs: readonly Run[],
): Promise<MakeRunsOutcome> {
  for (let begin = 0; begin < runs.length; begin += RUNS_AT_ONCE) {
    const some = runs.slice(begin, begin + RUNS_AT_ONCE)
    try {
      await clients.repeating.send(new TransactWriteItemsCommand({ TransactItems: itemsOf(table, group, some) }))
    } catch (error) {
      // Somebody else makes the same at this moment: the next attempt to commit or claim tells whether it is there.
      if (isConflict(error)) continue
      // An empty run is no effect, whether it was made or not.
      return { ...unavailableFrom(error), sideEffects: "none" }
    }
  }
  return { kind: "made" }
}

function itemsOf(table: string, group: string, runs: readonly Run[]): TransactWriteItem[] {
  const mark = newMark()
  const topicIds = new Set(runs.map(({ topicId }) => topicId))
  const entries = [groupEntryKey(group), ...[...topicIds].map((topicId) => topicGroupKey(topicId, group))]
  return [
    ...entries.map((Key) => ({
      Update: {
        TableName: table,
        Key,
        UpdateExpression: "SET m = :mark",
        ExpressionAttributeValues: { ":mark": mark },
      },
    })),
    ...runs.map(({ key, topic }) => ({
      Update: {
        TableName: table,
        Key: key,
        UpdateExpression: "SET n = :topic, m = if_not_exists(m, :mark)",
        ExpressionAttributeValues: { ":topic": { S: topic }, ":mark": mark },
      },
    })),
  ]
}

function newMark(): AttributeValue.SMember {
  return { S: randomBytes(MARK_BYTES).toString("base64url") }
}

/** The entry of the group; undefined where there is none, and so no run. */
export async function groupEntry(clients: DynamoDbClients, table: string, group: string): Promise<Item | undefined> {
  const command = new GetItemCommand({ TableName: table, Key: groupEntryKey(group), ConsistentRead: true })
  const { Item: item } = await clients.repeating.send(command)
  return item
}

/** Notes in the group's entry whether it has members; as a part of a transaction. */
export function noteMembers(table: string, group: string, hasMembers: boolean): TransactWriteItem {
  const change = hasMembers ? ", x = :true" : " REMOVE x"
  return {
    Update: {
      TableName: table,
      Key: groupEntryKey(group),
      UpdateExpression: `SET m = if_not_exists(m, :mark)${change}`,
      ExpressionAttributeValues: { ":mark": newMark(), ...(hasMembers && { ":true": { BOOL: true } }) },
    },
  }
}

export function hasMembers(entry: Item): boolean {
  return entry["x"] !== undefined
}

/** Removes entries or runs, but those whose mark is another one by now, and those of groups that have members. */
export async function removeMarked(clients: DynamoDbClients, table: string, items: readonly Item[]): Promise<void> {
  for (let begin = 0; begin < items.length; begin += REMOVALS_AT_ONCE) {
    const some = items.slice(begin, begin + REMOVALS_AT_ONCE)
    await Promise.all(some.map((item) => removeOne(clients, table, item)))
  }
}

async function removeOne(clients: DynamoDbClients, table: string, item: Item): Promise<void> {
  const command = new DeleteItemCommand({
    TableName: table,
    Key: { pk: { S: readText(item, "pk") }, sk: { S: readText(item, "sk") } },
    ConditionExpression: "m = :mark AND attribute_not_exists(x)",
    ExpressionAttributeValues: { ":mark": { S: readText(item, "m") } },
  })
  try {
    await clients.repeating.send(command)
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error
  }
}
