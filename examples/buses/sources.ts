/** Where arrivals come from: Transport for London, or a sample that is made up. */
import * as z from "zod"
import { type Answer, type GetOptions, getJson } from "../web/get-json.ts"
import { type Arrival, arrivalSchema } from "./arrivals.ts"
import { sampleArrivals } from "./sample.ts"
import { STOPS } from "./stops.ts"

export interface Source {
  /** Stands in the header `source` of each record. */
  readonly kind: "tfl" | "generated"
  readonly stops: readonly string[]
  readonly arrivals: (stop: string) => Promise<Answer<readonly Arrival[]>>
  /** Lets the time until the next round pass. */
  readonly tick: () => void
}

export interface TflOptions extends GetOptions {
  /** Default: TfL itself. */
  readonly baseUrl?: string | undefined
  /** Of https://api-portal.tfl.gov.uk; without one TfL allows fewer requests. */
  readonly appKey?: string | undefined
}

/** https://api.tfl.gov.uk/StopPoint/{id}/Arrivals. Powered by TfL Open Data. */
export function tfl(stops: readonly string[], options: TflOptions): Source {
  const { baseUrl = "https://api.tfl.gov.uk", appKey, ...getOptions } = options
  const arrivals = async (stop: string) => {
    const url = new URL(`/StopPoint/${encodeURIComponent(stop)}/Arrivals`, baseUrl)
    if (appKey !== undefined) url.searchParams.set("app_key", appKey)
    return getJson(url, z.array(arrivalSchema), getOptions)
  }
  return { kind: "tfl", stops, arrivals, tick: () => {} }
}

/** Half a minute of London passes with each tick, beginning at `start` (epoch milliseconds). */
export function sample(start: number): Source {
  let now = start
  const arrivals = async (stop: string): Promise<Answer<readonly Arrival[]>> => {
    const known = STOPS.find(({ naptanId }) => naptanId === stop)
    return { kind: "value", value: known === undefined ? [] : sampleArrivals(known, now) }
  }
  const tick = () => {
    now += 30_000
  }
  return { kind: "generated", stops: STOPS.map(({ naptanId }) => naptanId), arrivals, tick }
}
