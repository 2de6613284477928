import { type DynamoDBClient, QueryCommand, type QueryCommandInput } from "@aws-sdk/client-dynamodb"
import type { Item } from "./codec/item-size.ts"

/** What a strongly consistent query finds, in the pages that it comes in: of 1 MB, or of `Limit` items. */
export async function* queryPages(client: DynamoDBClient, input: QueryCommandInput): AsyncGenerator<readonly Item[]> {
  let start: QueryCommandInput["ExclusiveStartKey"]
  do {
    const command = new QueryCommand({ ...input, ConsistentRead: true, ExclusiveStartKey: start })
    const { Items: items = [], LastEvaluatedKey: last } = await client.send(command)
    yield items
    start = last
  } while (start !== undefined)
}
