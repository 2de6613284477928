/** One attempt to replace a group's state. */
import {
  ConditionalCheckFailedException,
  type Put,
  PutItemCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb"
import type { MembersChange } from "../../../../groups/ports.ts"
import type { Unavailable } from "../../../../log/ports.ts"
import { number, readCount } from "../codec/attributes.ts"
import { memberKey } from "../codec/group-members.ts"
import type { Item } from "../codec/item-size.ts"
import { unavailableFrom } from "../failures.ts"
import type { TableClients } from "../table-clients.ts"
import { isConflict } from "./conflicts.ts"
import { noteMembers } from "./entries.ts"

export interface StateWrite {
  readonly group: string
  readonly change: MembersChange
  /** The item of `change.next`. */
  readonly state: Item
  /** Whether the group's entry is written, too: needed where the group begins or ceases to have members. */
  readonly noted: boolean
  /** Makes repetitions of one attempt take effect once. */
  readonly token: string
}

export type StateWriteOutcome =
  | { readonly kind: "replaced" }
  | { readonly kind: "changed" }
  /** Nothing was written: the group has no members yet, so that its entry has to be written as well. */
  | { readonly kind: "unnoted" }
  /** Nothing was written: another transaction held an item at that moment. */
  | { readonly kind: "conflict"; readonly failure: Unavailable }
  | Unavailable

export async function writeState({ clients, table }: TableClients, write: StateWrite): Promise<StateWriteOutcome> {
  const put = putState(table, write)
  const items = [{ Put: put }, ...checksOf(table, write), ...entryOf(table, write)]
  try {
    if (items.length === 1) await clients.once.send(new PutItemCommand(put))
    else
      await clients.once.send(new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken: write.token }))
    return { kind: "replaced" }
  } catch (error) {
    const outcome = refusal(write, error)
    if (outcome.kind === "changed") clients.refused("group_state")
    return outcome
  }
}

function putState(table: string, { change: { expected, next }, state, noted }: StateWrite): Put {
  const old = { TableName: table, Item: { ...state }, ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const
  if (expected === 0) return { ...old, ConditionExpression: "attribute_not_exists(pk)" }
  const values = { ":expected": number(expected) }
  if (noted || next.members.length === 0) {
    return { ...old, ConditionExpression: "e = :expected", ExpressionAttributeValues: values }
  }
  return {
    ...old,
    ConditionExpression: "e = :expected AND c > :none",
    ExpressionAttributeValues: { ...values, ":none": number(0) },
  }
}

function checksOf(table: string, { group, change: { by } }: StateWrite): readonly TransactWriteItem[] {
  if (by === undefined) return []
  const check = {
    TableName: table,
    Key: memberKey(group, by.memberId),
    ConditionExpression: "attribute_not_exists(n) OR n <= :number",
    ExpressionAttributeValues: { ":number": number(by.number) },
  }
  return [{ ConditionCheck: check }]
}

function entryOf(table: string, { group, change: { next }, noted }: StateWrite): readonly TransactWriteItem[] {
  return noted ? [noteMembers(table, group, next.members.length > 0)] : []
}

function refusal(write: StateWrite, error: unknown): StateWriteOutcome {
  if (error instanceof ConditionalCheckFailedException) return judge(write, error.Item)
  if (error instanceof TransactionCanceledException) {
    const reasons = error.CancellationReasons ?? []
    const [ofState] = reasons
    if (ofState?.Code === "ConditionalCheckFailed") return judge(write, ofState.Item)
    if (reasons.some(({ Code }) => Code === "ConditionalCheckFailed")) return { kind: "changed" }
  }
  const failure = unavailableFrom(error)
  return isConflict(error) ? { kind: "conflict", failure } : failure
}

/** The state that was there instead of the expected one, or the expected one without members. */
function judge({ change: { expected }, noted }: StateWrite, old: Item | undefined): StateWriteOutcome {
  const isExpected = old !== undefined && readCount(old, "e") === expected
  return { kind: isExpected && !noted ? "unnoted" : "changed" }
}
