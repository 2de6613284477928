/** Made-up arrivals in the exact shape of TfL's, for where TfL cannot be reached. Pure: a time in, predictions out. */
import { seededRandom } from "../program/random.ts"
import type { Arrival } from "./arrivals.ts"
import type { Line, Stop } from "./stops.ts"

const MINUTE = 60_000
/** TfL predicts about half an hour ahead. */
const HORIZON = 30 * MINUTE
const NEVER = "0001-01-01T00:00:00Z"

/** The arrivals that are expected at a stop, `now` in epoch milliseconds. Not in order, as TfL's are not. */
export function sampleArrivals(stop: Stop, now: number): Arrival[] {
  return stop.lines.flatMap((line) => arrivalsOf(stop, line, now))
}

function arrivalsOf(stop: Stop, line: Line, now: number): Arrival[] {
  const traits = seededRandom(hash(`${stop.naptanId}/${line.lineId}`))
  const headway = (6 + Math.floor(traits() * 6)) * MINUTE
  const phase = Math.floor(traits() * headway)
  const first = Math.floor((now - phase) / headway) - 1
  const buses = Array.from({ length: Math.ceil(HORIZON / headway) + 3 }, (_, index) => first + index)
  return buses.flatMap((bus) => {
    const expected = bus * headway + phase + delayOf(bus, now)
    return expected > now && expected <= now + HORIZON ? [prediction(stop, line, bus, expected, now)] : []
  })
}

/** A bus gets later, or catches up, every few minutes: predictions change. */
function delayOf(bus: number, now: number): number {
  const random = seededRandom(bus * 31 + Math.floor(now / (2 * MINUTE)))
  return Math.floor(random() * 4) * 15_000
}

function prediction(stop: Stop, line: Line, bus: number, expected: number, now: number): Arrival {
  const { lines: _, ...place } = stop
  return {
    $type: "Tfl.Api.Presentation.Entities.Prediction, Tfl.Api.Presentation.Entities",
    id: String(hash(`${stop.naptanId}/${line.lineId}/${bus}`) | 0),
    operationType: 1,
    vehicleId: `SAMPLE${bus % 1000}`,
    ...place,
    lineId: line.lineId,
    lineName: line.lineId,
    direction: line.direction,
    destinationNaptanId: "",
    destinationName: line.destinationName,
    timestamp: new Date(now).toISOString(),
    timeToStation: Math.floor((expected - now) / 1000),
    currentLocation: "",
    expectedArrival: inSeconds(expected),
    timeToLive: inSeconds(expected + MINUTE / 2),
    modeName: "bus",
    timing: {
      $type: "Tfl.Api.Presentation.Entities.PredictionTiming, Tfl.Api.Presentation.Entities",
      countdownServerAdjustment: "00:00:00",
      source: NEVER,
      insert: NEVER,
      read: new Date(now).toISOString(),
      sent: inSeconds(now),
      received: NEVER,
    },
  }
}

function inSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const char of text) value = Math.imul(value ^ char.charCodeAt(0), 0x01000193) >>> 0
  return value
}
