import type { PartitionLog, Unavailable } from "../../log/ports.ts"
import {
  type LiveOffsetsDeps,
  type LiveOffsetsResult,
  liveOffsets,
  type TopicCommits,
} from "../offsets/live-offsets.ts"
import { lagOf, type PartitionLag, totalLag } from "./decide.ts"

export interface GroupLagDeps extends LiveOffsetsDeps {
  readonly log: Pick<PartitionLog, "describe">
}

export type GroupLagResult =
  /** By topic name and partition. */
  | { readonly kind: "lag"; readonly partitions: readonly PartitionLag[]; readonly totalLag: number }
  | Exclude<LiveOffsetsResult, { kind: "topics" }>

/** The lag of every partition of the topics that the group committed for, those without a committed offset among them. */
export async function groupLag(deps: GroupLagDeps, group: string): Promise<GroupLagResult> {
  const committed = await liveOffsets(deps, group)
  if (committed.kind !== "topics") return committed
  const found = await Promise.all(committed.topics.flatMap((commits) => topicLag(deps, commits)))
  const failed = found.find((each) => each?.kind === "unavailable")
  if (failed?.kind === "unavailable") return failed
  const partitions = found.flatMap((each) => (each?.kind === "partition" ? each.lag : []))
  return { kind: "lag", partitions, totalLag: totalLag(partitions) }
}

type Found = { readonly kind: "partition"; readonly lag: PartitionLag } | Unavailable | undefined

function topicLag(deps: GroupLagDeps, { topic, offsets }: TopicCommits): Promise<Found>[] {
  const committed = new Map(offsets.map((each) => [each.partition.partition, each.offset]))
  return Array.from({ length: topic.partitions }, async (_, partition): Promise<Found> => {
    const outcome = await deps.log.describe({ topicId: topic.id, partition })
    // Deleted since the topic was looked up.
    if (outcome.kind === "unknown_partition") return undefined
    if (outcome.kind === "unavailable") return { ...outcome, sideEffects: "none" }
    const { logStartOffset, highWatermark } = outcome.state
    const committedOffset = committed.get(partition) ?? null
    const lag = lagOf(committedOffset, outcome.state)
    return {
      kind: "partition",
      lag: { topic: topic.name, partition, committedOffset, logStartOffset, highWatermark, lag },
    }
  })
}
