/** What one look at a service saw. */
import type { GroupDescription, GroupLag } from "../../client/groups.ts"
import type { PartitionOffsets } from "../../client/topic.ts"
import type { UpkeepStatus } from "../../protocol/schemas/upkeep.ts"
import type { ServerFigures } from "./server-figures.ts"

export interface TopicLook {
  readonly topic: string
  /** Another one where it was deleted and made again. */
  readonly id: string
  /** When its answer came, milliseconds of a clock that never goes back. */
  readonly at: number
  readonly partitions: readonly PartitionOffsets[]
}

/** `Gone`: it was named, and is not there any more. */
export type GroupState = GroupDescription["state"] | "Gone"

export interface GroupLook {
  readonly group: string
  readonly state: GroupState
  readonly members: GroupDescription["members"]
  /** As that of a topic. */
  readonly at: number
  readonly partitions: GroupLag["partitions"]
}

/** What the service says of itself. */
export interface ServiceLook {
  readonly version: string | null
  /** Why it takes no appends; null: it does. */
  readonly unhealthy: string | null
  /** Null where it is not told, or not to this caller. */
  readonly upkeep: UpkeepStatus | null
  /** Null where it has no page of metrics, or none for this caller. */
  readonly server: ServerFigures | null
}

export interface Look {
  /** Epoch milliseconds. */
  readonly time: number
  /** The same moment by the clock of `at`. */
  readonly at: number
  readonly topics: readonly TopicLook[]
  readonly groups: readonly GroupLook[]
  /** There are more than were looked at. */
  readonly more: { readonly topics: boolean; readonly groups: boolean }
  /** Topics and groups that this caller may not look at. */
  readonly denied: number
  /** Requests that it took, about. */
  readonly requests: number
}
