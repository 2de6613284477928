/** The examples as processes, on the deployment. What each does in every case is tested on a server of its own (test/e2e). */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { busArrivals } from "../../../examples/buses/arrivals.ts"
import { rebuild } from "../../../examples/event-sourcing/ledger.ts"
import { logLines } from "../../../examples/logs/lines.ts"
import { ASSORTMENT, notices, orders } from "../../../examples/orders/orders.ts"
import { Stock } from "../../../examples/orders/stock.ts"
import { temperatureAlerts, temperatures } from "../../../examples/temperature/readings.ts"
import { weather, weatherAlerts } from "../../../examples/weather/readings.ts"
import { ExampleProcesses } from "../../e2e/example-process.ts"
import { recordsOf } from "../../e2e/example-server.ts"
import { deployment, log } from "../deployment.ts"

let directory: string
let processes: ExampleProcesses

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "stratalog-example-"))
  processes = new ExampleProcesses(directory)
})
afterAll(async () => {
  await processes[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

/** Begins anew: an earlier run may have left its topics. */
async function run(name: string, ...args: readonly string[]): Promise<string> {
  const env = { STRATALOG_URL: deployment.api }
  const { code, output } = await processes.start(name, [...args, "--reset"], env).ended
  expect(code, output).toBe(0)
  return output
}

it("temperature: each reading is processed once, each alarming one with its alert", async () => {
  const output = await run("temperature", "--speed", "max", "--stop-after", "600")
  expect(output).toContain("600 readings processed")
  const readings = await recordsOf(temperatures(log))
  expect(readings.length).toBeGreaterThanOrEqual(600)
  for (const { value } of await recordsOf(temperatureAlerts(log))) {
    expect(readings[0]).toBeDefined()
    expect(readings.some((reading) => reading.value.sensor === value.sensor && reading.value.time === value.time)).toBe(
      true,
    )
  }
})

it("weather: recorded weather is published, and warned of", async () => {
  const args = ["--first-day", "2012-06-15", "--rounds", "20", "--every", "0.001", "--low", "20"]
  const output = await run("weather", ...args)
  expect(output).toContain("Published 40 readings from recorded weather")
  const alarming = (await recordsOf(weather(log))).filter(({ value }) => value.celsius > 35 || value.celsius < 20)
  expect((await recordsOf(weatherAlerts(log))).length).toBe(alarming.length)
})

it("buses: the sample goes through both groups", async () => {
  const output = await run("buses", "--source", "sample", "--rounds", "3", "--every", "0.01")
  expect(output).toContain(`Published ${(await recordsOf(busArrivals(log))).length} arrivals.`)
  expect(output).toContain("Next at each stop:")
})

it("logs: lines are generated and tailed", async () => {
  const output = await run("logs", "--lines", "100", "--rate", "max", "--seed", "7")
  expect(output).toContain("Tailed: ")
  expect(await recordsOf(logLines(log))).toHaveLength(100)
})

it("orders: the inventory is exact, and everybody is told", async () => {
  const args = ["--count", "60", "--rate", "max", "--seed", "1", "--database", "stock.sqlite"]
  const output = await run("orders", ...args)
  expect(output).toContain("Took 60 orders")
  using stock = new Stock(join(directory, "stock.sqlite"), ASSORTMENT)
  const placed = (await recordsOf(orders(log))).map(({ value }) => value)
  for (const { item, left, reserved } of stock.all()) {
    const taken = placed.filter((order) => order.item === item)
    expect(reserved).toBeLessThanOrEqual(taken.reduce((sum, { quantity }) => sum + quantity, 0))
    expect(left + reserved).toBe(ASSORTMENT[item as keyof typeof ASSORTMENT])
  }
  const told = new Set((await recordsOf(notices(log))).map(({ value }) => value.order))
  expect(told).toEqual(new Set(placed.filter(({ email }) => email.includes("@")).map(({ number }) => number)))
})

it("event-sourcing: the accounts are the same from their events and from snapshots", async () => {
  const output = await run("event-sourcing", "--months", "2")
  expect(output).toContain(": the same.")
  const { events } = await rebuild(log)
  expect(output).toContain(`From ${events} events:`)
})
