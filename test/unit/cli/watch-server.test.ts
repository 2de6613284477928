import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Stratalog } from "stratalog"
import { startServer } from "stratalog-server"
import { describe, expect, it } from "vitest"
import { metricLines } from "../../../sdk/cli/watch/exposition.ts"
import { type ServerSample, seeingServer, serverFigures, serverSample } from "../../../sdk/cli/watch/server-figures.ts"

describe("a page of metrics", () => {
  it("is read by its lines, whatever is in their labels", () => {
    const page = [
      "# HELP a_total Something.",
      "# TYPE a_total counter",
      'a_total{topic="x",code="with \\"quotes\\", {braces} and \\\\ \\nlines"} 3',
      "b 1.5e3",
      'c_bucket{le="+Inf"} 2',
      "half a line",
      "d NaN",
      "",
    ].join("\n")
    expect(metricLines(page)).toEqual([
      { name: "a_total", labels: { topic: "x", code: 'with "quotes", {braces} and \\ \nlines' }, value: 3 },
      { name: "b", labels: {}, value: 1_500 },
      { name: "c_bucket", labels: { le: "+Inf" }, value: 2 },
    ])
  })

  it("of a server tells how busy it is", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "strata-metrics-"))
    const server = await startServer({ dataDir, port: 0 })
    const sampled = async (at: number) => {
      const sample = serverSample(await (await fetch(`${server.url}/metrics`)).text(), at)
      if (sample === undefined) throw new Error("it is no page of metrics")
      return sample
    }
    const log = new Stratalog({ url: server.url })
    await log.topics.create("orders")
    const first = await sampled(0)
    for (let n = 0; n < 10; n++) await log.topic("orders").produce([{ value: n }])
    await expect(log.topics.get("nothing")).rejects.toThrow()
    const figures = serverFigures(seeingServer(seeingServer([], first), await sampled(10_000)))
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
    expect(figures).toMatchObject({
      errorsPerSecond: [{ code: "topic_not_found", perSecond: 0.1 }],
      waitingReaders: 0,
      connections: expect.any(Number),
    })
    // The page counts itself, or not: by its own rules.
    expect(figures?.requestsPerSecond).toBeGreaterThanOrEqual(1.1)
    expect(figures?.appendP99Seconds).toBeGreaterThan(0)
    expect(figures?.startedAt).toBeGreaterThan(1_600_000_000)
  })

  it("of something else is none", () => {
    expect(serverSample("<html>", 0)).toBeUndefined()
    expect(serverSample("process_start_time_seconds 5\n", 0)).toBeUndefined()
  })
})

describe("the figures of a server", () => {
  const sample = (at: number, requests: number, more: Partial<ServerSample> = {}): ServerSample => ({
    at,
    startedAt: 1,
    requests,
    errors: new Map(),
    appendsWithin: new Map(),
    waitingReaders: 0,
    connections: 0,
    ...more,
  })
  const figuresAfter = (...samples: readonly ServerSample[]) =>
    serverFigures(samples.reduce<readonly ServerSample[]>(seeingServer, []))

  it("are of the time between two looks", () => {
    expect(figuresAfter()).toBeUndefined()
    expect(figuresAfter(sample(0, 100))).toMatchObject({ requestsPerSecond: null, errorsPerSecond: [] })
    const [few, many] = [
      new Map([["a", 1]]),
      new Map([
        ["a", 3],
        ["b", 40],
      ]),
    ]
    expect(figuresAfter(sample(0, 100, { errors: few }), sample(10_000, 150, { errors: many }))).toMatchObject({
      requestsPerSecond: 5,
      errorsPerSecond: [
        { code: "b", perSecond: 4 },
        { code: "a", perSecond: 0.2 },
      ],
    })
  })

  it("begin anew with another process, or a counter that does", () => {
    expect(figuresAfter(sample(0, 100), sample(1_000, 500, { startedAt: 2 }))).toMatchObject({
      requestsPerSecond: null,
    })
    expect(figuresAfter(sample(0, 100), sample(1_000, 50))).toMatchObject({ requestsPerSecond: null })
  })

  it("tell within which time 99 of 100 appends were made since", () => {
    const within = (fast: number, slow: number, all: number) => ({
      appendsWithin: new Map([
        [0.001, fast],
        [0.01, slow],
        [Number.POSITIVE_INFINITY, all],
      ]),
    })
    const between = (fast: number, slow: number, all: number) =>
      figuresAfter(
        sample(0, 0, within(1_000, 1_000, 1_000)),
        sample(1_000, 0, within(1_000 + fast, 1_000 + slow, 1_000 + all)),
      )?.appendP99Seconds
    expect(between(99, 100, 100)).toBe(0.001)
    expect(between(98, 100, 100)).toBe(0.01)
    expect(between(50, 60, 100)).toBeNull()
    expect(between(0, 0, 0)).toBeNull()
  })
})
