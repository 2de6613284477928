import { ConditionalCheckFailedException, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb"
import type { PartitionRef } from "../../../../log/ports.ts"
import type { ConditionReason } from "../../../../log/storage-observer.ts"
import type { CommitHeadOutcome, Head, ReadHeadOutcome } from "../../../../partitions/ports.ts"
import { decodeHead } from "../codec/head.ts"
import { headKey } from "../codec/keys.ts"
import { unavailableFrom, unavailableReading } from "../failures.ts"
import type { TableClients } from "../table-clients.ts"
import type { UpdateExpressions } from "./expression.ts"

const UNKNOWN = { kind: "unknown_partition" } as const

export async function readHead({ clients, table }: TableClients, partition: PartitionRef): Promise<ReadHeadOutcome> {
  const command = new GetItemCommand({ TableName: table, Key: headKey(partition), ConsistentRead: true })
  try {
    const { Item: item } = await clients.repeating.send(command)
    return item === undefined ? UNKNOWN : { kind: "head", head: decodeHead(item) }
  } catch (error) {
    return unavailableReading(error)
  }
}

/** One attempt of one conditional update, and the whole head whether it was carried out or refused. `why` tells the observer. */
export async function updateHead(
  { clients, table }: TableClients,
  partition: PartitionRef,
  expressions: UpdateExpressions,
  why: (head: Head) => ConditionReason,
): Promise<CommitHeadOutcome> {
  const command = new UpdateItemCommand({
    TableName: table,
    Key: headKey(partition),
    ...expressions,
    ReturnValues: "ALL_NEW",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  })
  try {
    const { Attributes: item = {} } = await clients.once.send(command)
    return { kind: "committed", head: decodeHead(item) }
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) return unavailableFrom(error)
    if (error.Item === undefined) return UNKNOWN
    const head = decodeHead(error.Item)
    clients.refused(why(head))
    return { kind: "refused", head }
  }
}
