/** Tells an operator what becomes of the journal's disk. */
import { type Report, saidOf } from "../http/logs/log-line.ts"
import type { JournalEvent } from "../storage/embedded/journal/index.ts"

/**
 * A line for each failure. Of groups that are refused one after another a line for the first, and one when writing succeeds
 * again: a full disk refuses thousands a second.
 */
export function journalReports(report: Report): (event: JournalEvent) => void {
  let isRefusing = false
  return (event) => {
    if (event.kind === "failure") {
      const { during, error } = event
      report({ level: "error", event: "journal_failed", during, error: saidOf(error) })
    }
    if (event.kind === "refused" && event.failure.reason !== "closing") {
      const { reason, detail } = event.failure
      if (!isRefusing) report({ level: "error", event: "appends_refused", reason, detail })
      isRefusing = true
    }
    if (event.kind === "flush" && isRefusing) {
      isRefusing = false
      report({ level: "info", event: "appends_succeed_again" })
    }
  }
}
