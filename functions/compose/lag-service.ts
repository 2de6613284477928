/** Composes who looks up how far a group is: it reads, and writes nothing. */
import { type GroupLagResult, groupLag } from "../groups/lag/group-lag.ts"
import type { GroupStore } from "../groups/ports.ts"
import type { PartitionRef } from "../log/ports.ts"
import { describePartition } from "../partitions/describe.ts"
import type { PartitionIndex } from "../partitions/ports.ts"
import type { TopicStore } from "../topics/ports.ts"
import { clock } from "./process-parts.ts"

export interface LagStorage {
  readonly index: Pick<PartitionIndex, "head">
  readonly topics: TopicStore
  readonly groups: GroupStore
}

export type LagOf = (group: string) => Promise<GroupLagResult>

export function lagService({ index, topics, groups }: LagStorage): LagOf {
  const log = { describe: (partition: PartitionRef) => describePartition(index, partition) }
  return (group) => groupLag({ log, topics, groups, sessionClock: clock }, group)
}
