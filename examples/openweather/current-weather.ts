/** The weather of a city now, from OpenWeather (https://openweathermap.org/current). */
import * as z from "zod"
import { type GetOptions, getJson } from "../web/get-json.ts"

export interface OpenWeatherOptions extends GetOptions {
  readonly apiKey: string
  /** Default: OpenWeather itself. */
  readonly baseUrl?: string | undefined
}

export type CurrentWeather =
  /** `time` is when it was measured, as ISO date and time. */
  | { readonly kind: "weather"; readonly celsius: number; readonly time: string }
  /** A sentence for people. */
  | { readonly kind: "problem"; readonly reason: string }

/** The part of the answer that is used; `dt` is in seconds. */
const answerSchema = z.object({ main: z.object({ temp: z.number() }), dt: z.int() })

/** `city` as OpenWeather takes it: `London,GB`. */
export async function currentWeather(
  city: string,
  { apiKey, baseUrl = "https://api.openweathermap.org", ...options }: OpenWeatherOptions,
): Promise<CurrentWeather> {
  const url = new URL("/data/2.5/weather", baseUrl)
  url.search = new URLSearchParams({ q: city, units: "metric", appid: apiKey }).toString()
  const answer = await getJson(url, answerSchema, options)
  if (answer.kind === "problem") return { kind: "problem", reason: `${city}: ${sentenceOf(answer)}` }
  const { main, dt } = answer.value
  return { kind: "weather", celsius: main.temp, time: new Date(dt * 1000).toISOString() }
}

function sentenceOf({ status, reason }: { readonly status?: number; readonly reason: string }): string {
  switch (status) {
    case 401:
      return "OpenWeather refused OPENWEATHER_API_KEY (a new key works after some hours)."
    case 404:
      return "OpenWeather does not know this city; write it as London,GB."
    case 429:
      return "OpenWeather says that this key asks too often; use a longer --every."
    default:
      return `OpenWeather gave ${reason}.`
  }
}
