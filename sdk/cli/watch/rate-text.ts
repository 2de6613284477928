/** So much a second, for people and for programs. Pure. */
import type { Quantities } from "../format/quantities.ts"

export interface RateStyle {
  readonly show: Quantities
  /** Arrows and rounded rates; otherwise signs and exact ones. */
  readonly isTerminal: boolean
}

/** Above this a fraction says nothing. */
const WHOLE_FROM = 10

export function rateText(rate: number | null, { show, isTerminal }: RateStyle): string {
  if (rate === null) return "-"
  if (!isTerminal) return String(roundedRate(rate))
  const digits = rate >= WHOLE_FROM || Number.isInteger(rate) ? 0 : 1
  return digits === 0 ? show.count(Math.round(rate)) : rate.toFixed(digits)
}

/** `↑12`, `↓3.5`; in a pipe `+12` and `-3.5`. */
export function trendText(perSecond: number | null, style: RateStyle): string {
  if (perSecond === null || perSecond === 0) return rateText(perSecond, style)
  const [up, down] = style.isTerminal ? ["↑", "↓"] : ["+", "-"]
  return `${perSecond > 0 ? up : down}${rateText(Math.abs(perSecond), style)}`
}

/** To the thousandth. */
export function roundedRate(rate: number): number {
  return Math.round(rate * 1000) / 1000
}
