/** What the use cases of members work with. */
import type { Limits } from "stratalog/protocol"
import type { BatchCodecs } from "stratalog/record-batch"
import type { Clock, PartitionReads } from "../log/ports.ts"
import type { TopicStore } from "../topics/ports.ts"
import type { GroupChanges } from "./group-changes.ts"
import type { GroupStore } from "./ports.ts"
import type { SubscribedTopics } from "./topics/subscribed-topics.ts"

export interface GroupDependencies {
  readonly groups: GroupStore
  readonly log: PartitionReads
  readonly topics: TopicStore
  readonly clock: Clock
  /** For sessions of members: all that is said of when a member was seen. */
  readonly sessionClock: Clock
  readonly codecs: BatchCodecs
  readonly limits: Limits
  readonly subscribed: SubscribedTopics
  /** Of this process. */
  readonly changes: GroupChanges
  /** Whether `changes` hears of all changes: no other process serves the group. */
  readonly hearsAll: boolean
  /** Before what failed is tried again: longer each time, from 0 on, with jitter. */
  readonly pause: (tries: number) => Promise<void>
}
