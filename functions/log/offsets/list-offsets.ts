/** The ends of a topic's partitions, and the offset at a time. */
import type { FetchDependencies } from "../dependencies.ts"
import type { NotLocated } from "../locate.ts"
import type { PartitionRef, PartitionState, ReadOutcome, Unavailable } from "../ports.ts"
import { findOffset } from "./find-offset.ts"

export type OffsetQuery = "earliest" | "latest" | { readonly timestamp: number } | undefined

export interface PartitionOffsets extends PartitionState {
  readonly partition: number
  /** The answer to the query; null where no record is that young, absent where nothing was asked. */
  readonly offset?: number | null
  /** Of the record at `offset`, epoch milliseconds. */
  readonly timestamp?: number
}

export type ListOffsetsOutcome =
  | { readonly kind: "offsets"; readonly offsets: readonly PartitionOffsets[] }
  | NotLocated
  | Extract<ReadOutcome, { kind: "corrupt" }>
  | Unavailable

export async function listOffsets(
  deps: FetchDependencies,
  request: { readonly topic: string; readonly partition?: number | undefined; readonly query: OffsetQuery },
): Promise<ListOffsetsOutcome> {
  const topic = await deps.topics.get(request.topic)
  if (topic === undefined) return { kind: "topic_not_found", topic: request.topic }
  const { partition, query } = request
  if (partition !== undefined && partition >= topic.partitions) {
    return { kind: "partition_not_found", topic: topic.name, partition, partitions: topic.partitions }
  }
  const numbers = partition === undefined ? Array.from({ length: topic.partitions }, (_, index) => index) : [partition]
  const offsets: PartitionOffsets[] = []
  for (const number of numbers) {
    const one = await offsetsOf(deps, { topicId: topic.id, partition: number }, query)
    if (one.kind === "unknown_partition") return { kind: "topic_not_found", topic: topic.name }
    if (one.kind !== "partition") return one
    offsets.push(one.offsets)
  }
  return { kind: "offsets", offsets }
}

type OneOutcome =
  | { readonly kind: "partition"; readonly offsets: PartitionOffsets }
  | { readonly kind: "unknown_partition" }
  | Extract<ReadOutcome, { kind: "corrupt" }>
  | Unavailable

async function offsetsOf(deps: FetchDependencies, partition: PartitionRef, query: OffsetQuery): Promise<OneOutcome> {
  const described = await deps.log.describe(partition)
  if (described.kind !== "partition") return described
  const ends = { partition: partition.partition, ...described.state }
  if (query === undefined) return { kind: "partition", offsets: ends }
  if (query === "earliest") return { kind: "partition", offsets: { ...ends, offset: ends.logStartOffset } }
  if (query === "latest") return { kind: "partition", offsets: { ...ends, offset: ends.highWatermark } }
  const found = await findOffset(deps, partition, query.timestamp)
  if (found.kind === "none") return { kind: "partition", offsets: { ...ends, ...found.watermarks, offset: null } }
  if (found.kind !== "found") return found
  const { offset, timestamp, watermarks } = found
  return { kind: "partition", offsets: { ...ends, ...watermarks, offset, timestamp } }
}
