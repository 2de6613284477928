import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type RunningServer, startServer } from "stratalog-server"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { progressLine } from "../../../sdk/cli/format/progress-line.ts"
import { quantitiesFor } from "../../../sdk/cli/format/quantities.ts"
import { throughput } from "../../../sdk/cli/parse/throughput.ts"
import { Latencies } from "../../../sdk/cli/perf/latencies.ts"
import { filePayloads, randomPayloads } from "../../../sdk/cli/perf/payloads.ts"
import { ratesOf } from "../../../sdk/cli/perf/rates.ts"
import { Throttle } from "../../../sdk/cli/perf/throttle.ts"
import { type CliOptions, runCli } from "../../fakes/cli-io.ts"

describe("latencies", () => {
  it("are summed up with percentiles to within one per cent", () => {
    const latencies = new Latencies()
    expect(latencies.summary()).toBeUndefined()
    for (let ms = 1_000; ms >= 1; ms--) latencies.add(ms)
    const { avg, p50, p95, p99, p999, max } = latencies.summary() ?? expect.fail("no summary")
    expect([avg, max]).toEqual([500.5, 1_000])
    for (const [told, exact] of [
      [p50, 500],
      [p95, 950],
      [p99, 990],
      [p999, 999],
    ] as const) {
      expect(told).toBeGreaterThanOrEqual(exact)
      expect(told).toBeLessThanOrEqual(exact * 1.011)
    }
  })

  it("tell a single one exactly, and take what clocks make negative for none", () => {
    const one = new Latencies()
    one.add(3.7)
    expect(one.summary()).toEqual({ avg: 3.7, p50: 3.7, p95: 3.7, p99: 3.7, p999: 3.7, max: 3.7 })
    const none = new Latencies()
    none.add(-5)
    expect(none.summary()).toMatchObject({ avg: 0, p50: 0, max: 0 })
  })
})

describe("a throttle", () => {
  const watch = (elapsed: { now: number }) => ({
    now: () => elapsed.now,
    sleep: async (ms: number) => {
      elapsed.now += ms
    },
  })
  const { signal } = new AbortController()

  it("lets so many records through a second, and sleeps for several of them at once", async () => {
    const elapsed = { now: 500 }
    const throttle = new Throttle(1_000, watch(elapsed))
    let sleeps = 0
    for (let record = 0; record < 3_000; record++) {
      const wait = throttle.sent(signal)
      if (wait !== undefined) sleeps++
      await wait
    }
    expect(elapsed.now).toBeCloseTo(3_500, 0)
    expect(sleeps).toBeLessThan(1_501)
  })

  it("catches up with what it is behind, and does nothing where there is no bound", async () => {
    const elapsed = { now: 0 }
    const throttle = new Throttle(10, watch(elapsed))
    elapsed.now = 1_000
    for (let record = 0; record < 10; record++) expect(throttle.sent(signal)).toBeUndefined()
    await throttle.sent(signal)
    expect(elapsed.now).toBe(1_100)
    expect(new Throttle(Number.POSITIVE_INFINITY, watch(elapsed)).sent(signal)).toBeUndefined()
  })
})

describe("a throughput", () => {
  it("is a number of records a second, or Kafka's -1", () => {
    expect([throughput("0.5"), throughput("100"), throughput("-1")]).toEqual([0.5, 100, Number.POSITIVE_INFINITY])
    expect(() => throughput("-2")).toThrow("100 or 0.5")
  })
})

describe("rates", () => {
  it("are by the second, in megabytes of 2^20 bytes", () => {
    const volume = { records: 3_000, bytes: 3 * 1024 ** 2, elapsedMs: 2_000 }
    expect(ratesOf(volume)).toEqual({ recordsPerSecond: 1_500, megabytesPerSecond: 1.5 })
    expect(Number.isFinite(ratesOf({ records: 1, bytes: 1, elapsedMs: 0 }).recordsPerSecond)).toBe(true)
  })
})

describe("a progress line", () => {
  const show = quantitiesFor(true)
  const state = { done: 1_000, total: 3_000, elapsedMs: 2_000, unit: "records" } as const

  it("shows how far it is, how fast, and how long it takes", () => {
    const line = progressLine(state, show, 100)
    expect(line).toBe("[████████                ]   33%  1,000 of 3,000 records  500/s  4 s left")
    expect(progressLine({ ...state, total: 1_000_000 }, show, 100)).toContain("33 min 18 s left")
    expect(progressLine({ ...state, done: 3_000 }, show, 100)).not.toContain("left")
    expect(progressLine({ ...state, unit: "bytes", done: 2_048, total: 4_096 }, show, 100)).toContain(
      "2.0 KiB of 4.0 KiB",
    )
  })

  it("has no bar where the end is not known, and never breaks into a second line", () => {
    expect(progressLine({ ...state, total: undefined }, show, 100)).toBe("1,000 records  500/s")
    expect(progressLine({ ...state, elapsedMs: 0, done: 0 }, show, 100)).toContain("0/s")
    expect(progressLine(state, show, 20)).toHaveLength(19)
  })
})

