/** What the example writes to the log: readings of cities, and alerts. */
import type { Stratalog } from "stratalog"
import * as z from "zod"

/** `time` is an ISO date for a recorded day's maximum, an ISO date and time for a live reading. */
export const readingSchema = z.object({
  city: z.string().min(1),
  celsius: z.number(),
  time: z.union([z.iso.date(), z.iso.datetime()]),
})
export type Reading = z.infer<typeof readingSchema>

export const alertSchema = readingSchema.extend({ kind: z.enum(["hot", "cold"]) })
export type Alert = z.infer<typeof alertSchema>

export const READINGS = "weather-readings"
export const ALERTS = "weather-alerts"
/** Independent of each other: each of the two groups gets all readings. */
export const ALERT_GROUP = "weather-alerts"
export const DASHBOARD_GROUP = "weather-dashboard"

export function weather(log: Stratalog) {
  return log.topic(READINGS, { value: readingSchema })
}

export function weatherAlerts(log: Stratalog) {
  return log.topic(ALERTS, { value: alertSchema })
}

/** Safe to repeat. */
export async function createTopics(log: Stratalog): Promise<void> {
  // Records carry the time of their reading, so those of 2012 are old from the start: nothing may expire.
  const settings = { partitions: 4, config: { "retention.ms": -1 } }
  await log.topics.create(READINGS, settings)
  await log.topics.create(ALERTS, settings)
}
