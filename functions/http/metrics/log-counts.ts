/** What went into the log and came out of it, by the outcomes of its calls. */
import type { AppendEntry, AppendOutcome, ReadOutcome } from "../../log/ports.ts"

/** Hears what becomes durable, and what is read. */
export interface LogCounts {
  appended(records: number, bytes: number): void
  read(records: number, bytes: number): void
}

export function countAppended(
  entries: readonly AppendEntry[],
  outcomes: readonly AppendOutcome[],
  counts: Pick<LogCounts, "appended">,
): void {
  for (let index = 0; index < outcomes.length; index++) {
    const entry = entries[index]
    if (entry !== undefined && outcomes[index]?.kind === "appended")
      counts.appended(entry.recordCount, entry.batch.length)
  }
}

export function countRead(outcome: ReadOutcome, counts: Pick<LogCounts, "read">): ReadOutcome {
  if (outcome.kind === "batches")
    for (const { recordCount, bytes } of outcome.batches) counts.read(recordCount, bytes.length)
  return outcome
}