describe("strata perf", () => {
  let dataDir: string
  let server: RunningServer
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "strata-perf-"))
    server = await startServer({ dataDir, port: 0 })
    await strata("topic create perf --partitions 2")
  })
  afterAll(async () => {
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  const strata = (line: string, options: CliOptions = {}) =>
    runCli(line.split(" "), { ...options, env: { STRATALOG_URL: server.url } })

  it("appends and reads as many records as it is told, and says how fast", async () => {
    const produced = await strata("perf produce perf --num-records 500 --record-size 100")
    expect(produced).toMatchObject({ code: 0, stderr: "" })
    expect(produced.stdout).toMatch(
      /^500 records sent, [\d.]+ records\/sec \([\d.]+ MB\/sec\), [\d.]+ ms avg latency, [\d.]+ ms max latency, [\d.]+ ms 50th, [\d.]+ ms 95th, [\d.]+ ms 99th, [\d.]+ ms 99\.9th\.\n$/,
    )
    const inJson = JSON.parse((await strata("perf produce perf --num-records 20 --partition 1 --json")).stdout)
    expect(inJson).toMatchObject({ topic: "perf", records: 20, bytes: 20 * 1024, latency: { p99: expect.any(Number) } })
    const values = (await strata("consume perf --format utf8 --max 3")).stdout.trim().split("\n")
    expect(values).toEqual(Array.from({ length: 3 }, () => expect.stringMatching(/^[A-Z]{100}$/)))
    const read = await strata("perf consume perf --num-records 520")
    expect(read.stdout).toMatch(/^520 records read, [\d.]+ records\/sec \([\d.]+ MB\/sec\)\.\n$/)
    expect(JSON.parse((await strata("perf consume perf --num-records 7 --json")).stdout).records).toBe(7)
  })

  it("reports in between, and draws its progress for a person alone", async () => {
    const produce = "perf produce perf --num-records 30 --throughput 300 --reporting-interval 1"
    const piped = await strata(produce)
    expect(piped.stdout.trim().split("\n").length).toBeGreaterThan(1)
    expect(piped.stderr).toBe("")
    const drawn = (await strata(produce, { terminal: true })).stderr.split("\r\u001b[K")
    expect(drawn[1]).toMatch(/^\[█* *\] +\d+% {2}\d+ of 30 records/)
    expect(drawn.at(-1)).toBe("")
    expect((await strata(`${produce} --json`, { terminal: true })).stderr).toBe("")
  })

  it("tells the way of records that are produced while it reads", async () => {
    let isRead = false
    const produced = strata("perf produce perf --num-records 1000000 --throughput 200 --reporting-interval 10", {
      onOutput: (_text, cli) => isRead && cli.stop("SIGINT"),
    })
    const read = await strata("perf consume perf --num-records 5 --from-latest --json")
    isRead = true
    expect(await produced).toMatchObject({ code: 130 })
    expect(JSON.parse(read.stdout)).toMatchObject({ records: 5, latency: { avg: expect.any(Number) } })
  })

  it("reads as a member of a group", async () => {
    const read = await strata("perf consume perf --num-records 400 --group measured --json")
    expect(read).toMatchObject({ code: 0, stderr: "" })
    expect(JSON.parse(read.stdout)).toMatchObject({ records: 400 })
    expect(JSON.parse((await strata("group describe measured --json")).stdout)).toMatchObject({
      state: "Empty",
      partitions: expect.arrayContaining([expect.objectContaining({ committedOffset: expect.any(Number) })]),
    })
  })

  it("ends when nothing comes any more", async () => {
    await strata("topic create quiet")
    const ended = await strata("perf consume quiet --num-records 5 --timeout 50")
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^0 records read/) })
    expect(ended.stderr).toContain("5 fewer")
  })

  it("takes its values from a file, over and over", async () => {
    const path = join(dataDir, "payloads.txt")
    await writeFile(path, "first\r\n\nsecond\n")
    await strata("topic create lines")
    expect((await strata(`perf produce lines --num-records 5 --payload-file ${path}`)).code).toBe(0)
    expect((await strata("consume lines --format utf8")).stdout).toBe("first\nsecond\nfirst\nsecond\nfirst\n")
    await writeFile(path, "\n")
    await expect(filePayloads(path)).rejects.toThrow("nothing to send")
  })

  it("gives back what was sent when it is told to end", async () => {
    const ended = await strata("perf produce perf --num-records 1000000 --throughput 200 --reporting-interval 1", {
      onOutput: (_text, cli) => cli.stop("SIGINT"),
    })
    expect(ended).toMatchObject({ code: 130, stderr: "" })
    expect(ended.stdout).toContain("99.9th")
  })

  it.each([
    ["perf produce perf --num-records 1 --record-size 1 --payload-file x", 2, "not both"],
    ["perf produce perf", 2, "--num-records"],
    ["perf produce perf --num-records 1 --throughput 0", 2, "more than 0"],
    ["perf produce nothing --num-records 1", 1, "topic create"],
    ["perf produce perf --num-records 1 --partition 9", 1, "partition"],
    ["perf produce perf --num-records 1 --payload-file /no/such", 1, "Cannot read"],
    ["perf consume perf --num-records 1 --group g --partition 0", 2, "leave out --partition"],
    ["perf consume nothing --num-records 1", 1, "topic create"],
    ["perf consume perf --num-records 1 --timeout x", 2, "duration"],
  ])("says what is wrong: %s", async (line, code, told) => {
    expect(await strata(line)).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(told) })
  })
})

describe("random payloads", () => {
  it("are letters of the size that is asked for", () => {
    let n = 0
    const payloads = randomPayloads(10, () => (n++ % 100) / 100)
    expect(Buffer.from(payloads()).toString()).toMatch(/^[A-Z]{10}$/)
  })
})
