/** What the example writes to the log: two topics and the shapes of their values. */
import type { ConsumerRecord, Stratalog } from "stratalog"
import * as z from "zod"

/** One temperature. `time` is an ISO date for a day's extreme, an ISO date and time for a live reading. */
export const readingSchema = z.object({
  sensor: z.string().min(1),
  celsius: z.number(),
  time: z.union([z.iso.date(), z.iso.datetime()]),
})

/** A reading beyond a limit. Where a consumer crashed an alert may come twice: partition and offset tell it. */
export const alertSchema = readingSchema.extend({
  kind: z.enum(["high", "low"]),
  limit: z.number(),
  /** Where the reading lies. */
  partition: z.int(),
  offset: z.int(),
})

export type Reading = z.infer<typeof readingSchema>
export type Alert = z.infer<typeof alertSchema>
export type ReadingRecord = ConsumerRecord<string | null, Reading>

/** The consumer group: who goes on where it stopped. */
export const GROUP = "temperature-watch"

const PARTITIONS = 4

export function temperatures(log: Stratalog) {
  return log.topic("temperatures", { value: readingSchema })
}

export function temperatureAlerts(log: Stratalog) {
  return log.topic("temperature-alerts", { value: alertSchema })
}

/** Safe to repeat: a topic that is there already stays as it is. */
export async function createTopics(log: Stratalog): Promise<void> {
  // Records carry the time of their reading, so those of 2012 are old from the start: nothing may expire.
  const settings = { partitions: PARTITIONS, config: { "retention.ms": -1 } }
  await log.topics.create(temperatures(log).name, settings)
  await log.topics.create(temperatureAlerts(log).name, settings)
}
