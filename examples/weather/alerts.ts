/** The group that warns: publishes an alert for each reading that is too hot or too cold. */
import type { Stratalog } from "stratalog"
import { ALERT_GROUP, type Alert, READINGS, type Reading, readingSchema, weatherAlerts } from "./readings.ts"

/** Degrees Celsius; a reading exactly at a limit is still fine. */
export interface Thresholds {
  readonly high: number
  readonly low: number
}

export function alertOf(reading: Reading, { high, low }: Thresholds): Alert | undefined {
  if (reading.celsius > high) return { ...reading, kind: "hot" }
  if (reading.celsius < low) return { ...reading, kind: "cold" }
  return undefined
}

export interface AlertOptions {
  readonly thresholds: Thresholds
  readonly signal: AbortSignal
  readonly onAlert: (alert: Alert) => void
}

/** Runs until `signal` aborts. Each reading is looked at at least once: a crash may repeat an alert, never lose one. */
export async function watchForAlerts(log: Stratalog, { thresholds, signal, onAlert }: AlertOptions): Promise<void> {
  await using alerts = weatherAlerts(log).producer()
  await using consumer = log.consumer({
    group: ALERT_GROUP,
    topics: [READINGS],
    value: readingSchema,
    autoCommitIntervalMs: 500,
    signal,
  })
  for await (const { key, value: reading, timestamp } of consumer) {
    const alert = alertOf(reading, thresholds)
    if (alert === undefined) continue
    // Awaited: the reading counts as processed only when its alert is durable.
    await alerts.send({ key, value: alert, timestamp })
    onAlert(alert)
  }
}
