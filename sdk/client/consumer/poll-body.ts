/** What one poll says of its member. Pure. */
import { limits } from "../../protocol/limits.ts"
import type { PollBody } from "../../protocol/schemas/groups.ts"
import type { ConsumerSettings } from "./options.ts"
import type { OwnedPartition } from "./partition.ts"
import { byTopic } from "./partitions.ts"

export interface PollPlan {
  /** 0: join. */
  readonly memberEpoch: number
  readonly number: number
  /** All that the member goes on having. */
  readonly kept: readonly OwnedPartition[]
  readonly commit: NonNullable<PollBody["commit"]>
  /** False: only stay, and commit. */
  readonly fetch: boolean
  readonly waitMs: number
}

export function pollBody(settings: ConsumerSettings, plan: PollPlan): PollBody {
  const { memberEpoch, number, kept, commit, fetch, waitMs } = plan
  const readable = kept.filter(({ phase }) => phase === "assigned" || phase === "active")
  const paused = fetch ? readable.filter((partition) => partition.paused) : readable
  return {
    memberEpoch,
    number,
    ...(memberEpoch === 0 && subscriptionOf(settings)),
    owned: byTopic(kept),
    ...(commit.length > 0 && { commit }),
    positions: readable.flatMap(({ topic, partition, position }) =>
      position === undefined ? [] : [{ topic, partition, offset: position }],
    ),
    ...(paused.length > 0 && { paused: byTopic(paused) }),
    wait: waitMs,
    maxBytes: settings.fetchMaxBytes,
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

/** The offsets that a poll commits: of `partitions`, as many as one commit takes. */
export function offsetsToCommit(partitions: readonly OwnedPartition[]): NonNullable<PollBody["commit"]> {
  const offsets: NonNullable<PollBody["commit"]> = []
  for (const { topic, partition, uncommitted } of partitions) {
    if (uncommitted !== undefined && offsets.length < limits.maxCommits) {
      offsets.push({ topic, partition, offset: uncommitted })
    }
  }
  return offsets
}
