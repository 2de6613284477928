/** The group that prints: a line for each arrival, as the board at a stop has it. */
import type { Stratalog } from "stratalog"
import { ARRIVALS, type Arrival, arrivalSchema, BOARD_GROUP } from "./arrivals.ts"

export interface BoardOptions {
  readonly signal: AbortSignal
  readonly print: (line: string) => void
}

/** Runs until `signal` aborts. Boards that run at the same time share the lines. */
export async function printArrivals(log: Stratalog, { signal, print }: BoardOptions): Promise<void> {
  await using consumer = log.consumer({
    group: BOARD_GROUP,
    topics: [ARRIVALS],
    value: arrivalSchema,
    autoCommitIntervalMs: 500,
    signal,
  })
  for await (const { value: arrival } of consumer) print(boardLine(arrival))
}

/** Such as `12:31:48   243 to Waterloo            Haggerston Station / Downham Road   5 min`. */
export function boardLine({ timestamp, timeToStation, lineName, destinationName, stationName }: Arrival): string {
  const minutes = Math.floor(timeToStation / 60)
  const due = minutes < 1 ? "due" : `${minutes} min`
  const bus = `${lineName.padStart(4)} to ${destinationName ?? "?"}`
  return `${timestamp.slice(11, 19)}  ${bus.padEnd(26)}  ${stationName.padEnd(34)} ${due.padStart(6)}`
}
