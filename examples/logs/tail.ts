/** A tail that filters: shows the lines that matter and counts all of them. */
import type { Stratalog } from "stratalog"
import { Counts, type Filter, passes } from "./filter.ts"
import { GROUP, lineSchema, TOPIC } from "./lines.ts"

export interface TailOptions {
  readonly filter: Filter
  /** Where the group begins when it has never committed anything. */
  readonly from: "earliest" | "latest"
  readonly signal: AbortSignal
  readonly print: (text: string) => void
}

/**
 * Runs until `signal` aborts; the next tail goes on behind the last line that this one counted. Tails that run at the
 * same time share the partitions.
 */
export async function tail(log: Stratalog, { filter, from, signal, print }: TailOptions): Promise<Counts> {
  const counts = new Counts()
  await using consumer = log.consumer({
    group: GROUP,
    topics: [TOPIC],
    value: lineSchema,
    from,
    autoCommitIntervalMs: 500,
    signal,
  })
  for await (const { timestamp, value: line } of consumer) {
    const shown = passes(line, filter)
    counts.add(line, shown)
    if (shown) print(`${new Date(timestamp).toISOString()} ${line.level.padEnd(5)} ${line.service}: ${line.message}`)
  }
  return counts
}
