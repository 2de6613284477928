/** A server that is sent everything but requests stays what it was. `STRATALOG_SEED` repeats a run, `STRATALOG_FUZZ` makes it longer. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { seededRandom } from "../torture/random.ts"
import { SMUGGLED } from "./attacks.ts"
import { type Bomb, makeBombs } from "./bombs.ts"
import { type FuzzedServer, letLoose, startFuzzed } from "./fuzz.ts"
import type { Held } from "./server.ts"

const seed = Number(process.env["STRATALOG_SEED"] ?? Math.floor(Math.random() * 2 ** 31))
const COUNT = Number(process.env["STRATALOG_FUZZ"] ?? 600)
const LANES = 24

const MiB = 1024 * 1024

/** What may be remembered of thousands of requests: the newest 32 MiB of the log, metrics, compiled code. */
const MAY_GROW = 80 * MiB
const MAY_GROW_RESIDENT = 300 * MiB

let folder: string
let bombs: readonly [Bomb, ...Bomb[]]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stratalog-fuzz-"))
  bombs = await makeBombs()
  console.log(`fuzz: STRATALOG_SEED=${seed}`)
})
afterAll(() => rm(folder, { recursive: true }))

const json = async (url: string, method = "GET", body?: unknown) => {
  const headers = { "content-type": "application/json" }
  const answer = await fetch(url, { method, ...(body !== undefined && { headers, body: JSON.stringify(body) }) })
  return { status: answer.status, body: await answer.text() }
}

const KEPT = "/v1/topics/kept/partitions/0/records?limit=1000"

async function fill({ url }: FuzzedServer): Promise<string> {
  for (const topic of ["kept", "fuzzed", "large"]) await json(`${url}/v1/topics/${topic}`, "PUT", { partitions: 1 })
  const records = Array.from({ length: 200 }, (_, index) => ({ key: `k${index}`, value: { index } }))
  await json(`${url}/v1/topics/kept/partitions/0/records`, "POST", { records })
  for (let index = 0; index < 4; index++) {
    const answer = await json(`${url}/v1/topics/large/partitions/0/records`, "POST", {
      records: [{ value: "x".repeat(900_000) }],
    })
    expect(answer.status).toBe(200)
  }
  return (await json(`${url}${KEPT}`)).body
}

/** Asks again and again, on connections of its own, until told to stop; how often it got anything but its answer. */
function honestCaller({ url }: FuzzedServer, expected: string) {
  let wrong = 0
  let asked = 0
  let stopped = false
  const running = (async () => {
    while (!stopped) {
      const answer = await json(`${url}${KEPT}`).catch((error: unknown) => ({ status: 0, body: String(error) }))
      asked++
      if (answer.body !== expected) wrong++
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })()
  return {
    stop: async () => {
      stopped = true
      await running
      return { asked, wrong }
    },
  }
}

/** What was freed last may take a while to be gone: looks without less held. */
const CALM = 3

/** Work for callers that are gone goes on, such as decompression that waits for its turn: longer on a busy machine. */
const PATIENCE = { timeout: 120_000, interval: 200 }

/** The least that is held once those are gone that were left to its timeouts, and their work is done. */
async function atRest(server: FuzzedServer): Promise<Held> {
  await expect.poll(() => server.measure(), PATIENCE).toMatchObject({ sockets: 0, requests: 0 })
  let least = await server.measure()
  for (let calm = 0; calm < CALM; calm++) {
    const held = await server.measure()
    if (held.memory < least.memory - MiB) calm = 0
    if (held.memory < least.memory) least = held
  }
  return least
}

const growth = (before: Held, after: Held) => ({ memory: after.memory - before.memory, rss: after.rss - before.rss })

describe("a server under fuzz", () => {
  it("answers nobody with an error of its own, takes nothing hidden, loses nothing, and holds nothing afterwards", async () => {
    const server = await startFuzzed(join(folder, "data"))
    try {
      const random = seededRandom(seed)
      const kept = await fill(server)
      await letLoose(server, random.fork("warm up"), bombs, { count: COUNT / 3, lanes: LANES })
      const before = await atRest(server)
      const honest = honestCaller(server, kept)
      const findings = await letLoose(server, random.fork("attacks"), bombs, { count: COUNT, lanes: LANES })
      const { asked, wrong } = await honest.stop()
      expect(findings).toEqual([])
      expect(server.reported.filter(({ event }) => event === "defect")).toEqual([])
      expect(asked).toBeGreaterThan(0)
      expect(wrong).toBe(0)
      const after = await atRest(server)
      const grown = growth(before, after)
      console.log(`fuzz: ${asked} honest requests beside ${COUNT} attacks; grown by`, grown)
      expect(grown.memory).toBeLessThan(MAY_GROW)
      expect(grown.rss).toBeLessThan(MAY_GROW_RESIDENT)
      expect((await json(`${server.url}${KEPT}`)).body).toBe(kept)
      expect((await json(`${server.url}/v1/topics/${SMUGGLED}`)).status).toBe(404)
    } finally {
      await server.stop()
    }
  }, 300_000)

  it("would be found out if it kept a little of each request", async () => {
    const server = await startFuzzed(join(folder, "leaking"), true)
    try {
      const random = seededRandom(seed)
      await fill(server)
      await letLoose(server, random.fork("warm up"), bombs, { count: 100, lanes: LANES })
      const before = await atRest(server)
      await letLoose(server, random.fork("attacks"), bombs, { count: COUNT / 3, lanes: LANES })
      expect(growth(before, await atRest(server)).memory).toBeGreaterThan(MAY_GROW)
    } finally {
      await server.stop()
    }
  }, 300_000)
})
