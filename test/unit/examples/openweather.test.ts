/** The weather now, from a server that answers as OpenWeather does. */
import { expect, it } from "vitest"
import { currentWeather } from "../../../examples/openweather/current-weather.ts"
import { sensorOf } from "../../../examples/temperature/live.ts"
import { type Reply, startJsonServer } from "./json-server.ts"

const signal = new AbortController().signal
const weather: Reply = { status: 200, body: { name: "London", main: { temp: 17.3, humidity: 60 }, dt: 1_763_600_000 } }

async function read(...replies: readonly Reply[]) {
  await using server = await startJsonServer((_, index) => replies[index] ?? { status: 500, body: {} })
  const answer = await currentWeather("London,GB", { apiKey: "k1", baseUrl: server.url, signal, backoffMs: 1 })
  return { answer, asked: server.asked }
}

it("reads the temperature in degrees Celsius and the time of its measurement", async () => {
  const { answer, asked } = await read(weather)
  expect(answer).toEqual({ kind: "weather", celsius: 17.3, time: "2025-11-20T00:53:20.000Z" })
  expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toEqual({ q: "London,GB", units: "metric", appid: "k1" })
})

it("tries again where the service fails or asks for patience", async () => {
  const { answer } = await read({ status: 503, body: {} }, { status: 429, body: {} }, weather)
  expect(answer).toMatchObject({ kind: "weather" })
})

it.each([
  [401, "OPENWEATHER_API_KEY"],
  [404, "does not know this city"],
])("does not insist after status %d", async (status, sentence) => {
  const { answer, asked } = await read({ status, body: {} }, weather)
  expect(answer).toMatchObject({ kind: "problem", reason: expect.stringContaining(sentence) })
  expect(asked).toHaveLength(1)
})

it("says what is wrong where the service fails for good", async () => {
  expect((await read()).answer).toEqual({ kind: "problem", reason: "London,GB: OpenWeather gave status 500." })
})

it("takes no answer without a temperature", async () => {
  expect((await read({ status: 200, body: { main: {} } })).answer).toMatchObject({ kind: "problem" })
})

it("tells nobody the key where the service cannot be reached", async () => {
  const answer = await currentWeather("Oslo", {
    apiKey: "secret",
    baseUrl: "http://127.0.0.1:1",
    signal,
    backoffMs: 1,
  })
  expect(answer.kind).toBe("problem")
  expect(JSON.stringify(answer)).not.toContain("secret")
})

it("names a city's sensor after it", () => expect(sensorOf("São Paulo,BR")).toBe("são-paulo-br"))
