/** One attempt to write what a group commits: one conditional update of a run, or a transaction of several. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type Update,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb"
import type { CommittedOffset, RegressedCommit } from "../../../groups/ports.ts"
import type { Unavailable } from "../../../log/ports.ts"
import type { DynamoDbClients } from "./client.ts"
import { number } from "./codec/attributes.ts"
import { decodeRun, encodeSlot, runKey, slotName } from "./codec/committed-offsets.ts"
import type { Item } from "./codec/item-size.ts"
import type { Key } from "./codec/keys.ts"
import { unavailableFrom } from "./failures.ts"

/** The commits of one call that belong into one item. */
export interface Run {
  readonly key: Key
  readonly topicId: string
  readonly topic: string
  readonly commits: readonly CommittedOffset[]
}

export type WriteRunsOutcome =
  | { readonly kind: "committed" }
  | { readonly kind: "regressed"; readonly regressed: readonly RegressedCommit[] }
  /** Nothing was written: these items have to be made first. */
  | { readonly kind: "missing"; readonly runs: readonly Run[] }
  /** Nothing was written: another transaction held an item at that moment. */
  | { readonly kind: "conflict"; readonly failure: Unavailable }
  | Unavailable

export function runsOf(group: string, commits: readonly CommittedOffset[]): readonly Run[] {
  const keyOf = ({ partition }: CommittedOffset) => runKey(group, partition.topicId, partition.partition)
  return [...Map.groupBy(commits, (commit) => keyOf(commit).sk.S).values()].flatMap((ofRun) => {
    const [first] = ofRun
    if (first === undefined) return []
    return [{ key: keyOf(first), topicId: first.partition.topicId, topic: first.topic, commits: ofRun }]
  })
}

/** `token` makes repetitions of one transaction take effect once. */
export async function writeRuns(
  clients: DynamoDbClients,
  table: string,
  runs: readonly Run[],
  token: string,
): Promise<WriteRunsOutcome> {
  const [only] = runs
  try {
    if (only !== undefined && runs.length === 1) {
      await clients.once.send(new UpdateItemCommand(updateOf(table, only)))
    } else {
      const TransactItems = runs.map((run) => ({ Update: updateOf(table, run) }))
      await clients.once.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken: token }))
    }
    return { kind: "committed" }
  } catch (error) {
    return refusal(runs, error)
  }
}

/** Writes all commits of the run, if it is there and none of them goes back. */
function updateOf(table: string, { key, commits }: Run): Update & { readonly UpdateExpression: string } {
  const values: Record<string, AttributeValue> = {}
  const conditions = ["attribute_exists(pk)"]
  const assignments: string[] = []
  for (const commit of commits) {
    const slot = slotName(commit.partition.partition)
    values[`:${slot}`] = encodeSlot(commit)
    values[`:to_${slot}`] = number(commit.offset)
    conditions.push(`(attribute_not_exists(${slot}) OR ${slot}[0] <= :to_${slot})`)
    assignments.push(`${slot} = :${slot}`)
  }
  return {
    TableName: table,
    Key: key,
    UpdateExpression: `SET ${assignments.join(", ")}`,
    ConditionExpression: conditions.join(" AND "),
    ExpressionAttributeValues: values,
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  }
}

function refusal(runs: readonly Run[], error: unknown): WriteRunsOutcome {
  const [only] = runs
  if (error instanceof ConditionalCheckFailedException && only !== undefined) {
    return judge([{ run: only, item: error.Item ?? {} }])
  }
  if (error instanceof TransactionCanceledException) {
    const reasons = error.CancellationReasons ?? []
    const refused = reasons.flatMap(({ Code, Item = {} }, index) => {
      const run = runs[index]
      return Code === "ConditionalCheckFailed" && run !== undefined ? [{ run, item: Item }] : []
    })
    // What could not be looked at may go back, too: only a whole answer names all that do.
    const conflict = reasons.some(({ Code }) => Code === "TransactionConflict")
    if (refused.length > 0) return conflict ? conflicting(error) : judge(refused)
    return conflict ? conflicting(error) : unavailableFrom(error)
  }
  const failure = unavailableFrom(error)
  const conflict = error instanceof Error && error.name === "TransactionConflictException"
  return conflict ? { kind: "conflict", failure } : failure
}

/** Runs that failed their condition, each with its item at that moment: there was none, or a commit goes back. */
function judge(refused: readonly { readonly run: Run; readonly item: Item }[]): WriteRunsOutcome {
  const missing = refused.filter(({ item }) => item["pk"] === undefined).map(({ run }) => run)
  const regressed = refused.flatMap(({ run, item }) => (item["pk"] === undefined ? [] : regressions(run, item)))
  return regressed.length > 0 ? { kind: "regressed", regressed } : { kind: "missing", runs: missing }
}

function regressions({ commits }: Run, item: Item): RegressedCommit[] {
  const stored = new Map(decodeRun(item).map((each) => [each.partition.partition, each.offset]))
  return commits.flatMap(({ partition, offset }) => {
    const committed = stored.get(partition.partition) ?? 0
    return committed > offset ? [{ partition, committed }] : []
  })
}

function conflicting(error: Error): WriteRunsOutcome {
  const detail = `DynamoDB: another transaction holds the group's offsets: ${error.message}`
  return { kind: "conflict", failure: { kind: "unavailable", reason: "throttled", sideEffects: "none", detail } }
}
