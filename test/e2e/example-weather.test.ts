/** The weather example: recorded weather, and OpenWeather from a server that fails in every way it can. */
import { describe, expect, it } from "vitest"
import { loadDailyWeather } from "../../examples/recorded-weather/daily-weather.ts"
import { weather, weatherAlerts } from "../../examples/weather/readings.ts"
import { type Reply, startJsonServer } from "../unit/examples/json-server.ts"
import { recordsOf, startExampleServer } from "./example-server.ts"

describe("example:weather", { timeout: 240_000 }, () => {
  it("publishes recorded weather, warns and shows", async () => {
    await using server = await startExampleServer()
    const env = { STRATALOG_URL: server.url }
    const args = ["--first-day", "2012-06-15", "--rounds", "60", "--every", "0.001", "--low", "20"]
    const { code, output } = await server.processes.start("weather", args, env).ended
    const days = (await loadDailyWeather()).filter(({ date }) => date >= "2012-06-15").slice(0, 2 * 60)
    const alarming = days.filter(({ max }) => max > 35 || max < 20)
    expect(output).toContain("Published 120 readings from recorded weather")
    expect(output.match(/°C, (hot|cold)$/gm)).toHaveLength(alarming.length)
    expect(output).toContain("2012-07-07 New York: 37.2 °C, hot\n")
    for (const city of ["New York", "Seattle"]) {
      const temperatures = days.filter((day) => day.city === city).map(({ max }) => max)
      const [min, max] = [Math.min(...temperatures), Math.max(...temperatures)].map((celsius) => celsius.toFixed(1))
      expect(output).toMatch(new RegExp(`^${city} +60 .* ${min} +${max}  ${days.at(-1)?.date}$`, "m"))
    }
    expect(code).toBe(0)
    const records = await recordsOf(weather(server.log))
    expect(records.map(({ key, value }) => [key, value.time])).toEqual(
      expect.arrayContaining(days.map(({ city, date }) => [city, date])),
    )
    const alerts = await recordsOf(weatherAlerts(server.log))
    expect(alerts.map(({ value }) => `${value.city} ${value.time}`).sort()).toEqual(
      alarming.map(({ city, date }) => `${city} ${date}`).sort(),
    )
    const again = await server.processes.start("weather", args, env).ended
    expect(again.output).toContain("Published 0 readings")
    expect(again.output).not.toContain("°C, ")
  })

  it("gets over whatever OpenWeather does, city by city", async () => {
    await using server = await startExampleServer()
    const hot: Reply = { status: 200, body: { main: { temp: 40.2 }, dt: 1_763_600_000 } }
    const patience: Reply = { status: 429, body: {}, headers: { "retry-after": "0.01" } }
    const asked = new Map<string, number>()
    const answers: Readonly<Record<string, readonly Reply[]>> = {
      Good: [hot],
      Busy: [patience, patience, hot],
      Broken: [{ text: '{"main": {"temp"' }, { status: 502, body: "" }, hot],
      Slow: ["stall", hot],
      Gone: [{ status: 404, body: {} }],
      Dead: ["stall"],
    }
    await using service = await startJsonServer((url) => {
      const city = url.searchParams.get("q") ?? ""
      const times = asked.get(city) ?? 0
      asked.set(city, times + 1)
      // The last answer is given again and again: a slow machine may miss one, and asks once more.
      return answers[city]?.[times] ?? answers[city]?.at(-1) ?? { status: 404, body: {} }
    })
    const cities = Object.keys(answers).flatMap((city) => ["--city", city])
    const quick = ["--rounds", "1", "--timeout", "1", "--retry-pause", "0.01"]
    const env = { STRATALOG_URL: server.url, OPENWEATHER_URL: service.url, OPENWEATHER_API_KEY: "secret" }
    const { code, output } = await server.processes.start("weather", [...cities, ...quick], env).ended
    expect(output).toContain("Published 4 readings from OpenWeather")
    expect(output).toContain("Gone: OpenWeather does not know this city")
    expect(output).toContain("Dead: OpenWeather gave no answer (TimeoutError).")
    expect(output).not.toContain("secret")
    expect(code).toBe(0)
    const alerts = await recordsOf(weatherAlerts(server.log))
    expect(alerts.map(({ key, value }) => [key, value.kind]).sort()).toEqual([
      ["Broken", "hot"],
      ["Busy", "hot"],
      ["Good", "hot"],
      ["Slow", "hot"],
    ])
  })
})
