/**
 * Which groups there are, and which have offsets of a topic: the entries beside the runs.
 *
 * Each transaction that makes a run writes a new mark into its entries. Who removes entries reads their marks first, then
 * removes all the runs that it finds, then the entries whose marks are the same still: so an entry that goes has no run,
 * whoever commits meanwhile. A run keeps the mark that it was made with, and is removed by it, so that a removal that
 * lands late does not meet what was committed since.
 */
import { randomBytes } from "node:crypto"
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb"
import type { Unavailable } from "../../../log/ports.ts"
import type { DynamoDbClients } from "./client.ts"
import { readText } from "./codec/attributes.ts"
import { groupEntryKey, topicGroupKey } from "./codec/committed-offsets.ts"
import type { Item } from "./codec/item-size.ts"
import { unavailableFrom } from "./failures.ts"
import type { Run } from "./group-runs.ts"

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
      if (error instanceof TransactionCanceledException && isConflict(error)) continue
      // An empty run is no effect, whether it was made or not.
      return { ...unavailableFrom(error), sideEffects: "none" }
    }
  }
  return { kind: "made" }
}

function itemsOf(table: string, group: string, runs: readonly Run[]): TransactWriteItem[] {
  const mark = { S: randomBytes(MARK_BYTES).toString("base64url") }
  const topicIds = new Set(runs.map(({ topicId }) => topicId))
  const entries = [groupEntryKey(group), ...[...topicIds].map((topicId) => topicGroupKey(topicId, group))]
  return [
    ...entries.map((key) => ({ Put: { TableName: table, Item: { ...key, m: mark } } })),
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

/** Somebody else makes the same at this moment: the next attempt to commit tells whether it is there. */
function isConflict(error: TransactionCanceledException): boolean {
  return error.CancellationReasons?.some(({ Code }) => Code === "TransactionConflict") ?? false
}

/** The entry of the group; undefined where there is none, and so no run. */
export async function groupEntry(clients: DynamoDbClients, table: string, group: string): Promise<Item | undefined> {
  const command = new GetItemCommand({ TableName: table, Key: groupEntryKey(group), ConsistentRead: true })
  const { Item: item } = await clients.repeating.send(command)
  return item
}

/** Removes entries or runs, but those whose mark is another one by now. */
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
    ConditionExpression: "m = :mark",
    ExpressionAttributeValues: { ":mark": { S: readText(item, "m") } },
  })
  try {
    await clients.repeating.send(command)
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error
  }
}
