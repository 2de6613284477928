/**
 * Who rolls a tail that many fill. Were it whoever finds it full, all of them would: each with a page and a commit of its
 * own, of which one takes effect and every one is paid. So it is the one whose entry filled it, and it knows that alone.
 */
import { dynamoDbPlacementLimits } from "stratalog/cost"
import type { IndexSizes } from "../dependencies.ts"
import type { Entry, Head } from "../ports.ts"
import { rollIsDue } from "../roll/decide.ts"

/**
 * What an append may do about the tail itself. `when_due`: nobody else appends, so that the roll can be one stroke with it.
 * `when_full`: a head that has just refused it shows that whoever was to roll did not. `never`: it appends blindly.
 */
export type RollsItself = "when_due" | "when_full" | "never"

export function whoRolls(state: {
  readonly tail: readonly Entry[]
  /** What this process has in the tail, by id. */
  readonly own: ReadonlySet<string>
  /** A roll of this process is under way. */
  readonly rolling: boolean
  /** Attempts before this one; each was refused, or failed. */
  readonly tries: number
}): RollsItself {
  // Every second attempt goes without: whoever loses a roll again and again would append nothing.
  if (state.rolling || state.tries % 2 === 1) return "never"
  if (state.tail.every(({ id }) => state.own.has(id))) return "when_due"
  return state.tries > 0 ? "when_full" : "never"
}

/** Whether this entry, just committed, made a roll due, in a tail that has entries of other processes. */
export function crossesForOthers(sizes: IndexSizes, head: Head, entry: Entry, own: ReadonlySet<string>): boolean {
  if (head.tail.every(({ id }) => own.has(id))) return false
  const entryBytes = sizes.entry(entry)
  const headBytes = sizes.head(head)
  const due = (bytes: number, tailEntries: number) =>
    rollIsDue({
      headBytes: bytes,
      entryBytes,
      tailEntries,
      minTailEntries: dynamoDbPlacementLimits.minTailEntries.cost,
    })
  return due(headBytes, head.tail.length) && !due(headBytes - entryBytes, head.tail.length - 1)
}
