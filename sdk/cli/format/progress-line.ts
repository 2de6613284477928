/** How far long work is, on one line. */
import type { Quantities } from "./quantities.ts"
import { timeLeft } from "./time-left.ts"

export interface ProgressState {
  readonly done: number
  /** Undefined where nobody knows. */
  readonly total: number | undefined
  readonly elapsedMs: number
  readonly unit: "records" | "bytes"
}

const BAR_COLUMNS = 24

/** `[████████                ]  33%  1,000 of 3,000 records  500/s  4 s left`, cut to the width of the terminal. */
export function progressLine(state: ProgressState, show: Quantities, columns: number): string {
  const { done, total, elapsedMs, unit } = state
  const perSecond = elapsedMs <= 0 ? 0 : (done * 1000) / elapsedMs
  const amount = (value: number) => (unit === "bytes" ? show.bytes(value) : show.count(Math.round(value)))
  const known = total !== undefined && total > 0
  const share = known ? Math.min(1, done / total) : 0
  const parts = [
    ...(known ? [bar(share), `${String(Math.floor(share * 100)).padStart(3)}%`] : []),
    `${amount(done)}${known ? ` of ${amount(total)}` : ""}${unit === "records" ? " records" : ""}`,
    `${amount(perSecond)}/s`,
    ...(known && perSecond > 0 && done < total ? [`${timeLeft((total - done) / perSecond)} left`] : []),
  ]
  return parts.join("  ").slice(0, Math.max(0, columns - 1))
}

function bar(share: number): string {
  const filled = Math.round(share * BAR_COLUMNS)
  return `[${"█".repeat(filled)}${" ".repeat(BAR_COLUMNS - filled)}]`
}
