/** What the log's use cases work with; the server or function that composes them says which. */
import type { Limits } from "stratalog/protocol"
import type { BatchCodecs } from "stratalog/record-batch"
import type { TopicStore } from "../topics/ports.ts"
import type { AppendNews, Clock, PartitionLog } from "./ports.ts"

export interface LogDependencies {
  readonly log: PartitionLog
  readonly topics: TopicStore
  readonly clock: Clock
  readonly codecs: BatchCodecs
  readonly limits: Limits
  /** A partition below `count` for records without a key; calls should spread evenly. */
  readonly pickPartition: (count: number) => number
  /** Absent: nobody wants to hear. */
  readonly news?: AppendNews
}
