/** The group that knows which bus comes next: keeps it, by stop and line, in a compacted topic. */
import type { Stratalog } from "stratalog"
import { latestByKey } from "../program/latest-by-key.ts"
import { ARRIVALS, type Arrival, arrivalSchema, NEXT_GROUP, nextBuses, placeOf } from "./arrivals.ts"

/**
 * The next bus after a prediction came in. Another bus takes the place of the one that is known if it comes earlier, or
 * if that one has been at the stop when this was predicted. A newer prediction takes the place of an older for the same bus.
 */
export function nextAfter(known: Arrival | undefined, arrival: Arrival): Arrival {
  if (known === undefined || known.id === arrival.id) return arrival
  const gone = timeOf(known.expectedArrival) < timeOf(arrival.timestamp)
  return gone || timeOf(arrival.expectedArrival) < timeOf(known.expectedArrival) ? arrival : known
}

function timeOf(iso: string): number {
  return Date.parse(iso)
}

/**
 * Runs until `signal` aborts. Each line lies in one partition, so that one member of the group sees all its buses. What
 * it remembers of a line that was another member's for a while is old: buses that are gone by the next prediction.
 */
export async function keepNextBuses(log: Stratalog, signal: AbortSignal): Promise<void> {
  const next = await latestByKey(nextBuses(log))
  await using producer = nextBuses(log).producer()
  await using consumer = log.consumer({
    group: NEXT_GROUP,
    topics: [ARRIVALS],
    value: arrivalSchema,
    autoCommitIntervalMs: 500,
    signal,
  })
  for await (const { records } of consumer.batches()) {
    const changed = new Map<string, Arrival>()
    for (const { value: arrival } of records) {
      const place = placeOf(arrival)
      const known = next.get(place)
      const now = nextAfter(known, arrival)
      if (now === known) continue
      next.set(place, now)
      changed.set(place, now)
    }
    // One record for each place that changed, however often it did. The batch counts as processed once all are durable.
    await Promise.all([...changed].map(([key, value]) => producer.send({ key, value })))
  }
}

/** The next bus at each stop, of whatever line, by the name of the stop. */
export function nextByStop(next: ReadonlyMap<string, Arrival>): readonly Arrival[] {
  const byStop = new Map<string, Arrival>()
  for (const arrival of next.values()) {
    const known = byStop.get(arrival.naptanId)
    if (known === undefined || timeOf(arrival.expectedArrival) < timeOf(known.expectedArrival)) {
      byStop.set(arrival.naptanId, arrival)
    }
  }
  return [...byStop.values()].sort((a, b) => a.stationName.localeCompare(b.stationName))
}
