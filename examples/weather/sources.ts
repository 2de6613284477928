/** Where readings come from: OpenWeather, or days that were recorded. */
import { currentWeather, type OpenWeatherOptions } from "../openweather/current-weather.ts"
import { loadDailyWeather } from "../recorded-weather/daily-weather.ts"
import type { Reading } from "./readings.ts"

export type Fetched =
  | { readonly kind: "reading"; readonly reading: Reading }
  /** A sentence for people; the next round asks again. */
  | { readonly kind: "problem"; readonly reason: string }
  /** There will be no more of this city. */
  | { readonly kind: "end" }

export interface Source {
  /** For people. */
  readonly name: string
  readonly live: boolean
  readonly cities: readonly string[]
  /** `round` counts from 0. */
  readonly fetch: (city: string, round: number) => Promise<Fetched>
}

export function openWeather(cities: readonly string[], options: OpenWeatherOptions): Source {
  const fetch = async (city: string): Promise<Fetched> => {
    const weather = await currentWeather(city, options)
    if (weather.kind === "problem") return weather
    return { kind: "reading", reading: { city, celsius: weather.celsius, time: weather.time } }
  }
  return { name: "OpenWeather", live: true, cities, fetch }
}

/** A day each round, beginning with `firstDay` (ISO date): the maximum temperature of the day. */
export async function recorded(firstDay: string): Promise<Source> {
  const days = (await loadDailyWeather()).filter(({ date }) => date >= firstDay)
  const byCity = Map.groupBy(days, ({ city }) => city as string)
  const fetch = async (city: string, round: number): Promise<Fetched> => {
    const day = byCity.get(city)?.[round]
    if (day === undefined) return { kind: "end" }
    return { kind: "reading", reading: { city, celsius: day.max, time: day.date } }
  }
  return { name: "recorded weather (NOAA, 2012 to 2015)", live: false, cities: [...byCity.keys()], fetch }
}
