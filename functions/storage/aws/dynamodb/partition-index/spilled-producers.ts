/** Producers that had to make room in the head, an item each. v the position as a number. */
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb"
import type { PartitionRef } from "../../../../log/ports.ts"
import type { DoneOutcome, ProducerPosition, ReadSpilledOutcome } from "../../../../partitions/ports.ts"
import { deleteItems } from "../batch-requests.ts"
import { readText } from "../codec/attributes.ts"
import { key, spilledKey } from "../codec/keys.ts"
import { decodePosition, encodePosition, producerName } from "../codec/producer-position.ts"
import { unavailableFrom, unavailableReading } from "../failures.ts"
import type { TableClients } from "../table-clients.ts"

const DONE = { kind: "done" } as const

export async function spillProducer(
  { clients, table }: TableClients,
  partition: PartitionRef,
  id: number,
  position: ProducerPosition,
): Promise<DoneOutcome> {
  const command = new UpdateItemCommand({
    TableName: table,
    Key: key(spilledKey(partition), producerName(id)),
    UpdateExpression: "SET v = :position",
    ConditionExpression: "attribute_not_exists(v) OR v < :position",
    ExpressionAttributeValues: { ":position": encodePosition(position) },
  })
  try {
    await clients.repeating.send(command)
    return DONE
  } catch (error) {
    return error instanceof ConditionalCheckFailedException ? DONE : unavailableFrom(error)
  }
}

export async function spilledProducer(
  { clients, table }: TableClients,
  partition: PartitionRef,
  id: number,
): Promise<ReadSpilledOutcome> {
  const command = new GetItemCommand({
    TableName: table,
    Key: key(spilledKey(partition), producerName(id)),
    ConsistentRead: true,
  })
  try {
    const { Item: item } = await clients.repeating.send(command)
    return { kind: "position", position: item === undefined ? undefined : decodePosition(item["v"]) }
  } catch (error) {
    return unavailableReading(error)
  }
}

export async function removeSpilled(access: TableClients, partition: PartitionRef): Promise<DoneOutcome> {
  const { clients, table } = access
  const command = new QueryCommand({
    TableName: table,
    KeyConditionExpression: "pk = :partition",
    ExpressionAttributeValues: { ":partition": { S: spilledKey(partition) } },
    ProjectionExpression: "sk",
    ConsistentRead: true,
  })
  for (;;) {
    try {
      const { Items: items = [] } = await clients.repeating.send(command)
      if (items.length === 0) return DONE
      const failure = await deleteItems(
        access,
        items.map((item) => key(spilledKey(partition), readText(item, "sk"))),
      )
      if (failure !== undefined) return failure
    } catch (error) {
      return { ...unavailableFrom(error), sideEffects: "unknown" }
    }
  }
}
