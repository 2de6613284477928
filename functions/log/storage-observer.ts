/** What whoever counts and logs hears of a storage that asks services for what it keeps. */

export interface StorageObserver {
  /** An attempt of a request ended, one way or another. Called for each, so it has to be quick; it must not throw. */
  attempted(attempt: StorageAttempt): void
  /** A conditional write met something else than expected. Nothing is wrong: whoever made it looks again. */
  refused(reason: ConditionReason): void
  /** The tail of a partition was moved into a page. */
  rolled(): void
}

export interface StorageAttempt {
  readonly service: "dynamodb" | "s3"
  /** As the service names it, such as `UpdateItem`. */
  readonly operation: string
  /** Until the answer began. */
  readonly seconds: number
  /** A condition that failed is an answer. */
  readonly ended: "answered" | "throttled" | "failed"
  /** Of DynamoDB, what it says that it consumed. */
  readonly writeUnits: number
  readonly readUnits: number
  /** A sentence for the operator, where it was not answered. */
  readonly detail?: string
}

/** Why a condition failed, by what was expected. */
export type ConditionReason =
  /** Of a partition: somebody else appended there, or rolled; the tail takes no more before somebody rolls. */
  | "position"
  | "generation"
  | "tail_full"
  /** An append met what a lost attempt of its own had written. */
  | "repeated"
  | "fence"
  /** Of a producer: another epoch, another position in its sequence, or it is known beside the head. */
  | "epoch"
  | "sequence"
  | "spilled"
  /** Upkeep met other upkeep, or a deletion. */
  | "log_start"
  | "tiered_to"
  | "segment"
  /** Of a group: a newer owner, an offset that is past the one to commit, another state, a later request. */
  | "group_epoch"
  | "group_offset"
  | "group_state"
  | "group_request"
  /** Of a topic, or of a producer's id. */
  | "topic"
  | "producer_epoch"
