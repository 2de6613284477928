/** Keys that were refused, for the operator: so few lines that whoever guesses fills no disk. */
import type { RefusedKey } from "../../http/access/key-gate.ts"
import type { Report } from "../../http/logs/log-line.ts"

const MAX_LINES = 20
const PER_MS = 60_000

/** `now`: milliseconds of a clock that nobody sets. What a line leaves out, a later one counts (`unreported`). */
export function refusedKeys(report: Report, now: () => number = () => performance.now()): (key: RefusedKey) => void {
  let since = Number.NEGATIVE_INFINITY
  let lines = 0
  let unreported = 0
  return ({ id, reason, requestId }) => {
    if (now() - since >= PER_MS) {
      since = now()
      lines = 0
    }
    if (lines === MAX_LINES) {
      unreported += 1
      return
    }
    lines += 1
    report({ level: "warn", event: "key_refused", key: id, reason, requestId, ...(unreported > 0 && { unreported }) })
    unreported = 0
  }
}
