import {
  ConditionalCheckFailedException,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb"
import type { TouchOutcome } from "../../../../groups/ports.ts"
import { number, readNumber } from "../codec/attributes.ts"
import { memberKey } from "../codec/group-members.ts"
import { unavailableFrom } from "../failures.ts"
import type { TableClients } from "../table-clients.ts"
import { pastConflicts } from "./conflicts.ts"

const ONE = number(1)

/**
 * Repeated where its answer was lost. With a number that is the same touch again. Without one it counts twice, which harms
 * nothing: a number only says which request is later, and the one that is told is above all before. An attempt that lands
 * after that leaves the caller with a number that is not the highest any more, as if it had been overtaken: what it was to
 * change is not changed, and it comes again.
 */
export async function touch(
  { clients, table }: TableClients,
  group: string,
  memberId: string,
  request: { readonly at: number; readonly number?: number },
): Promise<TouchOutcome> {
  const command = new UpdateItemCommand({
    TableName: table,
    Key: memberKey(group, memberId),
    ...expressions(request),
    ReturnValues: "ALL_NEW",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  })
  try {
    const { Attributes: item = {} } = await pastConflicts(() => clients.repeating.send(command))
    return { kind: "touched", number: readNumber(item, "n") }
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) return unavailableFrom(error)
    clients.refused("group_request")
    return { kind: "late", number: readNumber(error.Item ?? {}, "n") }
  }
}

function expressions(request: {
  readonly at: number
  readonly number?: number
}): Pick<UpdateItemCommandInput, "UpdateExpression" | "ConditionExpression" | "ExpressionAttributeValues"> {
  const at = number(request.at)
  if (request.number === undefined) {
    return { UpdateExpression: "SET t = :at ADD n :one", ExpressionAttributeValues: { ":at": at, ":one": ONE } }
  }
  return {
    UpdateExpression: "SET t = :at, n = :number",
    ConditionExpression: "attribute_not_exists(n) OR n <= :number",
    ExpressionAttributeValues: { ":at": at, ":number": number(request.number) },
  }
}
