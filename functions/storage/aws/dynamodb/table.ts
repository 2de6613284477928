/** The one table that holds everything but objects. */
import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  ResourceNotFoundException,
  type TableDescription,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb"
import { TOPICS } from "./codec/topic.ts"
import { queryPages } from "./query-pages.ts"

const WAIT_SECONDS = 60

export type TableCheck =
  | { readonly kind: "usable" }
  | { readonly kind: "unusable" /** A sentence for the operator. */; readonly detail: string }

/**
 * Makes the table where it is missing and waits until it can be used. On demand: nothing to pay while idle. No TTL: what
 * expires before its data is safe elsewhere would be lost.
 */
export async function createTable(client: DynamoDBClient, table: string): Promise<void> {
  const command = new CreateTableCommand({
    TableName: table,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "pk", AttributeType: "S" },
      { AttributeName: "sk", AttributeType: "S" },
    ],
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
  })
  try {
    await client.send(command)
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error
  }
  await waitUntilTableExists({ client, maxWaitTime: WAIT_SECONDS, minDelay: 1, maxDelay: 2 }, { TableName: table })
}

/** Whether the table is there, active, and has the keys that every item here is written by. */
export async function checkTable(client: DynamoDBClient, table: string): Promise<TableCheck> {
  try {
    const { Table: found } = await client.send(new DescribeTableCommand({ TableName: table }))
    return found === undefined ? unusable(table, "is not described") : judge(table, found)
  } catch (error) {
    if (error instanceof ResourceNotFoundException)
      return unusable(table, "does not exist in this account and region: make it, or start with --create")
    throw error
  }
}

/** Throws `NewerFormat` where this version may not read all topics. */
export async function checkTopics(client: DynamoDBClient, table: string): Promise<void> {
  const query = {
    TableName: table,
    KeyConditionExpression: "pk = :topics",
    ExpressionAttributeValues: { ":topics": { S: TOPICS } },
  }
  // The client itself refuses what it finds.
  for await (const _ of queryPages(client, query));
}

function judge(table: string, found: TableDescription): TableCheck {
  const types = new Map(found.AttributeDefinitions?.map((each) => [each.AttributeName, each.AttributeType]))
  const keys = (found.KeySchema ?? []).map(
    (key) => `${key.AttributeName} ${key.KeyType} ${types.get(key.AttributeName)}`,
  )
  if (keys.join(", ") !== "pk HASH S, sk RANGE S") {
    return unusable(table, `has other keys (${keys.join(", ")}); it needs pk (HASH, S) and sk (RANGE, S)`)
  }
  const usable = found.TableStatus === "ACTIVE" || found.TableStatus === "UPDATING"
  return usable ? { kind: "usable" } : unusable(table, `is ${found.TableStatus}`)
}

function unusable(table: string, what: string): TableCheck {
  return { kind: "unusable", detail: `The DynamoDB table ${table} ${what}.` }
}
