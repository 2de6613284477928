/** What a member can ask of one process of the service, and what it hears. */
import type { HeartbeatBody, PollBody, TopicPartitions } from "stratalog/protocol"
import type { ReadRecord } from "../../checker/operation.ts"

export interface Membership {
  readonly memberEpoch: number
  readonly assignment: readonly TopicPartitions[]
}

export interface GivenBatch {
  readonly topic: string
  readonly partition: number
  /** Where reading began. */
  readonly offset: number
  readonly records: readonly ReadRecord[]
  readonly nextOffset: number
  readonly highWatermark: number
  readonly logStartOffset: number
}

export interface GivenPoll extends Membership {
  readonly batches: readonly GivenBatch[]
  /** Partitions that could not be read. */
  readonly problems: readonly { readonly topic: string; readonly partition: number }[]
}

export type Answer<T> =
  | { readonly kind: "ok"; readonly value: T }
  /** Nothing happened. */
  | { readonly kind: "refused"; readonly code: string }
  /** The service says that it does not know. */
  | { readonly kind: "unknown" }

export interface CommittedPartition {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

export interface MemberService {
  heartbeat(memberId: string, body: HeartbeatBody): Promise<Answer<Membership>>
  poll(memberId: string, body: PollBody): Promise<Answer<GivenPoll>>
}

export interface GroupService extends MemberService {
  committed(): Promise<Answer<readonly CommittedPartition[]>>
  /** Sends all partitions of an empty group to this offset; answers where each is now. */
  reset(topics: readonly string[], offset: number): Promise<Answer<readonly CommittedPartition[]>>
}
