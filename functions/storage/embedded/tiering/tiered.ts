/** What a partition has outside the journal. */
export interface Tiered {
  /** Everything below lies in segments. */
  readonly tieredTo: number
  /** The first offset that can be read, at or below `tieredTo`. */
  readonly logStartOffset: number
}

/**
 * Where a partition begins for its readers. The journal's own start is at `tieredTo`, or on its way there; once it is
 * past that, records were deleted up to it, those in segments among them.
 */
export function logStartOf(journalStart: number, tiered: Tiered | undefined): number {
  return tiered === undefined || tiered.tieredTo < journalStart ? journalStart : tiered.logStartOffset
}

/** The part of a partition that the journal holds. */
interface InJournal {
  readonly committed: { readonly logStartOffset: number }
  readonly index: { readonly length: number; at(ordinal: number): { readonly baseOffset: number } }
  readonly tiered: Tiered | undefined
}

/** Where the part of the log that only the journal holds begins: with a whole batch, which the log start may fall into. */
export function tieredToOf({ committed, index, tiered }: InJournal): number {
  const { logStartOffset } = committed
  if (tiered !== undefined && tiered.tieredTo >= logStartOffset) return tiered.tieredTo
  return index.length === 0 ? logStartOffset : Math.min(logStartOffset, index.at(0).baseOffset)
}
