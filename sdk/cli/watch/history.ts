/** What was seen of one thing at several moments, oldest first, as far back as rates are made from. Pure. */

export interface Sample {
  /** Milliseconds of a clock that never goes back. */
  readonly at: number
}

/** Consumers commit every few seconds: a rate over less would jump between nothing and too much. */
const WINDOW_MS = 10_000
const MOST_SAMPLES = 6

/** `goesOn`: whether the counters of one sample lead to those of the next; where not, the history begins anew. */
export function extended<S extends Sample>(
  history: readonly S[],
  sample: S,
  goesOn: (before: S, after: S) => boolean,
): readonly S[] {
  const last = history.at(-1)
  if (last === undefined || sample.at <= last.at || !goesOn(last, sample)) return [sample]
  const young = history.slice(1 - MOST_SAMPLES).filter(({ at }) => at >= sample.at - WINDOW_MS)
  return [...(young.length === 0 ? [last] : young), sample]
}

/** By how much a value grew a second, from the first sample to the last; null: one look tells no rate. */
export function perSecond<S extends Sample>(history: readonly S[], pick: (sample: S) => number): number | null {
  const [first, last] = [history[0], history.at(-1)]
  if (first === undefined || last === undefined || last.at <= first.at) return null
  return ((pick(last) - pick(first)) * 1000) / (last.at - first.at)
}

/** The time from the first sample to the last, seconds. */
export function secondsOf(history: readonly Sample[]): number {
  const [first, last] = [history[0], history.at(-1)]
  return first === undefined || last === undefined ? 0 : (last.at - first.at) / 1000
}

/** The sum of those that are known; null where none is. */
export function sumKnown(values: readonly (number | null)[]): number | null {
  return values.reduce((sum, value) => (value === null ? sum : (sum ?? 0) + value), null)
}
