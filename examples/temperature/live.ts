/** Sensors of today's weather: OpenWeather's current temperature of cities. */
import { currentWeather, type OpenWeatherOptions } from "../openweather/current-weather.ts"
import { pause } from "../program/pause.ts"
import type { Reading } from "./readings.ts"

export interface LiveOptions extends OpenWeatherOptions {
  /** As OpenWeather takes them: `London,GB`. */
  readonly cities: readonly string[]
  /** How long to wait between two rounds, milliseconds. */
  readonly everyMs: number
  /** Hears of a reading that could not be fetched; the next round tries again. */
  readonly onProblem: (sentence: string) => void
}

/** Gives new readings of all cities, a round at a time, until `signal` aborts. */
export async function* liveReadings({ cities, everyMs, onProblem, ...options }: LiveOptions): AsyncGenerator<Reading> {
  const { signal } = options
  while (!signal.aborted) {
    for (const city of cities) {
      const weather = await currentWeather(city, options)
      if (signal.aborted) return
      if (weather.kind === "problem") onProblem(weather.reason)
      else yield { sensor: sensorOf(city), celsius: weather.celsius, time: weather.time }
    }
    await pause(everyMs, signal)
  }
}

/** `London,GB` is sensor `london-gb`. */
export function sensorOf(city: string): string {
  return city.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-")
}
