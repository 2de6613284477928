/** Produce to a topic: each partition's share of the records is appended by itself. */
import type { Topic } from "../../topics/ports.ts"
import type { AppendDependencies } from "../dependencies.ts"
import type { NotLocated } from "../locate.ts"
import { appendToTopic, type ProduceOutcome } from "./append.ts"
import { type RoutableRecord, routeRecords } from "./route-records.ts"

export interface PartitionResult {
  readonly partition: number
  /** Where the records stood in the request. */
  readonly positions: readonly number[]
  readonly outcome: ProduceOutcome
}

export type ProduceByKeyOutcome =
  | { readonly kind: "produced"; readonly results: readonly PartitionResult[] }
  | Extract<NotLocated, { kind: "topic_not_found" }>
  /** Nothing was appended. */
  | (Extract<NotLocated, { kind: "partition_not_found" }> & { readonly position: number })

export async function appendByKey(
  deps: AppendDependencies,
  name: string,
  records: readonly RoutableRecord[],
): Promise<ProduceByKeyOutcome> {
  const remembered = await deps.topics.recent(name)
  const isKnown = remembered !== undefined && findStray(records, remembered) === -1
  const topic = isKnown ? remembered : await deps.topics.get(name)
  if (topic === undefined) return { kind: "topic_not_found", topic: name }
  const stray = findStray(records, topic)
  if (stray !== -1) {
    const partition = records[stray]?.partition ?? 0
    return { kind: "partition_not_found", topic: name, partition, partitions: topic.partitions, position: stray }
  }
  const routed = routeRecords(records, topic.partitions, deps.pickPartition(topic.partitions))
  const results = routed.map(async ({ partition, records: share, positions }): Promise<PartitionResult> => {
    const request = { topic: name, partition, source: { kind: "records", records: share } } as const
    const outcome = await appendToTopic(deps, topic, { topicId: topic.id, partition }, request)
    return { partition, positions, outcome }
  })
  return { kind: "produced", results: await Promise.all(results) }
}

/** The first record for a partition that the topic does not have; -1 where there is none. */
function findStray(records: readonly RoutableRecord[], { partitions }: Topic): number {
  return records.findIndex(({ partition = 0 }) => partition >= partitions)
}
