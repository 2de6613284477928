/** What one poll says of its member. Pure. */
import { limits } from "../../protocol/limits.ts"
import type { PollBody } from "../../protocol/schemas/group-members.ts"
import type { OffsetOfPartition } from "./consumer.ts"
import type { ConsumerSettings } from "./options.ts"
import type { AssignedPartition, OwnedPartition } from "./partition.ts"
import { byTopic, byTopicId } from "./partitions.ts"

export interface PollPlan {
  /** 0: join. */
  readonly memberEpoch: number
  readonly number: number
  /** All that the member goes on having. */
  readonly kept: readonly OwnedPartition[]
  readonly commit: readonly (OffsetOfPartition & AssignedPartition)[]
  /** False: there is room only for a little of partitions that have no records waiting here. */
  readonly fetch: boolean
  readonly waitMs: number
}

export function pollBody(settings: ConsumerSettings, plan: PollPlan): PollBody {
  const { memberEpoch, number, kept, commit, fetch, waitMs } = plan
  const readable = kept.filter(({ isReadable }) => isReadable)
  // One that goes is named, too: it may be assigned again before it went.
  const paused = kept.filter((owned) => !owned.isReadable || owned.paused || (!fetch && owned.hasRecords))
  const maxBytes = fetch ? settings.fetchMaxBytes : Math.ceil(settings.fetchMaxBytes / Math.max(readable.length, 1))
  return {
    memberEpoch,
    number,
    ...(memberEpoch === 0 && subscriptionOf(settings)),
    owned: byTopicId(kept),
    ...(commit.length > 0 && { commit: [...commit] }),
    positions: readable.flatMap(({ topic, partition, position }) =>
      position === undefined ? [] : [{ topic, partition, offset: position }],
    ),
    ...(paused.length > 0 && { paused: byTopic(paused) }),
    wait: waitMs,
    maxBytes,
    minBytes: settings.fetchMinBytes,
    autoOffsetReset: settings.autoOffsetReset,
  }
}

/** What the service remembers of a member. */
function subscriptionOf(settings: ConsumerSettings): Partial<PollBody> {
  const { topics, groupInstanceId, sessionTimeoutMs, rebalanceTimeoutMs, assignor } = settings
  return {
    topics: [...topics],
    ...(groupInstanceId !== undefined && { instanceId: groupInstanceId }),
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: rebalanceTimeoutMs,
    assignor,
  }
}

/**
 * What of `partitions` a poll commits, of as many as one commit takes: those that are given up first, then those whose last
 * commit is the oldest, so that each has its turn.
 */
export function partitionsToCommit(partitions: readonly OwnedPartition[]): readonly OwnedPartition[] {
  const due = partitions.filter(({ uncommitted }) => uncommitted !== undefined)
  if (due.length <= limits.maxCommits) return due
  const turnOf = ({ phase, committedAt }: OwnedPartition) => (phase === "released" ? -1 : committedAt)
  return due.toSorted((one, other) => turnOf(one) - turnOf(other)).slice(0, limits.maxCommits)
}

export function offsetsOf(partitions: readonly OwnedPartition[]): (OffsetOfPartition & AssignedPartition)[] {
  return partitions.flatMap(({ topic, topicId, partition, uncommitted }) =>
    uncommitted === undefined ? [] : [{ topic, topicId, partition, offset: uncommitted }],
  )
}
