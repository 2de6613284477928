/** Publishes readings, each with its sensor as key: the readings of a sensor stay in order, in one partition. */
import type { Stratalog } from "stratalog"
import { sendAll } from "../program/send-all.ts"
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
  onDelivered?: () => void,
): Promise<void> {
  await using producer = temperatures(log).producer({ lingerMs: 20 })
  await sendAll(producer, recordsOf(readings), onDelivered)
}

/** The time of a reading is the time of its record. */
async function* recordsOf(readings: AsyncIterable<Reading>) {
  for await (const reading of readings) {
    yield { key: reading.sensor, value: reading, timestamp: Date.parse(reading.time) }
  }
}
