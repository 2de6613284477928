import type { Limits } from "stratalog/protocol"
import type { BatchCodecs } from "stratalog/record-batch"
import type { StorageObserver } from "../log/storage-observer.ts"
import type { PartitionSettings, TieringNudges } from "../partitions/dependencies.ts"

/** What whoever composes a service says of it. */
export interface ServiceOptions {
  readonly limits: Limits
  readonly codecs: BatchCodecs
  readonly version: string
  readonly settings?: Partial<PartitionSettings>
  /** Hears what is asked of DynamoDB and S3. */
  readonly observer?: StorageObserver
  /** Absent: upkeep comes by itself alone. */
  readonly nudges?: TieringNudges
}
