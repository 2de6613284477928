/** Live readings, from a server that answers as OpenWeather does. */
import { createServer, type Server } from "node:http"
import { afterEach, beforeEach, expect, it } from "vitest"
import { currentReading } from "../../../examples/temperature/live.ts"

let server: Server
let baseUrl: string
let answers: { readonly status: number; readonly body: unknown }[]
let asked: URL[]

beforeEach(async () => {
  answers = []
  asked = []
  server = createServer((request, response) => {
    asked.push(new URL(request.url ?? "", baseUrl))
    const answer = answers.shift() ?? { status: 500, body: {} }
    response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  baseUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const read = (signal = new AbortController().signal) =>
  currentReading("London,GB", { apiKey: "k1", signal }, baseUrl, 1)
const weather = { status: 200, body: { name: "London", main: { temp: 17.3, humidity: 60 }, dt: 1_763_600_000 } }

it("reads the temperature in degrees Celsius and the time of its measurement", async () => {
  answers = [weather]
  expect(await read()).toEqual({
    kind: "reading",
    reading: { sensor: "london-gb", celsius: 17.3, time: "2025-11-20T00:53:20.000Z" },
  })
  expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toEqual({ q: "London,GB", units: "metric", appid: "k1" })
})

it("tries again where the service fails or asks for patience", async () => {
  answers = [{ status: 503, body: {} }, { status: 429, body: {} }, weather]
  expect(await read()).toMatchObject({ kind: "reading" })
})

it("gives up after some attempts", async () => {
  expect(await read()).toMatchObject({ kind: "problem", reason: "London,GB: OpenWeather answered with status 500." })
  expect(asked).toHaveLength(4)
})

it.each([
  [401, "OPENWEATHER_API_KEY"],
  [404, "does not know this city"],
])("does not insist after status %d", async (status, sentence) => {
  answers = [{ status, body: {} }]
  expect(await read()).toMatchObject({ kind: "problem", reason: expect.stringContaining(sentence) })
  expect(asked).toHaveLength(1)
})

it("takes no answer without a temperature", async () => {
  answers = [{ status: 200, body: { main: {} } }]
  expect(await read()).toMatchObject({ kind: "problem" })
})

it("tells nobody the key where the service cannot be reached", async () => {
  const answer = await currentReading(
    "Oslo",
    { apiKey: "secret", signal: new AbortController().signal },
    "http://127.0.0.1:1",
    1,
  )
  expect(answer.kind).toBe("problem")
  expect(JSON.stringify(answer)).not.toContain("secret")
})

it("ends at once where it is told to", async () => {
  expect(await read(AbortSignal.abort())).toMatchObject({ kind: "problem" })
  expect(asked).toHaveLength(0)
})
