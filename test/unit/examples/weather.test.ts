/** The weather example's pure parts, and its sources. */
import { describe, expect, it } from "vitest"
import { alertOf } from "../../../examples/weather/alerts.ts"
import { Dashboard } from "../../../examples/weather/dashboard.ts"
import { parseSettings } from "../../../examples/weather/settings.ts"
import { openWeather, recorded } from "../../../examples/weather/sources.ts"
import { startJsonServer } from "./json-server.ts"

const thresholds = { high: 35, low: 10 }
const reading = (celsius: number, time = "2012-01-01", city = "Seattle") => ({ city, celsius, time })

describe("alertOf", () => {
  it.each([
    [35.1, "hot"],
    [35, undefined],
    [10, undefined],
    [9.9, "cold"],
  ])("%d °C: %s", (celsius, kind) => expect(alertOf(reading(celsius), thresholds)?.kind).toBe(kind))
})

describe("the dashboard", () => {
  it("has a line for each city, by name", () => {
    const dashboard = new Dashboard()
    for (const celsius of [12.8, -1, 7.25]) dashboard.add(reading(celsius, "2012-01-03"))
    dashboard.add(reading(20, "2012-01-04", "New York"))
    expect(dashboard.lines()).toEqual([
      "city             readings    now    min    max  at",
      "New York                1   20.0   20.0   20.0  2012-01-04",
      "Seattle                 3    7.3   -1.0   12.8  2012-01-03",
    ])
  })
})

describe("recorded weather", () => {
  it("gives a day of each city a round, from the first day on", async () => {
    const source = await recorded("2015-12-30")
    expect(source.cities.toSorted()).toEqual(["New York", "Seattle"])
    expect(await source.fetch("Seattle", 0)).toMatchObject({ kind: "reading", reading: { time: "2015-12-30" } })
    expect(await source.fetch("Seattle", 1)).toEqual({
      kind: "reading",
      reading: { city: "Seattle", celsius: 5.6, time: "2015-12-31" },
    })
    expect(await source.fetch("Seattle", 2)).toEqual({ kind: "end" })
    expect(await source.fetch("Oslo", 0)).toEqual({ kind: "end" })
  })
})

describe("OpenWeather", () => {
  it("gives readings, and problems in a sentence", async () => {
    await using server = await startJsonServer((url) =>
      url.searchParams.get("q") === "Oslo,NO"
        ? { status: 200, body: { main: { temp: -3.5 }, dt: 1_763_600_000 } }
        : { status: 404, body: {} },
    )
    const signal = new AbortController().signal
    const source = openWeather(["Oslo,NO", "Atlantis"], { apiKey: "k", baseUrl: server.url, signal })
    expect(await source.fetch("Oslo,NO", 0)).toEqual({
      kind: "reading",
      reading: { city: "Oslo,NO", celsius: -3.5, time: "2025-11-20T00:53:20.000Z" },
    })
    expect(await source.fetch("Atlantis", 0)).toMatchObject({
      kind: "problem",
      reason: expect.stringMatching(/^Atlantis: /),
    })
  })
})

describe("the command line", () => {
  it("has the limits of the alerts", () => {
    expect(parseSettings([])).toMatchObject({ settings: { role: "all", high: 35, low: 10 } })
  })

  it.each([[["--every", "0"]], [["--high", "warm"]], [["--first-day", "tomorrow"]], [["cook"]]])("refuses %j", (args) =>
    expect(parseSettings(args)).toMatchObject({ kind: "refused" }),
  )
})
