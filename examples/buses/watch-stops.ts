/** The producer: asks for the arrivals at all stops again and again, and publishes what is new by line. */
import type { Stratalog } from "stratalog"
import { pause } from "../program/pause.ts"
import { type Arrival, busArrivals } from "./arrivals.ts"
import type { Source } from "./sources.ts"

export interface WatchOptions {
  readonly source: Source
  /** How long to wait between two rounds, milliseconds. */
  readonly everyMs: number
  /** Infinity: until `signal` aborts. */
  readonly rounds: number
  readonly signal: AbortSignal
  /** Hears of a stop whose arrivals could not be fetched; the next round asks again. */
  readonly onProblem: (sentence: string) => void
}

/** Gives the number of arrivals that are durable. */
export async function watchStops(log: Stratalog, options: WatchOptions): Promise<number> {
  const { source, everyMs, rounds, signal, onProblem } = options
  const expected = new ExpectedArrivals()
  let published = 0
  await using producer = busArrivals(log).producer({ compressionType: "gzip" })
  for (let round = 0; round < rounds && !signal.aborted; round++) {
    if (round > 0) await pause(everyMs, signal)
    const answers = await Promise.all(source.stops.map(async (stop) => ({ stop, ...(await source.arrivals(stop)) })))
    if (signal.aborted) break
    for (const answer of answers) {
      if (answer.kind === "problem") onProblem(`Stop ${answer.stop}: ${answer.reason}.`)
    }
    const news = expected.news(answers.flatMap((answer) => (answer.kind === "value" ? answer.value : [])))
    const headers = [["source", source.kind]] as const
    // Awaited: what the log has not taken ends the program instead of being left out.
    await Promise.all(news.map((arrival) => producer.send({ key: arrival.lineId, value: arrival, headers })))
    published += news.length
    source.tick()
  }
  return published
}

/** Tells what is new: TfL repeats a prediction until it changes. */
export class ExpectedArrivals {
  #known: ReadonlyMap<string, string> = new Map()

  /** Those of a round that were not in the round before, or for another time. */
  news(arrivals: readonly Arrival[]): readonly Arrival[] {
    const before = this.#known
    this.#known = new Map(arrivals.map(({ id, expectedArrival }) => [id, expectedArrival]))
    return arrivals.filter(({ id, expectedArrival }) => before.get(id) !== expectedArrival)
  }
}
