import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb"
import type { PartitionRef } from "../../../log/ports.ts"
import type {
  ChangeSegmentOutcome,
  FindSegmentOutcome,
  ListSegmentsOutcome,
  PutSegmentOutcome,
  Segment,
  SegmentIndex,
} from "../../../segments/ports.ts"
import { number } from "./codec/attributes.ts"
import { offsetText, segmentKey, segmentsKey } from "./codec/keys.ts"
import { decodeSegment, encodeSegment } from "./codec/segment.ts"
import { unavailableFrom, unavailableReading } from "./failures.ts"
import type { TableClients } from "./table-clients.ts"

const RETURN_OLD = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const

/**
 * Segments, one item each. Requests are repeated where their answer is lost: a change that finds itself done, by the key of
 * the object that was made for it, was its own.
 */
export function createSegmentIndex(access: TableClients): SegmentIndex {
  return {
    find: (partition, offset) => find(access, partition, offset),
    list: (partition, from, limit) => list(access, partition, from, limit),
    put: (partition, segment) => put(access, partition, { ...segment, version: 1 }),
    replace: (partition, segment) => replace(access, partition, segment),
    remove: (partition, segment) => remove(access, partition, segment),
  }
}

async function find(access: TableClients, partition: PartitionRef, offset: number): Promise<FindSegmentOutcome> {
  const command = query(access, partition, "<=", offset, { ScanIndexForward: false, Limit: 1 })
  try {
    const { Items: [item] = [] } = await access.clients.repeating.send(command)
    return item === undefined ? { kind: "none" } : { kind: "segment", segment: decodeSegment(item) }
  } catch (error) {
    return unavailableReading(error)
  }
}

async function list(
  access: TableClients,
  partition: PartitionRef,
  from: number,
  limit: number,
): Promise<ListSegmentsOutcome> {
  const command = query(access, partition, ">=", from, { Limit: limit + 1 })
  try {
    const { Items: items = [], LastEvaluatedKey: last } = await access.clients.repeating.send(command)
    const taken = last === undefined ? items.slice(0, limit) : items.slice(0, Math.max(1, items.length - 1))
    return {
      kind: "segments",
      segments: taken.map(decodeSegment),
      more: taken.length < items.length || last !== undefined,
    }
  } catch (error) {
    return unavailableReading(error)
  }
}

async function put(access: TableClients, partition: PartitionRef, segment: Segment): Promise<PutSegmentOutcome> {
  const condition = { ConditionExpression: "attribute_not_exists(pk)" }
  const outcome = await write(access, partition, segment, condition)
  if (outcome.kind !== "lost") return outcome.kind === "changed" ? { kind: "put" } : outcome
  if (outcome.segment === undefined) throw new RangeError("an item was there and is not told")
  return { kind: "exists", segment: outcome.segment }
}

function replace(access: TableClients, partition: PartitionRef, segment: Segment): Promise<ChangeSegmentOutcome> {
  return write(access, partition, segment, isVersion(segment.version - 1))
}

async function write(
  { clients, table }: TableClients,
  partition: PartitionRef,
  segment: Segment,
  condition: Partial<ReturnType<typeof isVersion>>,
): Promise<ChangeSegmentOutcome> {
  const item = { ...segmentKey(partition, segment.baseOffset), ...encodeSegment(segment) }
  try {
    await clients.repeating.send(new PutItemCommand({ TableName: table, Item: item, ...condition, ...RETURN_OLD }))
    return { kind: "changed" }
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) return unavailableFrom(error)
    const stored = error.Item === undefined ? undefined : decodeSegment(error.Item)
    const isOwn = stored?.version === segment.version && stored.objectKey === segment.objectKey
    if (isOwn) return { kind: "changed" }
    clients.refused("segment")
    return { kind: "lost", segment: stored }
  }
}

async function remove(
  { clients, table }: TableClients,
  partition: PartitionRef,
  { baseOffset, version }: Pick<Segment, "baseOffset" | "version">,
): Promise<ChangeSegmentOutcome> {
  const Key = segmentKey(partition, baseOffset)
  try {
    await clients.repeating.send(new DeleteItemCommand({ TableName: table, Key, ...isVersion(version), ...RETURN_OLD }))
    return { kind: "changed" }
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) return unavailableFrom(error)
    clients.refused("segment")
    return { kind: "lost", segment: error.Item === undefined ? undefined : decodeSegment(error.Item) }
  }
}

function isVersion(version: number) {
  return { ConditionExpression: "v = :version", ExpressionAttributeValues: { ":version": number(version) } }
}

function query(
  { table }: TableClients,
  partition: PartitionRef,
  comparison: "<=" | ">=",
  offset: number,
  limits: { readonly ScanIndexForward?: boolean; readonly Limit: number },
): QueryCommand {
  return new QueryCommand({
    TableName: table,
    KeyConditionExpression: `pk = :partition AND sk ${comparison} :offset`,
    ExpressionAttributeValues: { ":partition": { S: segmentsKey(partition) }, ":offset": { S: offsetText(offset) } },
    ConsistentRead: true,
    ...limits,
  })
}
