/** Copies of a data directory that are of one moment: each opens, and holds all that was acknowledged before. */
import { cp, mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { openEmbedded } from "stratalog-server"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { runCli } from "../fakes/cli-io.ts"
import { append } from "../formats/scenario.ts"
import { type Caller, call, sender } from "../formats/service.ts"
import { type ServerProcess, spawnServer } from "../torture/server-process.ts"

const LIMIT_MS = 120_000

let root: string
let dataDir: string
let server: ServerProcess

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "stratalog-backup-"))
  dataDir = join(root, "data")
})
afterEach(async () => {
  await server.kill()
  await rm(root, { recursive: true })
})

async function start(): Promise<Caller> {
  // Often enough that copies are made in the middle of it.
  server = spawnServer({ dataDir, args: ["--upkeep-interval", "50ms"] })
  const url = await server.ready
  if (url === undefined) throw new Error(server.output())
  return {
    send: (method, path, { json } = {}) => {
      const headers = { "content-type": "application/json" }
      return fetch(`${url}${path}`, { method, headers, body: json === undefined ? null : JSON.stringify(json) })
    },
  }
}

const COMPACTED = { "cleanup.policy": "compact", "segment.ms": 100 }

async function createTopics(service: Caller): Promise<void> {
  for (const [topic, config] of Object.entries({ plain: {}, compacted: COMPACTED })) {
    const created = await service.send("PUT", `/v1/topics/${topic}`, { json: { config } })
    expect(created.status).toBe(201)
  }
}

/** Opens the copy and answers where its logs end, after reading all of them; `strata doctor` has looked at it before. */
async function endsOf(directory: string): Promise<Record<string, number>> {
  const examined = await runCli(["doctor", directory])
  expect(examined, examined.stdout).toMatchObject({ code: 0 })
  const embedded = await openEmbedded({ dataDir: directory })
  try {
    const service = { send: sender(embedded.deps) }
    const ends: Record<string, number> = {}
    for (const topic of ["plain", "compacted"]) {
      const path = `/v1/topics/${topic}/partitions/0/records?limit=10000&valueFormat=utf8`
      const fetched = await call<{ nextOffset: number; highWatermark: number }>(service, "GET", path)
      expect(fetched.nextOffset).toBe(fetched.highWatermark)
      ends[topic] = fetched.highWatermark
    }
    return ends
  } finally {
    await embedded.close()
  }
}

describe("a data directory", () => {
  it("may be copied while its server is paused, in the middle of appends and upkeep", {
    timeout: LIMIT_MS,
  }, async () => {
    const service = await start()
    await createTopics(service)
    const acknowledged = { plain: 0, compacted: 0 }
    const copying = new AbortController()
    const appending = (["plain", "compacted"] as const).map(async (topic) => {
      while (!copying.signal.aborted) {
        const answered = await append(service, topic, 0, "x".repeat(500))
        acknowledged[topic] = answered.baseOffset + 1
      }
    })
    for (const name of ["first", "second", "third"]) {
      await delay(300)
      process.kill(server.pid, "SIGSTOP")
      const before = { ...acknowledged }
      await cp(dataDir, join(root, name), { recursive: true })
      process.kill(server.pid, "SIGCONT")
      const ends = await endsOf(join(root, name))
      expect(ends["plain"]).toBeGreaterThanOrEqual(before.plain)
      expect(ends["compacted"]).toBeGreaterThanOrEqual(before.compacted)
      expect(before.plain).toBeGreaterThan(0)
    }
    const segments = await readdir(join(root, "third", "objects"), { recursive: true })
    expect(segments.filter((name) => name.endsWith(".log"))).not.toEqual([])
    copying.abort()
    await Promise.all(appending)
  })

  it("may be copied while no server has it, whether it stopped or was killed", { timeout: LIMIT_MS }, async () => {
    for (const end of ["stop", "kill"] as const) {
      const service = await start()
      await service.send("DELETE", "/v1/topics/plain")
      await service.send("DELETE", "/v1/topics/compacted")
      await createTopics(service)
      for (let count = 0; count < 20; count += 1) {
        for (const topic of ["plain", "compacted"]) {
          await append(service, topic, 0, "x".repeat(500))
        }
      }
      await server[end]()
      await cp(dataDir, join(root, end), { recursive: true })
      expect(await endsOf(join(root, end))).toEqual({ plain: 20, compacted: 20 })
    }
  })
})
