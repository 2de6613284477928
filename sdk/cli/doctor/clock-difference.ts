/** One answer's `Date` header and when it was asked for, epoch milliseconds. */
export interface DatedAnswer {
  readonly date: string
  readonly sentAt: number
  readonly receivedAt: number
}

const SECOND_MS = 1000

/**
 * By how much the server's clock is ahead of this one at least, milliseconds; negative: behind; 0: they may agree. The
 * header has whole seconds, and the way takes its time, so a difference below that cannot be seen. Undefined: no date.
 */
export function clockDifference({ date, sentAt, receivedAt }: DatedAnswer): number | undefined {
  const earliest = Date.parse(date)
  if (Number.isNaN(earliest)) return undefined
  if (earliest > receivedAt) return earliest - receivedAt
  const latest = earliest + SECOND_MS
  return latest < sentAt ? latest - sentAt : 0
}
