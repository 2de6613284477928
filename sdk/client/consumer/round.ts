/** What a member does next: poll, and how, or wait. Pure. */
import type { ConsumerSettings } from "./options.ts"

export interface RoundView {
  readonly now: number
  /** 0: it is to join. */
  readonly memberEpoch: number
  /** When the service wants to hear of it again. */
  readonly heartbeatDue: number
  readonly heartbeatInterval: number
  /** There is room in the buffer. */
  readonly hasRoom: boolean
  /** A partition can be fetched, or none is assigned yet. */
  readonly isFetchable: boolean
  /** The last fetch found nothing, and it is not to fetch before; 0: it found something. */
  readonly idleUntil: number
  /** A partition is ready to be given up. */
  readonly isReleasing: boolean
  /** A partition will be given up as soon as what is in hand of it is finished. */
  readonly isRevoking: boolean
  /** Something is processed and not committed, or in hand or buffered and will be. */
  readonly willCommit: boolean
  /** Something is processed and not committed. */
  readonly hasUncommitted: boolean
  readonly lastCommitAt: number
}

export type Round =
  | { readonly kind: "sleep"; readonly ms: number }
  | { readonly kind: "poll"; readonly fetch: boolean; readonly commit: boolean; readonly waitMs: number }

/** Where every request commits, a request that waits still has to end for what was processed meanwhile. */
const LEAST_WAIT_MS = 500
/** A member is not heard of while its request waits. */
const WAITS_OF_SESSION = 3

export function decideRound(view: RoundView, settings: ConsumerSettings): Round {
  const { now, memberEpoch, hasRoom, isFetchable, isReleasing } = view
  const commitDue = commitDueAt(view, settings)
  const commit = now >= commitDue
  // A join that comes late must not find its member gone: it does not wait, and nothing interrupts it.
  if (memberEpoch === 0) return { kind: "poll", fetch: hasRoom, commit: false, waitMs: 0 }
  const due = Math.min(view.heartbeatDue, commitDue)
  const mayFetch = hasRoom && isFetchable
  // A request that has to be made can as well fetch.
  if (mayFetch && (isReleasing || now >= Math.min(view.idleUntil, due))) {
    return { kind: "poll", fetch: true, commit, waitMs: longestWait(view, settings) }
  }
  if (isReleasing || now >= due) return { kind: "poll", fetch: false, commit, waitMs: 0 }
  return { kind: "sleep", ms: (mayFetch ? Math.min(view.idleUntil, due) : due) - now }
}

function commitDueAt({ hasUncommitted, lastCommitAt }: RoundView, settings: ConsumerSettings): number {
  const { autoCommit, autoCommitIntervalMs } = settings
  return autoCommit && hasUncommitted ? lastCommitAt + autoCommitIntervalMs : Number.POSITIVE_INFINITY
}

function longestWait(view: RoundView, settings: ConsumerSettings): number {
  // What waits may be broken off, and then nobody knows whether it gave anything up.
  if (view.isReleasing) return 0
  const { fetchMaxWaitMs, sessionTimeoutMs, autoCommit, autoCommitIntervalMs } = settings
  let wait = Math.min(fetchMaxWaitMs, Math.floor(sessionTimeoutMs / WAITS_OF_SESSION))
  if (autoCommit && view.willCommit) wait = Math.min(wait, Math.max(autoCommitIntervalMs, LEAST_WAIT_MS))
  if (view.isRevoking) wait = Math.min(wait, Math.max(view.heartbeatInterval, LEAST_WAIT_MS))
  return wait
}
