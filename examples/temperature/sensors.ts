/** Sensors of real weather: the daily maximum and minimum thermometers of Seattle and New York, 2012 to 2015. */
import { readFile } from "node:fs/promises"
import * as z from "zod"
import { pause } from "./pause.ts"
import type { Reading } from "./readings.ts"

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

/** All readings by date: NOAA's daily weather, as the package vega-datasets carries it. */
export async function loadReadings(): Promise<Reading[]> {
  // The package's own functions fetch from the network; its files are here already.
  const file = new URL("../data/weather.csv", import.meta.resolve("vega-datasets"))
  return parseWeather(await readFile(file, "utf8"))
}

/** Lines of `location,date,precipitation,temp_max,temp_min,wind,weather`, the first of them a heading. */
export function parseWeather(csv: string): Reading[] {
  const lines = csv.trim().split("\n").slice(1)
  const readings = lines.flatMap((line): Reading[] => {
    const [location, date, , max, min] = row.parse(line.trim().split(","))
    const city = location.toLowerCase().replaceAll(" ", "-")
    return [
      { sensor: `${city}-max`, celsius: max, time: date },
      { sensor: `${city}-min`, celsius: min, time: date },
    ]
  })
  return readings.sort((a, b) => a.time.localeCompare(b.time))
}

/** Gives the readings at `speed` a second (Infinity: as fast as they are taken) until `signal` aborts. */
export async function* replay(
  readings: readonly Reading[],
  speed: number,
  signal: AbortSignal,
): AsyncGenerator<Reading> {
  const start = performance.now()
  for (const [index, reading] of readings.entries()) {
    const early = start + (index / speed) * 1000 - performance.now()
    // Timers are not exact to the millisecond, so several readings share a pause.
    if (early > 5) await pause(early, signal)
    if (signal.aborted) return
    yield reading
  }
}
