/**
 * Who rolls a tail that many fill. Were it whoever finds it full, all of them would: each with a page and a commit of its
 * own, of which one takes effect and every one is paid. So it is the one whose entry filled it, and it knows that alone.
 */
import { dynamoDbPlacementLimits } from "stratalog/cost"
import type { IndexSizes } from "../dependencies.ts"
import type { Entry, Head } from "../ports.ts"
import { rollIsDue } from "../roll/decide.ts"

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
