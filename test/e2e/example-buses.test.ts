/** The buses example: the sample, and Transport for London from a server that fails in every way it can. */
import { describe, expect, it } from "vitest"
import { type Arrival, busArrivals, nextBuses, placeOf } from "../../examples/buses/arrivals.ts"
import { boardLine } from "../../examples/buses/board.ts"
import { nextAfter, nextByStop } from "../../examples/buses/next-buses.ts"
import { sampleArrivals } from "../../examples/buses/sample.ts"
import { STOPS } from "../../examples/buses/stops.ts"
import { latestByKey } from "../../examples/program/latest-by-key.ts"
import { type Reply, startJsonServer } from "../unit/examples/json-server.ts"
import { type ExampleServer, recordsOf, startExampleServer } from "./example-server.ts"

/** The printed board, the log and the compacted topic say the same. */
async function expectConsistent({ log }: ExampleServer, output: string, source: "tfl" | "generated"): Promise<void> {
  const records = await recordsOf(busArrivals(log))
  expect(output).toContain(`Published ${records.length} arrivals.`)
  const next = new Map<string, Arrival>()
  for (const { key, value, headers } of records) {
    expect(key).toBe(value.lineId)
    expect(headers).toEqual([["source", source]])
    expect(output).toContain(`${boardLine(value)}\n`)
    next.set(placeOf(value), nextAfter(next.get(placeOf(value)), value))
  }
  expect(await latestByKey(nextBuses(log))).toEqual(next)
  const printed = output.slice(output.indexOf("Next at each stop:\n"))
  expect(printed).toContain(
    nextByStop(next)
      .map((arrival) => `${boardLine(arrival)}\n`)
      .join(""),
  )
}

describe("example:buses", { timeout: 240_000 }, () => {
  it("takes a sample where Transport for London cannot be reached, and says so", async () => {
    await using server = await startExampleServer()
    const env = { STRATALOG_URL: server.url, TFL_URL: "http://127.0.0.1:1" }
    const { code, output } = await server.processes.start("buses", ["--rounds", "5", "--every", "0.01"], env).ended
    expect(output).toContain("Transport for London gave no answer")
    expect(output).toContain("Arrivals: a sample in TfL's shape, generated")
    expect(code).toBe(0)
    await expectConsistent(server, output, "generated")
    expect((await recordsOf(busArrivals(server.log))).length).toBeGreaterThan(15)
  })

  it("gets over whatever Transport for London does, stop by stop", async () => {
    await using server = await startExampleServer()
    const now = Date.now()
    const arrivalsAt = (index: number): Reply => {
      const stop = STOPS[index]
      return { status: 200, body: stop === undefined ? [] : sampleArrivals(stop, now) }
    }
    const faults: readonly Reply[] = [
      { status: 429, body: {}, headers: { "retry-after": "0.01" } },
      { text: "[{" },
      "stall",
      { status: 500, body: {} },
    ]
    const asked = new Map<string, number>()
    // The first time each stop fails in another way, and one more is not known.
    await using service = await startJsonServer(({ pathname }) => {
      const index = STOPS.findIndex(({ naptanId }) => pathname === `/StopPoint/${naptanId}/Arrivals`)
      const times = asked.get(pathname) ?? 0
      asked.set(pathname, times + 1)
      if (index < 0) return { status: 404, body: {} }
      return times === 0 ? (faults[index] ?? arrivalsAt(index)) : arrivalsAt(index)
    })
    const stops = [...STOPS.map(({ naptanId }) => naptanId), "490000000X"].flatMap((stop) => ["--stop", stop])
    const quick = ["--source", "live", "--rounds", "2", "--every", "0.01", "--timeout", "1", "--retry-pause", "0.01"]
    const env = { STRATALOG_URL: server.url, TFL_URL: service.url }
    const { code, output } = await server.processes.start("buses", [...stops, ...quick], env).ended
    expect(output).toContain("Arrivals: Transport for London")
    expect(output).toContain("Stop 490000000X: status 404.")
    expect(code).toBe(0)
    await expectConsistent(server, output, "tfl")
    const stopsInLog = new Set((await recordsOf(busArrivals(server.log))).map(({ value }) => value.naptanId))
    expect(stopsInLog).toEqual(new Set(STOPS.map(({ naptanId }) => naptanId)))
  })
})
