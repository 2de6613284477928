/** The buses example's pure parts, and TfL's answers from a server that gives them. */
import { describe, expect, it } from "vitest"
import { type Arrival, arrivalSchema } from "../../../examples/buses/arrivals.ts"
import { boardLine } from "../../../examples/buses/board.ts"
import { nextAfter, nextByStop } from "../../../examples/buses/next-buses.ts"
import { sampleArrivals } from "../../../examples/buses/sample.ts"
import { sample, tfl } from "../../../examples/buses/sources.ts"
import { STOPS } from "../../../examples/buses/stops.ts"
import { ExpectedArrivals } from "../../../examples/buses/watch-stops.ts"
import { startJsonServer } from "./json-server.ts"

/** As TfL answers for a bus: every field, seven decimals, and `null` in words. */
const recorded = {
  $type: "Tfl.Api.Presentation.Entities.Prediction, Tfl.Api.Presentation.Entities",
  id: "-1497880102",
  operationType: 1,
  vehicleId: "LJ16EWO",
  naptanId: "490000144A",
  stationName: "Marble Arch / Bayswater Road",
  lineId: "94",
  lineName: "94",
  platformName: "null",
  direction: "inbound",
  bearing: "258",
  destinationNaptanId: "",
  destinationName: "Acton Green",
  timestamp: "2018-12-09T22:31:14.4495417Z",
  timeToStation: 100,
  currentLocation: "",
  towards: "Notting Hill Gate",
  expectedArrival: "2018-12-09T22:32:54Z",
  timeToLive: "2018-12-09T22:33:24Z",
  modeName: "bus",
  timing: {
    $type: "Tfl.Api.Presentation.Entities.PredictionTiming, Tfl.Api.Presentation.Entities",
    countdownServerAdjustment: "-00:00:16.0320740",
    source: "2018-12-09T09:20:50.08Z",
    insert: "2018-12-09T22:30:54.592Z",
    read: "2018-12-09T22:30:38.553Z",
    sent: "2018-12-09T22:31:14Z",
    received: "0001-01-01T00:00:00Z",
  },
}
const arrival: Arrival = arrivalSchema.parse(recorded)
const signal = new AbortController().signal

function bus(id: string, expectedArrival: string, timestamp = "2018-12-09T22:31:14Z"): Arrival {
  return { ...arrival, id, expectedArrival, timestamp }
}

describe("an arrival", () => {
  it("keeps every field of TfL's", () => expect(arrival).toEqual(recorded))

  it("may lack its direction, timing, number plate and destination", () => {
    const { direction: _d, timing: _t, vehicleId: _v, destinationName: _n, ...rest } = recorded
    expect(arrivalSchema.safeParse(rest).success).toBe(true)
  })

  it("is a line of the board", () => {
    expect(boardLine(arrival)).toBe("22:31:14    94 to Acton Green         Marble Arch / Bayswater Road        1 min")
    expect(boardLine({ ...arrival, timeToStation: 59 })).toMatch(/ due$/)
  })
})

