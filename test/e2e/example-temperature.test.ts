/** The temperature example against a real server: stopped, killed and started again, it misses nothing. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Stratalog, StratalogError } from "stratalog"
import { type RunningServer, startServer } from "stratalog-server"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { paced } from "../../examples/program/paced.ts"
import { produce } from "../../examples/temperature/produce.ts"
import {
  type Alert,
  createTopics,
  GROUP,
  type Reading,
  temperatureAlerts,
  temperatures,
} from "../../examples/temperature/readings.ts"
import { loadReadings } from "../../examples/temperature/sensors.ts"
import { watch } from "../../examples/temperature/watch.ts"
import { ExampleProcesses } from "./example-process.ts"

const thresholds = { high: 30, low: 0 }
const never = new AbortController().signal
const dataset = await loadReadings()
const alarming = dataset.filter(({ celsius }) => celsius > 30 || celsius < 0)
const nameOf = ({ sensor, time }: Pick<Reading, "sensor" | "time">) => `${sensor} ${time}`

let directory: string
let server: RunningServer
let log: Stratalog
let processes: ExampleProcesses

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "stratalog-example-"))
  processes = new ExampleProcesses(directory)
  server = await startServer({ dataDir: join(directory, "data"), port: 0 })
  log = new Stratalog({ url: server.url })
})
afterEach(async () => {
  await processes[Symbol.asyncDispose]()
  await server.close()
  await rm(directory, { recursive: true, force: true })
})

async function publishAll(): Promise<void> {
  await createTopics(log)
  await produce(log, paced(dataset, Number.POSITIVE_INFINITY, never))
}

/** The readings that a consumer processes until the end, or until it is stopped behind so many. */
async function processed(stopAfter = Number.POSITIVE_INFINITY): Promise<Reading[]> {
  const stop = new AbortController()
  const readings: Reading[] = []
  const onReading = ({ value }: { readonly value: Reading }) => {
    if (readings.push(value) >= stopAfter) stop.abort()
  }
  await watch(log, { thresholds, follow: false, signal: stop.signal, onReading })
  return readings
}

async function publishedAlerts(): Promise<Alert[]> {
  const alerts: Alert[] = []
  for await (const { value } of temperatureAlerts(log).read()) alerts.push(value)
  return alerts
}

async function totalCommitted(): Promise<number> {
  try {
    const committed = await log.group(GROUP).committed({ topic: temperatures(log).name })
    return committed.reduce((sum, { offset }) => sum + offset, 0)
  } catch (error) {
    if (error instanceof StratalogError && error.code === "group_not_found") return 0
    throw error
  }
}

describe("the consumer", () => {
  it("goes on where it stopped: each reading once, each alarming one with its alert", async () => {
    await publishAll()
    const first = await processed(2000)
    const second = await processed(1234)
    const rest = await processed()
    expect([first.length, second.length, rest.length]).toEqual([2000, 1234, dataset.length - 3234])
    const names = [...first, ...second, ...rest].map(nameOf)
    expect(names.toSorted()).toEqual(dataset.map(nameOf).toSorted())
    expect((await publishedAlerts()).map(nameOf).toSorted()).toEqual(alarming.map(nameOf).toSorted())
    expect(await processed()).toEqual([])
  })

  it("keeps the order of each sensor", async () => {
    await publishAll()
    const readings = [...(await processed(3000)), ...(await processed())]
    for (const sensor of new Set(dataset.map((reading) => reading.sensor))) {
      const own = (all: readonly Reading[]) => all.filter((reading) => reading.sensor === sensor)
      expect(own(readings)).toEqual(own(dataset))
    }
  })

  it("commits nothing whose alerts are not durable", async () => {
    await publishAll()
    await log.topics.delete(temperatureAlerts(log).name)
    await expect(processed()).rejects.toMatchObject({ code: "topic_not_found" })
    expect(await totalCommitted()).toBe(0)
  })
})

describe("the processes", () => {
  it("lose no reading where the consumer is killed, nor twice count one where it is stopped", async () => {
    await createTopics(log)
    const env = { STRATALOG_URL: server.url }
    const producer = processes.start("temperature", ["produce", "--speed", "2000"], env)
    const killed = processes.start("temperature", ["consume"], env)
    await expect.poll(totalCommitted, { timeout: 30_000 }).toBeGreaterThan(500)
    killed.child.kill("SIGKILL")
    await killed.ended
    const afterKill = await totalCommitted()

    const stopped = processes.start("temperature", ["consume"], env)
    await expect.poll(totalCommitted, { timeout: 30_000 }).toBeGreaterThan(afterKill)
    stopped.child.kill("SIGINT")
    expect(await stopped.ended).toMatchObject({ code: 0, output: expect.stringContaining("Stopped and committed") })
    expect(await producer.ended).toMatchObject({
      code: 0,
      output: expect.stringContaining(`${dataset.length} readings`),
    })
    await processed()

    expect(await log.group(GROUP).lag()).toMatchObject({ totalLag: 0 })
    const alerts = await publishedAlerts()
    expect(new Set(alerts.map(nameOf))).toEqual(new Set(alarming.map(nameOf)))
    const places = new Set(alerts.map(({ partition, offset }) => `${partition}:${offset}`))
    expect(places.size).toBe(alarming.length)
  })

  it("show everything in one, with a server of their own, and go on in the next run", async () => {
    const first = await processes.start("temperature", ["--speed", "max", "--stop-after", "2000"]).ended
    expect(first).toMatchObject({ code: 0, output: expect.stringContaining("2000 readings processed;") })
    const second = await processes.start("temperature", ["--speed", "max"]).ended
    expect(second.output).toContain(
      `${dataset.length} readings processed, ${dataset.length - 2000} of them in this run`,
    )
    for (const sensor of new Set(dataset.map((reading) => reading.sensor))) {
      const alerts = alarming.filter((reading) => reading.sensor === sensor).length
      expect(second.output).toMatch(new RegExp(`^${sensor} .* ${alerts}  \\d:\\d+ +0$`, "m"))
    }
    const third = await processes.start("temperature", ["--speed", "max"]).ended
    expect(third.output).toContain("0 of them in this run")
  })

  it("say what to do where no server runs", async () => {
    const gone = await startServer({ dataDir: join(directory, "gone"), port: 0 })
    await gone.close()
    const { code, output } = await processes.start("temperature", ["consume"], { STRATALOG_URL: gone.url }).ended
    expect(code).toBe(1)
    expect(output).toBe(`No server answers at ${gone.url}: start one with npm start, or set STRATALOG_URL.\n`)
  })
})
