/** What a topic's settings promise, as a user of the HTTP API sees it on a server whose upkeep has a short interval. */
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Fetched, TopicConfigInput, TopicOffsets, UpkeepStatus } from "stratalog/protocol"
import { type RunningServer, type ServerOptions, startServer } from "stratalog-server"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"

const PATIENCE = { timeout: 30_000, interval: 20 }

let dataDir: string
let server: RunningServer
/** What an operator should look at; that somebody made a topic is none of it. */
const troubles: unknown[] = []

async function start(): Promise<void> {
  const upkeep = { maxTierAgeMs: 0, minDirtyRatio: 0 }
  const report: ServerOptions["report"] = (event) => {
    if (event.level !== "info") troubles.push(event)
  }
  server = await startServer({ dataDir, port: 0, upkeepIntervalMs: 20, upkeep, report, journalFileBytes: 65_536 })
}

beforeEach(async () => {
  troubles.length = 0
  dataDir = await mkdtemp(join(tmpdir(), "stratalog-upkeep-"))
  await start()
})

afterEach(async () => {
  await server.close()
  await rm(dataDir, { recursive: true })
  expect(troubles).toEqual([])
})

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers = { "content-type": "application/json" }
  const request = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) }
  const response = await fetch(`${server.url}/v1/topics/orders${path}`, request)
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return JSON.parse(text)
}

const create = (config: TopicConfigInput) => call("PUT", "", { partitions: 1, config })

interface Given {
  readonly key?: string
  readonly value: unknown
  readonly timestamp?: number
}

const produce = (...records: readonly Given[]) => call("POST", "/partitions/0/records", { records })

async function offsets(): Promise<{ readonly logStartOffset: number; readonly highWatermark: number }> {
  const found = await call<TopicOffsets>("GET", "/offsets")
  const { logStartOffset = -1, highWatermark = -1 } = found.offsets[0] ?? {}
  return { logStartOffset, highWatermark }
}

async function everything(): Promise<Fetched["records"]> {
  const { logStartOffset } = await offsets()
  const { records } = await call<Fetched>("GET", `/partitions/0/records?offset=${logStartOffset}&limit=10000`)
  return records
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  return Number(new RegExp(`^${name} (.*)$`, "m").exec(text)?.[1])
}

describe("a topic on a server that keeps its logs up", () => {
  it("loses what is older than retention.ms, and nothing younger", async () => {
    await create({ "retention.ms": 3_600_000 })
    const now = Date.now()
    for (let age = 5; age >= 0; age--) await produce({ value: age, timestamp: now - age * 1_000_000 })
    await vi.waitFor(async () => expect(await offsets()).toEqual({ logStartOffset: 2, highWatermark: 6 }), PATIENCE)
    expect((await everything()).map(({ value }) => value)).toEqual([3, 2, 1, 0])
    expect(await metric("stratalog_upkeep_expired_records_total")).toBe(2)
  })

  it("keeps about retention.bytes, the newest, and gives the space back", async () => {
    await create({ "retention.bytes": 100_000 })
    const value = "x".repeat(5_000)
    for (let count = 0; count < 100; count++) await produce({ value })
    await vi.waitFor(async () => expect((await offsets()).logStartOffset).toBe(80), PATIENCE)
    expect(await everything()).toHaveLength(20)
    const journal = async () => (await readdir(join(dataDir, "journal"))).filter((name) => name.endsWith(".journal"))
    await vi.waitFor(async () => expect((await journal()).length).toBeLessThan(5), PATIENCE)
  })

  it("with cleanup.policy=compact keeps the last value of each key", async () => {
    await create({ "cleanup.policy": "compact" })
    for (let round = 0; round < 20; round++) {
      await produce({ key: "a", value: round }, { key: "b", value: round }, { key: `only-${round}`, value: round })
    }
    const last = new Map([
      ["a", 19],
      ["b", 19],
      ...Array.from({ length: 20 }, (_, round) => [`only-${round}`, round] as const),
    ])
    const shown = async () => (await everything()).map(({ key, value }) => [key, value] as const)
    await vi.waitFor(async () => expect((await shown()).length).toBe(last.size), PATIENCE)
    expect(new Map(await shown())).toEqual(last)
    await server.close()
    await start()
    expect(new Map(await shown())).toEqual(last)
    expect(await offsets()).toEqual({ logStartOffset: 0, highWatermark: 60 })
  })

  it("with cleanup.policy=compact forgets deleted keys, and in the end that they were deleted", async () => {
    await create({ "cleanup.policy": "compact", "delete.retention.ms": 1 })
    await produce({ key: "a", value: 1 }, { key: "b", value: 1 })
    await produce({ key: "a", value: null })
    let turn = 0
    await vi.waitFor(async () => {
      await produce({ key: "c", value: turn++ })
      const records = await everything()
      expect(records.some(({ key }) => key === "a")).toBe(false)
      expect(records.filter(({ key }) => key === "b")).toHaveLength(1)
    }, PATIENCE)
    expect((await everything()).at(-1)).toMatchObject({ key: "c", value: turn - 1 })
  })

  it("leaves nothing behind when it is deleted", async () => {
    await create({ "cleanup.policy": "compact" })
    await produce({ key: "a", value: 1 })
    await vi.waitFor(async () => expect(await metric("stratalog_upkeep_tiered_segments_total")).toBe(1), PATIENCE)
    const objects = async () => {
      const found = await readdir(join(dataDir, "objects"), { recursive: true, withFileTypes: true })
      return found.filter((entry) => entry.isFile())
    }
    expect(await objects()).toHaveLength(1)
    await call("DELETE", "").catch((error: unknown) => {
      if (!String(error).includes("JSON")) throw error
    })
    await vi.waitFor(async () => expect(await objects()).toHaveLength(0), PATIENCE)
  })
})

it("tells when it last ran, and what is left to do, also after a restart", async () => {
  const status = async () => {
    const response = await fetch(`${server.url}/v1/upkeep`)
    return (await response.json()) as UpkeepStatus
  }
  const began = Date.now()
  await create({})
  await produce({ value: 1 })
  await vi.waitFor(async () => {
    const { lastRun, lastRound, lastSweep, lastNudge } = await status()
    expect(lastRun).toMatchObject({ complete: true, failures: { count: 0 } })
    expect(lastRound).toMatchObject({ partitions: 1, backlog: { waitingBytes: 0, overduePartitions: 0 } })
    expect(lastRound?.endedAt).toBeGreaterThanOrEqual(began)
    expect(lastSweep).toMatchObject({ removed: { objects: 0, items: 0, bytes: 0 } })
    expect(lastNudge).toBeNull()
  }, PATIENCE)
  const before = (await status()).lastSweep
  await server.close()
  await start()
  expect((await status()).lastSweep?.startedAt).toBeGreaterThanOrEqual(before?.startedAt ?? 0)
})
