/** The group that shows: the figures of each city, from the readings that it has seen. */
import type { Stratalog } from "stratalog"
import { DASHBOARD_GROUP, READINGS, type Reading, readingSchema } from "./readings.ts"

interface Figures {
  readonly latest: Reading
  readonly readings: number
  readonly min: number
  readonly max: number
}

export class Dashboard {
  readonly #cities = new Map<string, Figures>()

  add(reading: Reading): void {
    const { city, celsius } = reading
    const { readings = 0, min = celsius, max = celsius } = this.#cities.get(city) ?? {}
    this.#cities.set(city, {
      latest: reading,
      readings: readings + 1,
      min: Math.min(min, celsius),
      max: Math.max(max, celsius),
    })
  }

  /** A table, its cities by name. */
  lines(): readonly string[] {
    const rows = [...this.#cities.values()].sort((a, b) => a.latest.city.localeCompare(b.latest.city))
    return [
      `${"city".padEnd(16)}${"readings".padStart(9)}${["now", "min", "max"].map((name) => name.padStart(7)).join("")}  at`,
      ...rows.map(({ latest, readings, min, max }) => {
        const degrees = [latest.celsius, min, max].map((celsius) => celsius.toFixed(1).padStart(7)).join("")
        return `${latest.city.padEnd(16)}${String(readings).padStart(9)}${degrees}  ${latest.time}`
      }),
    ]
  }
}

export interface DashboardOptions {
  readonly signal: AbortSignal
  readonly onChange: (dashboard: Dashboard) => void
}

/** Runs until `signal` aborts. Dashboards that run at the same time share the cities. */
export async function showDashboard(log: Stratalog, { signal, onChange }: DashboardOptions): Promise<Dashboard> {
  const dashboard = new Dashboard()
  await using consumer = log.consumer({
    group: DASHBOARD_GROUP,
    topics: [READINGS],
    value: readingSchema,
    autoCommitIntervalMs: 500,
    signal,
  })
  for await (const { value: reading } of consumer) {
    dashboard.add(reading)
    onChange(dashboard)
  }
  return dashboard
}
