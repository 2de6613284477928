/** Real weather, recorded: each day of Seattle and New York, 2012 to 2015 (NOAA, in the package vega-datasets). */
import { readFile } from "node:fs/promises"
import * as z from "zod"

/** Degrees are Celsius; `date` is an ISO date. */
export interface DailyWeather {
  readonly city: "Seattle" | "New York"
  readonly date: string
  readonly max: number
  readonly min: number
}

const degrees = z.coerce.number<string>()
const row = z.tuple([
  z.enum(["Seattle", "New York"]),
  z.iso.date(),
  z.unknown(), // precipitation
  degrees,
  degrees,
  z.unknown(), // wind
  z.unknown(), // weather
])

/** All days, by date. */
export async function loadDailyWeather(): Promise<DailyWeather[]> {
  // The package's own functions fetch from the network; its files are here already.
  const file = new URL("../data/weather.csv", import.meta.resolve("vega-datasets"))
  return parseDailyWeather(await readFile(file, "utf8"))
}

/** Lines of `location,date,precipitation,temp_max,temp_min,wind,weather`, the first of them a heading. */
export function parseDailyWeather(csv: string): DailyWeather[] {
  const lines = csv.trim().split("\n").slice(1)
  const days = lines.map((line): DailyWeather => {
    const [city, date, , max, min] = row.parse(line.trim().split(","))
    return { city, date, max, min }
  })
  return days.sort((a, b) => a.date.localeCompare(b.date))
}
