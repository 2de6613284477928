/** One attempt to write what a group commits: one conditional update of a run, or a transaction of several. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type Update,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb"
import type {
  ClaimTarget,
  CommitTerms,
  CommittedOffset,
  FencedCommit,
  RegressedCommit,
} from "../../../../groups/ports.ts"
import type { Unavailable } from "../../../../log/ports.ts"
import type { DynamoDbClients } from "../client.ts"
import { number } from "../codec/attributes.ts"
import { decodeRun, encodeCommit, readOwner, runKey, slotNames } from "../codec/committed-offsets.ts"
import type { Item } from "../codec/item-size.ts"
import type { Key } from "../codec/keys.ts"
import { unavailableFrom } from "../failures.ts"

/** What a call says of the partitions that belong into one item. */
export interface Run<Target extends ClaimTarget = ClaimTarget> {
  readonly key: Key
  readonly topicId: string
  readonly topic: string
  readonly targets: readonly Target[]
}

export type WriteRunsOutcome =
  | { readonly kind: "committed" }
  | { readonly kind: "regressed"; readonly regressed: readonly RegressedCommit[] }
  | { readonly kind: "fenced"; readonly fenced: readonly FencedCommit[] }
  /** Nothing was written: these items have to be made first. */
  | { readonly kind: "missing"; readonly runs: readonly Run[] }
  /** Nothing was written: another transaction held an item at that moment. */
  | { readonly kind: "conflict"; readonly failure: Unavailable }
  | Unavailable

export function runsOf<Target extends ClaimTarget>(group: string, targets: readonly Target[]): readonly Run<Target>[] {
  const keyOf = ({ partition }: Target) => runKey(group, partition.topicId, partition.partition)
  return [...Map.groupBy(targets, (target) => keyOf(target).sk.S).values()].flatMap((ofRun) => {
    const [first] = ofRun
    if (first === undefined) return []
    return [{ key: keyOf(first), topicId: first.partition.topicId, topic: first.topic, targets: ofRun }]
  })
}

/** `token` makes repetitions of one transaction take effect once. */
export async function writeRuns(
  clients: DynamoDbClients,
  table: string,
  runs: readonly Run<CommittedOffset>[],
  terms: CommitTerms,
  token: string,
): Promise<WriteRunsOutcome> {
  const [only] = runs
  try {
    if (only !== undefined && runs.length === 1) {
      await clients.once.send(new UpdateItemCommand(commitUpdate(table, only, terms)))
    } else {
      const TransactItems = runs.map((run) => ({ Update: commitUpdate(table, run, terms) }))
      await clients.once.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken: token }))
    }
    return { kind: "committed" }
  } catch (error) {
    const outcome = refusal(runs, terms, error)
    if (outcome.kind === "fenced") clients.refused("group_epoch")
    if (outcome.kind === "regressed") clients.refused("group_offset")
    return outcome
  }
}

/** Writes all commits of the run, if it is there, nobody newer has claimed one of them and none goes back. */
export function commitUpdate(
  table: string,
  { key, targets }: Run<CommittedOffset>,
  { epoch, mayGoBack = false }: CommitTerms,
): Update & { readonly UpdateExpression: string } {
  const values: Record<string, AttributeValue> = epoch === undefined ? {} : { ":epoch": number(epoch) }
  const conditions = ["attribute_exists(pk)"]
  const assignments: string[] = []
  const removals: string[] = []
  for (const commit of targets) {
    const { offset, metadata, owner } = slotNames(commit.partition.partition)
    const slot = Object.entries(encodeCommit(commit))
    for (const [name, value] of slot) values[`:${name}`] = value
    assignments.push(...slot.map(([name]) => `${name} = :${name}`))
    if (commit.metadata === "") removals.push(metadata)
    if (!mayGoBack) conditions.push(`(attribute_not_exists(${offset}) OR ${offset} <= :${offset})`)
    if (epoch !== undefined) {
      assignments.push(`${owner} = :epoch`)
      conditions.push(isNotFenced(owner))
    }
  }
  const removed = removals.length > 0 ? ` REMOVE ${removals.join(", ")}` : ""
  return {
    TableName: table,
    Key: key,
    UpdateExpression: `SET ${assignments.join(", ")}${removed}`,
    ConditionExpression: conditions.join(" AND "),
    ExpressionAttributeValues: values,
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  }
}

/** The condition under which a partition may be taken under `:epoch`. */
export function isNotFenced(owner: string): string {
  return `(attribute_not_exists(${owner}) OR ${owner} <= :epoch)`
}

type Refused = readonly { readonly run: Run<CommittedOffset>; readonly item: Item }[]

function refusal(runs: readonly Run<CommittedOffset>[], terms: CommitTerms, error: unknown): WriteRunsOutcome {
  const [only] = runs
  if (error instanceof ConditionalCheckFailedException && only !== undefined) {
    return judge([{ run: only, item: error.Item ?? {} }], terms)
  }
  if (error instanceof TransactionCanceledException) {
    const reasons = error.CancellationReasons ?? []
    const refused = reasons.flatMap(({ Code, Item = {} }, index) => {
      const run = runs[index]
      return Code === "ConditionalCheckFailed" && run !== undefined ? [{ run, item: Item }] : []
    })
    // What could not be looked at may go back, too: only a whole answer names all that do.
    const conflict = reasons.some(({ Code }) => Code === "TransactionConflict")
    if (refused.length > 0) return conflict ? conflicting(error) : judge(refused, terms)
    return conflict ? conflicting(error) : unavailableFrom(error)
  }
  const failure = unavailableFrom(error)
  const conflict = error instanceof Error && error.name === "TransactionConflictException"
  return conflict ? { kind: "conflict", failure } : failure
}

/** Runs that failed their condition, each with its item at that moment: there was none, or it says who or what is past it. */
function judge(
  refused: Refused,
  { epoch = Number.POSITIVE_INFINITY, mayGoBack = false }: CommitTerms,
): WriteRunsOutcome {
  const missing = refused.filter(({ item }) => item["pk"] === undefined).map(({ run }) => run)
  const there = refused.filter(({ item }) => item["pk"] !== undefined)
  const fenced = there.flatMap(({ run, item }) => fences(run, item, epoch))
  if (fenced.length > 0) return { kind: "fenced", fenced }
  const regressed = mayGoBack ? [] : there.flatMap(({ run, item }) => regressions(run, item))
  return regressed.length > 0 ? { kind: "regressed", regressed } : { kind: "missing", runs: missing }
}

function fences({ targets }: Run<CommittedOffset>, item: Item, epoch: number): FencedCommit[] {
  return targets.flatMap(({ partition }) => {
    const owner = readOwner(item, partition.partition)
    return owner > epoch ? [{ partition, epoch: owner }] : []
  })
}

function regressions({ targets }: Run<CommittedOffset>, item: Item): RegressedCommit[] {
  const stored = new Map(decodeRun(item).map((each) => [each.partition.partition, each.offset]))
  return targets.flatMap(({ partition, offset }) => {
    const committed = stored.get(partition.partition) ?? 0
    return committed > offset ? [{ partition, committed }] : []
  })
}

function conflicting(error: Error): WriteRunsOutcome {
  const detail = `DynamoDB: another transaction holds the group's offsets: ${error.message}`
  return { kind: "conflict", failure: { kind: "unavailable", reason: "throttled", sideEffects: "none", detail } }
}
