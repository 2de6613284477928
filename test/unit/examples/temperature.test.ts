/** The temperature example's pure parts. */
import { describe, expect, it } from "vitest"
import type { Paint } from "../../../examples/program/screen.ts"
import { parseDailyWeather } from "../../../examples/recorded-weather/daily-weather.ts"
import { Board } from "../../../examples/temperature/board.ts"
import { picture } from "../../../examples/temperature/picture.ts"
import { isNew } from "../../../examples/temperature/produce.ts"
import type { ReadingRecord } from "../../../examples/temperature/readings.ts"
import { mergeStart } from "../../../examples/temperature/resume.ts"
import { loadReadings } from "../../../examples/temperature/sensors.ts"
import { parseSettings } from "../../../examples/temperature/settings.ts"
import { sparkline } from "../../../examples/temperature/sparkline.ts"
import { alertOf } from "../../../examples/temperature/thresholds.ts"

const limits = { high: 30, low: 0 }
const plain: Paint = (_style, text) => text

function record(celsius: number, offset = 0, sensor = "attic"): ReadingRecord {
  const value = { sensor, celsius, time: "2015-07-19" }
  return { topic: "temperatures", partition: 1, offset, timestamp: 0, key: sensor, value, headers: [] }
}

describe("alertOf", () => {
  it("flags what lies beyond a limit, and says where the reading is", () => {
    expect(alertOf(record(30.1, 7), limits)).toEqual({
      ...{ sensor: "attic", celsius: 30.1, time: "2015-07-19" },
      ...{ kind: "high", limit: 30, partition: 1, offset: 7 },
    })
    expect(alertOf(record(-0.1), limits)).toMatchObject({ kind: "low", limit: 0 })
  })

  it.each([30, 0, 12])("lets %d °C pass", (celsius) => expect(alertOf(record(celsius), limits)).toBeUndefined())
})

describe("mergeStart", () => {
  it("goes on at the committed offsets and begins elsewhere at the log start", () => {
    const ends = [
      { partition: 0, logStartOffset: 5 },
      { partition: 1, logStartOffset: 0 },
    ]
    expect(mergeStart(ends, [{ partition: 1, offset: 42 }])).toEqual({ 0: 5, 1: 42 })
  })

  it("takes a committed offset of 0 for one", () => {
    expect(mergeStart([{ partition: 0, logStartOffset: 5 }], [{ partition: 0, offset: 0 }])).toEqual({ 0: 0 })
  })
})

describe("isNew", () => {
  const newest = new Map([["attic", "2015-07-19"]])

  it.each([
    ["attic", "2015-07-18", false],
    ["attic", "2015-07-19", false],
    ["attic", "2015-07-20", true],
    ["cellar", "2015-07-18", true],
  ])("%s on %s: %s", (sensor, time, expected) => expect(isNew({ sensor, celsius: 1, time }, newest)).toBe(expected))
})

describe("sparkline", () => {
  it("spreads its bars from the lowest to the highest value", () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 0, 7).join("")).toBe("▁▂▃▄▅▆▇█")
  })

  it("draws equal values at half height", () => expect(sparkline([3, 3], 3, 3).join("")).toBe("▅▅"))
})

describe("picture", () => {
  const board = new Board()
  for (const [offset, celsius] of [-4, 20, 35.6].entries()) {
    const given = record(celsius, offset)
    board.add(given, alertOf(given, limits))
  }
  const options = { thresholds: limits, lag: new Map([[1, 9]]), width: 80, paint: plain }

  it("has a row with the figures of each sensor, and the latest alerts", () => {
    const [heading, row, ...rest] = picture(board, options)
    expect(heading?.split(/ +/)).toEqual([
      "sensor",
      "readings",
      "last",
      "min",
      "mean",
      "max",
      "alerts",
      "offset",
      "lag",
    ])
    expect(row?.split(/ +/)).toEqual(["attic", "▁▅█", "35.6", "-4.0", "17.2", "35.6", "2", "1:2", "9"])
    expect(rest).toEqual(["", "▼ 2015-07-19  attic  -4.0 °C, below 0", "▲ 2015-07-19  attic  35.6 °C, above 30"])
  })

  it.each([60, 80, 120])("fits %d columns", (width) => {
    for (const line of picture(board, { ...options, width })) expect(line.length).toBeLessThanOrEqual(width)
  })

  it("paints alarming readings", () => {
    const row = picture(board, { ...options, paint: (style, text) => `<${style} ${text}>` })[1]
    expect(row).toContain("<blue ▁>▅<red █>")
  })

  it("shows no lag where it is not known", () => {
    expect(
      picture(board, { ...options, lag: new Map() })[1]
        ?.split(/ +/)
        .at(-1),
    ).toBe("-")
  })
})

describe("the readings", () => {
  it("are two a day of two cities, in order of time", async () => {
    const readings = await loadReadings()
    expect(readings).toHaveLength(2 * 2 * 1461)
    expect(new Set(readings.map(({ sensor }) => sensor))).toEqual(
      new Set(["seattle-max", "seattle-min", "new-york-max", "new-york-min"]),
    )
    expect(readings.slice(0, 2)).toEqual([
      { sensor: "seattle-max", celsius: 12.8, time: "2012-01-01" },
      { sensor: "seattle-min", celsius: 5, time: "2012-01-01" },
    ])
    const times = readings.map(({ time }) => time)
    expect(times).toEqual(times.toSorted())
  })

  it("are refused where a line is not what it should be", () => {
    expect(() => parseDailyWeather("heading\nSeattle,2012-01-01,0.0,warm,5.0,4.7,drizzle")).toThrow()
  })
})

describe("the command line", () => {
  it("has defaults", () => {
    expect(parseSettings([])).toMatchObject({
      kind: "settings",
      settings: { role: "both", speed: 1000, high: 30, low: 0, "stop-after": Number.POSITIVE_INFINITY, reset: false },
    })
  })

  it("takes a role, max for the speed and several cities", () => {
    expect(parseSettings(["produce", "--speed", "max", "--city", "Oslo,NO", "--city", "Lima,PE"])).toMatchObject({
      kind: "settings",
      settings: { role: "produce", speed: Number.POSITIVE_INFINITY, city: ["Oslo,NO", "Lima,PE"] },
    })
  })

  it.each([[["watch"]], [["--speed", "0"]], [["--high", "warm"]], [["--stop-after", "1.5"]], [["--fast"]]])(
    "refuses %j",
    (args) => expect(parseSettings(args)).toMatchObject({ kind: "refused", detail: expect.stringMatching(/./) }),
  )
})
