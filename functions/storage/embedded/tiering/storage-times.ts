import type { Clock } from "../../../log/ports.ts"
import type { JournalPartition } from "../journal/index.ts"
import { tieredToOf } from "./tiered.ts"

interface Mark {
  /** What lies below was there at this time, epoch milliseconds. */
  readonly offset: number
  readonly at: number
}

interface Marks {
  /** For what waits longest to leave the journal, and for all that has come since. */
  oldest: Mark
  newest: Mark
}

/**
 * The journal does not note when a batch came. What upkeep finds in a partition has come before: two marks tell that of the
 * oldest part and of the rest, counted from the first upkeep after a start.
 */
export class StorageTimes {
  readonly #clock: Clock
  readonly #marks = new WeakMap<JournalPartition, Marks>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Notes what is there now. */
  note(partition: JournalPartition): void {
    const { nextOffset } = partition.committed
    const newest = { offset: nextOffset, at: this.#clock.now() }
    const marks = this.#marks.get(partition) ?? { oldest: newest, newest }
    const hasLeft = marks.oldest.offset <= tieredToOf(partition)
    if (nextOffset > marks.newest.offset) marks.newest = newest
    if (hasLeft) marks.oldest = marks.newest
    this.#marks.set(partition, marks)
  }

  /** A time, epoch milliseconds, at which all below `endOffset` was there. */
  of(partition: JournalPartition, endOffset: number): number {
    const marks = this.#marks.get(partition)
    if (marks !== undefined && endOffset <= marks.oldest.offset) return marks.oldest.at
    if (marks !== undefined && endOffset <= marks.newest.offset) return marks.newest.at
    return this.#clock.now()
  }
}
