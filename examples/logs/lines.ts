/** What the example writes to the log: lines of services, with a level each. */
import type { Stratalog } from "stratalog"
import * as z from "zod"

/** From the least to the most severe. */
export const LEVELS = ["DEBUG", "INFO", "ERROR"] as const
export type Level = (typeof LEVELS)[number]

export const lineSchema = z.object({
  service: z.string().min(1),
  level: z.enum(LEVELS),
  message: z.string(),
})
export type Line = z.infer<typeof lineSchema>

export const TOPIC = "log-lines"
export const GROUP = "log-tail"

export function logLines(log: Stratalog) {
  return log.topic(TOPIC, { value: lineSchema })
}

/** Safe to repeat. Lines are kept for a day: `retention.ms` is Kafka's. */
export async function createTopic(log: Stratalog): Promise<void> {
  await log.topics.create(TOPIC, { partitions: 4, config: { "retention.ms": 24 * 60 * 60 * 1000 } })
}
