/** How much of the recent part becomes a segment now. */
import type { Stretch } from "../ports.ts"

export interface TierRules {
  /** What a segment is to have. */
  readonly targetBytes: number
  /** Nothing that was stored after this moves, epoch milliseconds. */
  readonly storedBefore: number
  /** What was stored before this moves, however little it is, epoch milliseconds. */
  readonly overdueBefore: number
}

export type TierDecision =
  | { readonly kind: "take"; readonly endOffset: number }
  | { readonly kind: "wait" }
  /** The stretches that are known do not make a segment, but there are more of them. */
  | { readonly kind: "look_further" }

/**
 * Whole stretches from the oldest on: as many as fit a segment once those that may move fill one, or all of them when the
 * oldest is overdue. `stretches` ascend; `more`: there are others behind them.
 */
export function decideTier(stretches: readonly Stretch[], more: boolean, rules: TierRules): TierDecision {
  let bytes = 0
  let endOffset: number | undefined
  for (const stretch of stretches) {
    if (stretch.storedAt > rules.storedBefore) return takeIfOverdue(stretches, endOffset, rules)
    if (endOffset !== undefined && bytes + stretch.bytes > rules.targetBytes) return { kind: "take", endOffset }
    bytes += stretch.bytes
    endOffset = stretch.endOffset
    if (bytes >= rules.targetBytes) return { kind: "take", endOffset }
  }
  return more ? { kind: "look_further" } : takeIfOverdue(stretches, endOffset, rules)
}

function takeIfOverdue(
  stretches: readonly Stretch[],
  endOffset: number | undefined,
  { overdueBefore }: TierRules,
): TierDecision {
  const oldest = stretches[0]
  const overdue = oldest !== undefined && oldest.storedAt <= overdueBefore
  return overdue && endOffset !== undefined ? { kind: "take", endOffset } : { kind: "wait" }
}

/**
 * Whether it is worth looking at all stretches, which may be megabytes of an index: not while the oldest is neither old
 * enough nor, by what its records take, one of so many that half a segment waits. `records`: all that wait.
 */
export function isWorthLooking(oldest: Stretch, records: number, rules: TierRules): boolean {
  if (oldest.storedAt > rules.storedBefore) return false
  if (oldest.storedAt <= rules.overdueBefore) return true
  return estimate(oldest, records) * 2 >= rules.targetBytes
}

function estimate(oldest: Stretch, records: number): number {
  return (oldest.bytes / (oldest.endOffset - oldest.baseOffset)) * records
}

export interface Waiting {
  /** Of the records that lie in no segment yet, about. */
  readonly bytes: number
  /** When the oldest were stored, epoch milliseconds, if they are to lie in a segment by now. */
  readonly overdueSince?: number
}

/** `oldest`: absent where nothing is in stretches yet. What is to stay in the recent part does not wait. */
export function waitingOf(
  oldest: Stretch | undefined,
  { tieredTo, leavesTo }: { readonly tieredTo: number; readonly leavesTo: number },
  { overdueBefore }: TierRules,
): Waiting {
  if (oldest === undefined || oldest.endOffset > leavesTo) return { bytes: 0 }
  const bytes = Math.round(estimate(oldest, leavesTo - tieredTo))
  return oldest.storedAt <= overdueBefore ? { bytes, overdueSince: oldest.storedAt } : { bytes }
}

/** The end of the whole stretches that lie below the log start; undefined where there is none. */
export function endOfExpired(stretches: readonly Stretch[], logStartOffset: number): number | undefined {
  return stretches.findLast(({ endOffset }) => endOffset <= logStartOffset)?.endOffset
}
