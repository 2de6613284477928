/** Sensors of real weather: the daily maximum and minimum thermometers of Seattle and New York, 2012 to 2015. */
import { pause } from "../program/pause.ts"
import { type DailyWeather, loadDailyWeather } from "../recorded-weather/daily-weather.ts"
import type { Reading } from "./readings.ts"

/** All readings by date: two sensors a city. */
export async function loadReadings(): Promise<Reading[]> {
  return (await loadDailyWeather()).flatMap(readingsOf)
}

function readingsOf({ city, date, max, min }: DailyWeather): Reading[] {
  const station = city.toLowerCase().replaceAll(" ", "-")
  return [
    { sensor: `${station}-max`, celsius: max, time: date },
    { sensor: `${station}-min`, celsius: min, time: date },
  ]
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
