/** Callers that were not let in, for the operator: so few lines that whoever guesses fills no disk. */
import type { RefusedCaller } from "../../http/access/key-gate.ts"
import type { Report } from "../../http/logs/log-line.ts"

const MAX_LINES = 20
const PER_MS = 60_000

interface Told {
  since: number
  lines: number
  unreported: number
}

/**
 * `now`: milliseconds of a clock that nobody sets. What a line leaves out, a later one of the same event counts
 * (`unreported`): guessed keys hide no issuer that is away.
 */
export function refusedCallers(
  report: Report,
  now: () => number = () => performance.now(),
): (refused: RefusedCaller) => void {
  const byEvent = new Map<RefusedCaller["event"], Told>()
  return (refused) => {
    const told = byEvent.get(refused.event) ?? { since: Number.NEGATIVE_INFINITY, lines: 0, unreported: 0 }
    byEvent.set(refused.event, told)
    if (now() - told.since >= PER_MS) {
      told.since = now()
      told.lines = 0
    }
    if (told.lines === MAX_LINES) {
      told.unreported += 1
      return
    }
    told.lines += 1
    report({ level: "warn", ...refused, ...(told.unreported > 0 && { unreported: told.unreported }) })
    told.unreported = 0
  }
}
