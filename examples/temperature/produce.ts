/** Publishes readings, each with its sensor as key: the readings of a sensor stay in order, in one partition. */
import type { Stratalog } from "stratalog"
import { type Reading, temperatures } from "./readings.ts"

/**
 * The time of the newest reading of each sensor that is in the log. A replay goes on behind it: because a sensor's
 * readings are appended in order, nothing is missing before it.
 */
export async function newestTimes(log: Stratalog): Promise<ReadonlyMap<string, string>> {
  const newest = new Map<string, string>()
  for await (const { value } of temperatures(log).read()) newest.set(value.sensor, value.time)
  return newest
}

/** True for a reading that is not in the log yet. */
export function isNew(reading: Reading, newest: ReadonlyMap<string, string>): boolean {
  const last = newest.get(reading.sensor)
  return last === undefined || reading.time > last
}

/** Resolves once all readings of the source are durable. Rejects with the first that could not be delivered. */
export async function produce(
  log: Stratalog,
  readings: AsyncIterable<Reading>,
  onDelivered: () => void = () => {},
): Promise<void> {
  await using producer = temperatures(log).producer({ lingerMs: 20 })
  const failing = new AbortController()
  for await (const reading of readings) {
    failing.signal.throwIfAborted()
    // Not awaited: what is sent in a short while travels in one batch. The producer is idempotent, so its retries
    // make no duplicates.
    producer
      .send({ key: reading.sensor, value: reading, timestamp: Date.parse(reading.time) })
      .then(onDelivered, (error: unknown) => failing.abort(error))
  }
  await producer.flush()
  failing.signal.throwIfAborted()
}
