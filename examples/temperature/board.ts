/** What the picture shows, gathered reading by reading. */
import type { Alert, ReadingRecord } from "./readings.ts"

/** Sparklines show at most so many readings. */
const RECENT = 60
const LATEST_ALERTS = 3

export interface SensorRow {
  readonly sensor: string
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
  readonly last: number
  readonly time: string
  readonly recent: readonly number[]
  readonly alerts: number
  readonly partition: number
  readonly offset: number
}

export class Board {
  readonly #rows = new Map<string, SensorRow>()
  #latestAlerts: readonly Alert[] = []
  #readings = 0

  add({ value, partition, offset }: ReadingRecord, alert: Alert | undefined): void {
    const { sensor, celsius, time } = value
    const row = this.#rows.get(sensor)
    this.#rows.set(sensor, {
      sensor,
      count: (row?.count ?? 0) + 1,
      sum: (row?.sum ?? 0) + celsius,
      min: Math.min(row?.min ?? celsius, celsius),
      max: Math.max(row?.max ?? celsius, celsius),
      last: celsius,
      time,
      recent: [...(row?.recent ?? []), celsius].slice(-RECENT),
      alerts: (row?.alerts ?? 0) + (alert === undefined ? 0 : 1),
      partition,
      offset,
    })
    this.#readings++
    if (alert !== undefined) this.#latestAlerts = [...this.#latestAlerts, alert].slice(-LATEST_ALERTS)
  }

  /** By name. */
  get rows(): readonly SensorRow[] {
    return [...this.#rows.values()].sort((a, b) => a.sensor.localeCompare(b.sensor))
  }

  get latestAlerts(): readonly Alert[] {
    return this.#latestAlerts
  }

  get readings(): number {
    return this.#readings
  }
}
