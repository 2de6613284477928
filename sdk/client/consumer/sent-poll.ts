/** A poll and what it stands for, which its answer says to have happened. Pure. */
import type { PollBody } from "../../protocol/schemas/group-members.ts"
import type { ConsumerSettings } from "./options.ts"
import type { OwnedPartition } from "./partition.ts"
import { offsetsOf, partitionsToCommit, pollBody } from "./poll-body.ts"
import type { Round } from "./round.ts"

/** A poll on its way, and what it stands for. */
export interface SentPoll {
  readonly at: number
  readonly fetch: boolean
  readonly body: PollBody
  readonly releasing: readonly OwnedPartition[]
  readonly committing: readonly { readonly owned: OwnedPartition | undefined; readonly offset: number }[]
  /** What of each partition was asked for. */
  readonly versions: ReadonlyMap<OwnedPartition, number>
}

export interface PollingMember {
  readonly memberEpoch: number
  /** Of this poll. */
  readonly number: number
  readonly mayCommit: boolean
}

export function preparePoll(
  settings: ConsumerSettings,
  { memberEpoch, number, mayCommit }: PollingMember,
  all: readonly OwnedPartition[],
  round: Extract<Round, { kind: "poll" }>,
  now: number,
): SentPoll {
  const released = all.filter(({ phase }) => phase === "released")
  const due = mayCommit ? partitionsToCommit(round.commit ? all : released) : []
  const commit = offsetsOf(due)
  // What was processed of a partition is committed no later than it goes.
  const committed = new Set(due)
  const releasing = released.filter((owned) => !mayCommit || owned.uncommitted === undefined || committed.has(owned))
  const gone = new Set(releasing)
  const kept = all.filter((owned) => !gone.has(owned))
  const { fetch, waitMs } = round
  return {
    at: now,
    fetch,
    body: pollBody(settings, { memberEpoch, number, kept, commit, fetch, waitMs }),
    releasing,
    committing: commit.map(({ offset }, index) => ({ owned: due[index], offset })),
    versions: new Map(kept.map((owned) => [owned, owned.fetchVersion])),
  }
}
