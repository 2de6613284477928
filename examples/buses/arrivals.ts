/** What the example writes to the log: arrivals as Transport for London predicts them. */
import type { Stratalog } from "stratalog"
import * as z from "zod"

/**
 * A prediction of TfL's Unified API (`/StopPoint/{id}/Arrivals`): a bus at a stop. Fields that the example does not use
 * are kept as they came.
 */
export const arrivalSchema = z.looseObject({
  /** The same as long as this bus has not been at this stop. */
  id: z.string(),
  /** The number plate. */
  vehicleId: z.string().optional(),
  /** The stop. */
  naptanId: z.string(),
  stationName: z.string(),
  lineId: z.string(),
  lineName: z.string(),
  destinationName: z.string().optional(),
  /** When this was predicted, and for when. TfL gives up to seven decimals of a second. */
  timestamp: z.iso.datetime(),
  expectedArrival: z.iso.datetime(),
  /** Seconds from `timestamp`. */
  timeToStation: z.number(),
})
export type Arrival = z.infer<typeof arrivalSchema>

export const ARRIVALS = "bus-arrivals"
export const NEXT_BUSES = "next-buses"
/** Independent of each other: each of the two groups gets all arrivals. */
export const BOARD_GROUP = "bus-board"
export const NEXT_GROUP = "next-buses"

/** The key is the line. */
export function busArrivals(log: Stratalog) {
  return log.topic(ARRIVALS, { value: arrivalSchema })
}

/** The next bus of each line at each stop. */
export function nextBuses(log: Stratalog) {
  return log.topic(NEXT_BUSES, { key: z.string(), value: arrivalSchema })
}

/** The key in `next-buses`. */
export function placeOf({ naptanId, lineId }: Arrival): string {
  return `${naptanId}/${lineId}`
}

/** Safe to repeat. */
export async function createTopics(log: Stratalog): Promise<void> {
  const anHour = { "retention.ms": 60 * 60 * 1000 }
  await log.topics.create(ARRIVALS, { partitions: 4, config: anHour })
  // Compacted: of each key the log keeps the last value.
  await log.topics.create(NEXT_BUSES, { partitions: 4, config: { "cleanup.policy": "compact" } })
}
