/** Calls a handler until it succeeds, its attempts are used up or its records are not this member's any more. */
import type { RetryPolicy } from "../retry-policy.ts"
import { retryPause } from "../retry-policy.ts"
import type { RecordContext } from "./consumer.ts"
import type { Hand } from "./partition.ts"
import type { GroupSession } from "./session.ts"

export type AttemptsOutcome =
  | { readonly kind: "processed" }
  /** Not this member's to process any more, or not now: they are read again by whose they are. */
  | { readonly kind: "dropped" }
  | { readonly kind: "failed"; readonly error: unknown; readonly attempts: number }

export async function attempt(
  session: GroupSession,
  retry: RetryPolicy,
  hand: Hand,
  handle: (context: RecordContext) => void | Promise<void>,
): Promise<AttemptsOutcome> {
  const { owner } = hand
  for (let count = 1; ; count++) {
    while (!session.isSurelyMember && isWanted(session, hand)) await session.nextAnswer()
    if (!isWanted(session, hand)) return { kind: "dropped" }
    try {
      await handle({ signal: owner.signal, attempt: count, pause: () => pauseOf(session, hand) })
      return { kind: "processed" }
    } catch (error) {
      // Perhaps because its signal aborted: whoever has the record next tries it.
      if (!isWanted(session, hand)) return { kind: "dropped" }
      if (count >= retry.attempts) return { kind: "failed", error, attempts: count }
      await pause(session, retry, hand, count)
    }
  }
}

function isWanted(session: GroupSession, hand: Hand): boolean {
  return !session.isClosing && hand.owner.isCurrent(hand)
}

function pauseOf(session: GroupSession, { owner }: Hand): () => void {
  owner.pause()
  return () => {
    owner.paused = false
    session.arrival.wake()
    session.speakUp()
  }
}

async function pause(
  { clock, closing }: GroupSession,
  retry: RetryPolicy,
  { owner }: Hand,
  count: number,
): Promise<void> {
  const over = AbortSignal.any([closing, owner.ending])
  await clock.sleep(retryPause(count, retry, clock.random()), over).catch(() => undefined)
}
