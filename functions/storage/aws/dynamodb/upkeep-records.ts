import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb"
import type { UpkeepRecords } from "../../../segments/upkeep/records.ts"
import type { DynamoDbClients } from "./client.ts"
import { decodeUpkeepRecord, encodeUpkeepRecord, UPKEEP_RECORD } from "./codec/upkeep-record.ts"
import { unavailableFrom, unavailableReading } from "./failures.ts"

/** One item. A write that comes twice, or late, does no harm. */
export function createUpkeepRecords(clients: DynamoDbClients, table: string): UpkeepRecords {
  return {
    read: async () => {
      try {
        const command = new GetItemCommand({ TableName: table, Key: UPKEEP_RECORD, ConsistentRead: true })
        const { Item: item } = await clients.repeating.send(command)
        return { kind: "record", record: decodeUpkeepRecord(item) }
      } catch (error) {
        return unavailableReading(error)
      }
    },
    write: async (parts) => {
      const attributes = Object.entries(encodeUpkeepRecord(parts))
      const command = new UpdateItemCommand({
        TableName: table,
        Key: UPKEEP_RECORD,
        UpdateExpression: `SET ${attributes.map(([name]) => `#${name} = :${name}`).join(", ")}`,
        ExpressionAttributeNames: Object.fromEntries(attributes.map(([name]) => [`#${name}`, name])),
        ExpressionAttributeValues: Object.fromEntries(attributes.map(([name, value]) => [`:${name}`, value])),
      })
      try {
        await clients.repeating.send(command)
        return { kind: "done" }
      } catch (error) {
        return unavailableFrom(error)
      }
    },
  }
}
