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

/** Where the part of the log that only the journal holds begins. */
export function tieredToOf(journalStart: number, tiered: Tiered | undefined): number {
  return Math.max(journalStart, tiered?.tieredTo ?? 0)
}
