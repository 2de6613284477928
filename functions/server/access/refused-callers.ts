/** Callers that were not let in, for the operator: so few lines that whoever guesses fills no disk. */
import type { RefusedCaller } from "../../http/access/key-gate.ts"
import { fewLines } from "../../http/logs/few-lines.ts"
import type { Report } from "../../http/logs/log-line.ts"

const BOUND = { most: 20, perMs: 60_000 }

/**
 * `now`: milliseconds of a clock that nobody sets. What a line leaves out, a later one of the same event counts
 * (`unreported`): guessed keys hide no issuer that is away.
 */
export function refusedCallers(
  report: Report,
  now: () => number = () => performance.now(),
): (refused: RefusedCaller) => void {
  const byEvent = new Map<RefusedCaller["event"], ReturnType<typeof fewLines>>()
  return (refused) => {
    const told = byEvent.get(refused.event) ?? fewLines(BOUND)
    byEvent.set(refused.event, told)
    const unreported = told(now())
    if (unreported === undefined) return
    report({ level: "warn", ...refused, ...(unreported > 0 && { unreported }) })
  }
}
