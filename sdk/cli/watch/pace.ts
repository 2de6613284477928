/** How fast a group reads, and what comes of it. Pure. */
import { perSecond, secondsOf, sumKnown } from "./history.ts"
import type { ProgressSample } from "./seen.ts"

/** Null: not known. */
export interface Pace {
  /** Records that are still to be read, of partitions with a committed offset. */
  readonly lag: number | null
  readonly producedPerSecond: number | null
  readonly consumedPerSecond: number | null
  /** Negative where the lag gets smaller. */
  readonly lagPerSecond: number | null
  /** The time that the rates are from; 0: there are none. */
  readonly overSeconds: number
}

export type Outlook = "caught_up" | "catching_up" | "keeping_pace" | "falling_behind" | "stalled"

/** Consumers commit every few seconds. Less time does not tell whether one reads at all, and what is read within more is no backlog. */
const TELLING_SECONDS = 5
const AT_HAND_SECONDS = 10
/** A lag that changes by less than this part of what is read stays as it is. */
const STEADY = 0.02

export function paceOf(history: readonly ProgressSample[]): Pace {
  const last = history.at(-1)
  const isCommitted = last !== undefined && last.committed !== null
  return {
    lag: last?.lag ?? null,
    producedPerSecond: perSecond(history, ({ end }) => end),
    consumedPerSecond: isCommitted ? perSecond(history, ({ committed }) => committed ?? 0) : null,
    lagPerSecond: isCommitted ? perSecond(history, ({ lag }) => lag ?? 0) : null,
    overSeconds: secondsOf(history),
  }
}

export function paceOfAll(paces: readonly Pace[]): Pace {
  return {
    lag: sumKnown(paces.map(({ lag }) => lag)),
    producedPerSecond: sumKnown(paces.map(({ producedPerSecond }) => producedPerSecond)),
    consumedPerSecond: sumKnown(paces.map(({ consumedPerSecond }) => consumedPerSecond)),
    lagPerSecond: sumKnown(paces.map(({ lagPerSecond }) => lagPerSecond)),
    overSeconds: paces.reduce((longest, { overSeconds }) => Math.max(longest, overSeconds), 0),
  }
}

/** Null: what was seen does not tell. */
export function outlookOf({ lag, consumedPerSecond, lagPerSecond, overSeconds }: Pace): Outlook | null {
  if (lag === 0) return "caught_up"
  if (lag === null || consumedPerSecond === null || lagPerSecond === null) return null
  if (overSeconds < TELLING_SECONDS) return null
  // Retention also makes a lag smaller: nobody has to read for that.
  if (consumedPerSecond <= 0 && lagPerSecond >= 0) return "stalled"
  if (lag <= consumedPerSecond * AT_HAND_SECONDS) return "keeping_pace"
  if (Math.abs(lagPerSecond) <= consumedPerSecond * STEADY) return "keeping_pace"
  return lagPerSecond < 0 ? "catching_up" : "falling_behind"
}

/** Null where it does not get there as things are. */
export function secondsToCatchUp(pace: Pace): number | null {
  const { lag, lagPerSecond } = pace
  if (outlookOf(pace) !== "catching_up" || lag === null || lagPerSecond === null) return null
  return Math.ceil(lag / -lagPerSecond)
}
