/** Sensors of today's weather: OpenWeather's current temperature of cities. */
import * as z from "zod"
import { pause } from "./pause.ts"
import type { Reading } from "./readings.ts"

const TIMEOUT_MS = 10_000
const ATTEMPTS = 4
const BACKOFF_MS = 1_000

/** The part of https://openweathermap.org/current that is used; `dt` is in seconds. */
const currentWeather = z.object({ main: z.object({ temp: z.number() }), dt: z.int() })

export interface LiveOptions {
  readonly apiKey: string
  /** As OpenWeather takes them: `London,GB`. */
  readonly cities: readonly string[]
  /** How long to wait between two rounds, milliseconds. */
  readonly everyMs: number
  readonly signal: AbortSignal
  /** Hears of a reading that could not be fetched; the next round tries again. */
  readonly onProblem: (sentence: string) => void
}

/** Gives new readings of all cities, a round at a time, until `signal` aborts. */
export async function* liveReadings(options: LiveOptions): AsyncGenerator<Reading> {
  while (!options.signal.aborted) {
    for (const city of options.cities) {
      const answer = await currentReading(city, options)
      if (options.signal.aborted) return
      if (answer.kind === "reading") yield answer.reading
      else options.onProblem(answer.reason)
    }
    await pause(options.everyMs, options.signal)
  }
}

type Answer =
  | { readonly kind: "reading"; readonly reading: Reading }
  /** `again`: the same request may succeed later. */
  | { readonly kind: "problem"; readonly reason: string; readonly again: boolean }

/** Tries again, after longer and longer pauses, where that may help. */
export async function currentReading(
  city: string,
  { apiKey, signal }: Pick<LiveOptions, "apiKey" | "signal">,
  baseUrl = "https://api.openweathermap.org",
  backoffMs = BACKOFF_MS,
): Promise<Answer> {
  const url = new URL("/data/2.5/weather", baseUrl)
  url.search = new URLSearchParams({ q: city, units: "metric", appid: apiKey }).toString()
  for (let attempt = 1; ; attempt++) {
    const answer = await request(url, city, signal)
    if (answer.kind === "reading" || !answer.again || attempt === ATTEMPTS || signal.aborted) return answer
    await pause(backoffMs * 2 ** (attempt - 1), signal)
  }
}

async function request(url: URL, city: string, signal: AbortSignal): Promise<Answer> {
  const problem = (reason: string, again: boolean): Answer => ({ kind: "problem", reason: `${city}: ${reason}`, again })
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) })
    if (!response.ok) return problem(refusal(response.status), response.status === 429 || response.status >= 500)
    const weather = currentWeather.safeParse(await response.json())
    if (!weather.success) return problem("OpenWeather's answer holds no temperature.", false)
    return { kind: "reading", reading: readingOf(city, weather.data) }
  } catch (error) {
    // The URL holds the API key, so the error is not shown whole.
    return problem(`OpenWeather did not answer (${error instanceof Error ? error.name : "no error"}).`, true)
  }
}

function readingOf(city: string, { main, dt }: z.infer<typeof currentWeather>): Reading {
  const sensor = city.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-")
  return { sensor, celsius: main.temp, time: new Date(dt * 1000).toISOString() }
}

function refusal(status: number): string {
  switch (status) {
    case 401:
      return "OpenWeather refused OPENWEATHER_API_KEY (a new key works after some hours)."
    case 404:
      return "OpenWeather does not know this city; write it as London,GB."
    case 429:
      return "OpenWeather says that this key asks too often; use a longer --every."
    default:
      return `OpenWeather answered with status ${status}.`
  }
}