describe("the sample", () => {
  const now = Date.UTC(2026, 0, 1, 12)
  const arrivals = STOPS.flatMap((stop) => sampleArrivals(stop, now))

  it("has exactly the fields of TfL's answers", () => {
    const fields = (value: object) => Object.keys(value).sort()
    expect(arrivals.length).toBeGreaterThan(10)
    for (const made of arrivals) {
      expect(arrivalSchema.parse(made)).toEqual(made)
      expect(fields(made)).toEqual(fields(recorded))
      expect(fields(Object(made["timing"]))).toEqual(fields(recorded.timing))
    }
  })

  it("looks half an hour ahead, and counts the seconds", () => {
    for (const { expectedArrival, timestamp, timeToStation } of arrivals) {
      expect(timeToStation).toBeGreaterThanOrEqual(0)
      expect(timeToStation).toBeLessThanOrEqual(30 * 60)
      expect(Math.abs(Date.parse(expectedArrival) - Date.parse(timestamp) - timeToStation * 1000)).toBeLessThan(1000)
    }
  })

  it("has a bus of every line at every time, and follows it until it is there", () => {
    for (const stop of STOPS) {
      for (let time = now; time < now + 3_600_000; time += 30_000) {
        const lines = new Set(sampleArrivals(stop, time).map(({ lineId }) => lineId))
        expect(lines).toEqual(new Set(stop.lines.map(({ lineId }) => lineId)))
      }
    }
    const later = new Set(STOPS.flatMap((stop) => sampleArrivals(stop, now + 30_000)).map(({ id }) => id))
    expect(arrivals.filter(({ id }) => later.has(id)).length).toBeGreaterThan(arrivals.length / 2)
  })

  it("tells buses apart by their id", () => {
    expect(new Set(arrivals.map(({ id }) => id)).size).toBe(arrivals.length)
  })

  it("goes on half a minute with each round", async () => {
    const source = sample(now)
    const seconds = async () => {
      const answer = await source.arrivals(STOPS[0]?.naptanId ?? "")
      return answer.kind === "value" ? answer.value[0]?.timestamp : undefined
    }
    expect(await seconds()).toBe("2026-01-01T12:00:00.000Z")
    source.tick()
    expect(await seconds()).toBe("2026-01-01T12:00:30.000Z")
  })
})

describe("what is new", () => {
  it("is what was not there, or for another time, in the round before", () => {
    const expected = new ExpectedArrivals()
    const [a, b] = [bus("a", "2018-12-09T22:40:00Z"), bus("b", "2018-12-09T22:41:00Z")]
    const late = bus("b", "2018-12-09T22:42:00Z")
    expect(expected.news([a, b])).toEqual([a, b])
    expect(expected.news([a, late])).toEqual([late])
    expect(expected.news([])).toEqual([])
    expect(expected.news([a])).toEqual([a])
  })
})

describe("the next bus", () => {
  const known = bus("a", "2018-12-09T22:40:00Z")

  it.each<[string, Arrival | undefined, Arrival, "known" | "arrival"]>([
    ["the first that is known", undefined, known, "arrival"],
    ["one that comes earlier", known, bus("b", "2018-12-09T22:39:00Z"), "arrival"],
    ["not one that comes later", known, bus("b", "2018-12-09T22:41:00Z"), "known"],
    ["the same for another time", known, bus("a", "2018-12-09T22:44:00Z"), "arrival"],
    [
      "a later one, where the known is gone",
      known,
      bus("b", "2018-12-09T22:50:00Z", "2018-12-09T22:40:01Z"),
      "arrival",
    ],
  ])("is %s", (_, before, arrival, expected) => {
    expect(nextAfter(before, arrival)).toBe(expected === "known" ? before : arrival)
  })

  it("at a stop is that of whatever line comes first", () => {
    const other = { ...bus("b", "2018-12-09T22:39:00Z"), lineId: "148" }
    const elsewhere = { ...bus("c", "2018-12-09T22:50:00Z"), naptanId: "490000144B", stationName: "A" }
    const next = new Map(Object.entries({ known, other, elsewhere }))
    expect(nextByStop(next)).toEqual([elsewhere, other])
  })
})

describe("TfL", () => {
  it("is asked for each stop, with the key where there is one", async () => {
    await using server = await startJsonServer(() => ({ status: 200, body: [recorded] }))
    const source = tfl(["490000144A"], { baseUrl: server.url, appKey: "k1", signal })
    expect(await source.arrivals("490000144A")).toEqual({ kind: "value", value: [recorded] })
    expect(server.asked.map(({ pathname, search }) => pathname + search)).toEqual([
      "/StopPoint/490000144A/Arrivals?app_key=k1",
    ])
  })

  it.each([[[{ ...recorded, expectedArrival: "soon" }]], [{ message: "no" }], [[{ id: "1" }]]])(
    "gives no arrivals where it answers %j",
    async (body) => {
      await using server = await startJsonServer(() => ({ status: 200, body }))
      const answer = await tfl([], { baseUrl: server.url, signal }).arrivals("490000144A")
      expect(answer).toMatchObject({ kind: "problem", again: false })
    },
  )
})
