/** A process that is stopped for longer than its session and goes on, as a laptop that slept: another one has its partitions by then. */
import type { ChildProcess } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Stratalog } from "stratalog"
import { type RunningServer, startServer } from "stratalog-server"
import { afterAll, beforeAll, expect, it } from "vitest"
import { settled } from "../fakes/settled.ts"
import { partitionsOf, startMember, valuesOf } from "./consumers/member-process.ts"
import type { Told } from "./consumers/told.ts"

const TOPIC = "orders"
const PARTITIONS = 6
const KEYS = 30

let directory: string
let server: RunningServer
let children: ChildProcess[] = []

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "stratalog-stopped-"))
  server = await startServer({ dataDir: join(directory, "data"), port: 0 })
})

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL")
  await server.close()
  await rm(directory, { recursive: true, force: true })
})

it("hands out nothing that is another's, and joins again", { timeout: 120_000 }, async () => {
  const log = new Stratalog({ url: server.url })
  await log.topics.create(TOPIC, { partitions: PARTITIONS })
  /** Of both, in the order in which it came. */
  const all: Told[] = []
  const sleeper = start(all)
  const other = start(all)
  await settled(() => partitionsOf(sleeper.told) > 0 && partitionsOf(other.told) > 0)
  const load = startLoad(log)
  await settled(() => countOf(sleeper.told) > 20 && countOf(other.told) > 20)

  sleeper.child.kill("SIGSTOP")
  await settled(() => partitionsOf(other.told) === PARTITIONS)
  const slept = sleeper.told.length
  sleeper.child.kill("SIGCONT")
  await settled(() => sleeper.told.length > slept && partitionsOf(sleeper.told) > 0)
  expect(sleeper.told[slept]?.what).toBe("lost")

  const produced = await load.stop()
  await settled(() => valuesOf(all).size === produced)
  sleeper.child.kill("SIGTERM")
  other.child.kill("SIGTERM")
  await settled(() => children.every(({ exitCode }) => exitCode !== null))
  expect(children.map(({ exitCode }) => exitCode)).toEqual([0, 0])
  expect(outOfOrder(all)).toEqual([])
  expect((await log.group(TOPIC).lag()).totalLag).toBe(0)
  expect((await log.group(TOPIC).describe()).members).toEqual([])
})

function start(all: Told[]) {
  const member = startMember(server.url, TOPIC, all)
  children = [...children, member.child]
  return member
}

function startLoad(log: Stratalog) {
  const producer = log.topic(TOPIC).producer()
  let produced = 0
  let stopped = false
  const running = (async () => {
    while (!stopped) {
      await producer.send({ key: `k${produced % KEYS}`, value: produced })
      produced++
    }
  })()
  const stop = async () => {
    stopped = true
    await running
    await producer.close()
    return produced
  }
  return { stop }
}

function countOf(told: readonly Told[]): number {
  return told.filter(({ what }) => what === "record").length
}

/** Records that came for the first time before the one before them of the same key. */
function outOfOrder(told: readonly Told[]): Told[] {
  const seen = new Set<number>()
  return told.filter((one) => {
    if (one.what !== "record" || seen.has(one.value)) return false
    seen.add(one.value)
    return one.value >= KEYS && !seen.has(one.value - KEYS)
  })
}
