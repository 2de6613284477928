import { setTimeout as delay } from "node:timers/promises"

const FIRST_MS = 25
const LONGEST_MS = 1_000

/** What DynamoDB left undone is throttled, and asked for again so often. */
export const BACK_OFF_ATTEMPTS = 8

/** Waits before attempt `attempt` (from 1) is repeated: a random part of a span that doubles, so that callers spread out. */
export function backOff(attempt: number): Promise<void> {
  return delay(Math.random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt))
}
