/** The producer: asks for the weather of all cities again and again, and publishes it with the city as key. */
import type { Stratalog } from "stratalog"
import { pause } from "../program/pause.ts"
import { weather } from "./readings.ts"
import type { Fetched, Source } from "./sources.ts"

export interface FetchOptions {
  readonly source: Source
  /** How long to wait between two rounds, milliseconds. */
  readonly everyMs: number
  /** Infinity: until `signal` aborts. */
  readonly rounds: number
  readonly signal: AbortSignal
  /** Hears of a city whose weather could not be fetched. */
  readonly onProblem: (sentence: string) => void
}

/** Gives the number of readings that are durable. Ends early where the source has no more. */
export async function fetchWeather(log: Stratalog, options: FetchOptions): Promise<number> {
  const { source, everyMs, rounds, signal, onProblem } = options
  const newest = await newestTimes(log)
  let published = 0
  await using producer = weather(log).producer()
  for (let round = 0; round < rounds && !signal.aborted; round++) {
    if (round > 0) await pause(everyMs, signal)
    // All cities at once: one that answers late, or never, holds up no other.
    const fetched = await Promise.all(source.cities.map(async (city) => source.fetch(city, round)))
    if (signal.aborted || fetched.every(({ kind }) => kind === "end")) break
    for (const { reason } of fetched.filter((one) => one.kind === "problem")) onProblem(reason)
    // A service measures more rarely than it is asked: what is in the log already is no news.
    const news = readingsOf(fetched).filter(({ city, time }) => time > (newest.get(city) ?? ""))
    for (const { city, time } of news) newest.set(city, time)
    // One batch a partition. Awaited: what the log has not taken ends the program instead of being left out.
    const sent = news.map((reading) =>
      producer.send({ key: reading.city, value: reading, timestamp: Date.parse(reading.time) }),
    )
    published += (await Promise.all(sent)).length
  }
  return published
}

function readingsOf(fetched: readonly Fetched[]) {
  return fetched.flatMap((one) => (one.kind === "reading" ? [one.reading] : []))
}

/** The time of each city's newest reading in the log. */
async function newestTimes(log: Stratalog): Promise<Map<string, string>> {
  const newest = new Map<string, string>()
  for await (const { value } of weather(log).read()) newest.set(value.city, value.time)
  return newest
}
