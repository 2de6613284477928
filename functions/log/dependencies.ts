/** What the log's use cases work with; the server or function that composes them says which. */
import type { Limits } from "stratalog/protocol"
import type { BatchCodecs } from "stratalog/record-batch"
import type { TopicStore } from "../topics/ports.ts"
import type { AppendNews, Clock, PartitionAppends, PartitionControl, PartitionReads } from "./ports.ts"

export interface AppendDependencies {
  readonly log: PartitionAppends
  readonly topics: TopicStore
  readonly clock: Clock
  readonly codecs: BatchCodecs
  readonly limits: Limits
  /** A partition below `count` for records without a key; calls should spread evenly. */
  readonly pickPartition: (count: number) => number
  /** Absent: nobody wants to hear. */
  readonly news?: AppendNews
}

export interface FetchDependencies {
  readonly log: PartitionReads
  readonly topics: TopicStore
  readonly codecs: BatchCodecs
  readonly limits: Limits
}

export interface ControlDependencies {
  readonly log: PartitionControl
  readonly topics: TopicStore
}
