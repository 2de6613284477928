import { cp, mkdir, mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { type RunningServer, startServer } from "stratalog-server"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { clockDifference } from "../../../sdk/cli/doctor/clock-difference.ts"
import type { Finding } from "../../../sdk/cli/doctor/finding.ts"
import { type CliOptions, runCli } from "../../fakes/cli-io.ts"

interface Examined {
  readonly code: number
  readonly findings: readonly Finding[]
}

async function examined(...args: readonly string[]): Promise<Examined> {
  const { code, stdout } = await runCli(["doctor", ...args, "--json"])
  return { code, findings: JSON.parse(stdout).findings }
}

const summary = ({ code, findings }: Examined) => [code, ...findings.map(({ check, status }) => `${status} ${check}`)]
const findingOf = ({ findings }: Examined, check: string) => findings.find((finding) => finding.check === check)

let root: string
let server: RunningServer
let dataDir: string
const PATIENCE = { timeout: 30_000, interval: 20 }

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "strata-doctor-"))
  dataDir = join(root, "data")
  const upkeep = { maxTierAgeMs: 0, minDirtyRatio: 0 }
  server = await startServer({ dataDir, port: 0, upkeepIntervalMs: 20, upkeep })
  await strata("topic create users --config cleanup.policy=compact")
  await strata("produce users 1 2 3 --key u1")
  await vi.waitFor(async () => {
    const segments = (await strata(`inspect ${dataDir} --json`)).stdout.matchAll(
      /"kind":"segment","state":"whole"|"state":"whole"/g,
    )
    expect([...segments].length).toBeGreaterThan(0)
  }, PATIENCE)
  // From here on nothing changes by itself: the directory is copied while the server runs.
  await server.close()
  server = await startServer({ dataDir, port: 0, upkeepIntervalMs: 3_600_000 })
})
afterAll(async () => {
  await server.close()
  await rm(root, { recursive: true, force: true })
})

const strata = (line: string, options: CliOptions = {}) =>
  runCli(line.split(" "), { ...options, env: { STRATALOG_URL: server.url } })

describe("the difference of two clocks", () => {
  const at = (ms: number) => new Date(ms).toUTCString()

  it("is none while whole seconds and the way explain it", () => {
    expect(clockDifference({ date: at(10_000), sentAt: 10_900, receivedAt: 10_950 })).toBe(0)
    expect(clockDifference({ date: at(10_000), sentAt: 9_900, receivedAt: 10_010 })).toBe(0)
    expect(clockDifference({ date: at(10_000), sentAt: 8_000, receivedAt: 12_000 })).toBe(0)
  })

  it("is what cannot be explained", () => {
    expect(clockDifference({ date: at(20_000), sentAt: 10_000, receivedAt: 10_100 })).toBe(9_900)
    expect(clockDifference({ date: at(10_000), sentAt: 20_000, receivedAt: 20_100 })).toBe(-9_000)
    expect(clockDifference({ date: "soon", sentAt: 0, receivedAt: 0 })).toBeUndefined()
  })
})

const CHECKS = [
  ...["reach", "version", "health", "parts", "limits", "clock", "latency", "content"],
  ...["upkeep", "backlog", "orphans"],
]

describe("strata doctor of a server", () => {
  it("finds all well where it is, and leaves nothing behind", async () => {
    const well = CHECKS.map((check) => `ok ${check}`)
    expect(summary(await examined(server.url))).toEqual([0, ...well])
    expect(findingOf(await examined(server.url), "content")?.detail).toBe("1 topic with 1 partition, 0 groups.")
    expect(findingOf(await examined(dataDir), "disk")?.detail).toMatch(
      /^[\d.]+ [KMGTP]iB of [\d.]+ [KMGTP]iB are free\.$/,
    )
    expect(summary(await examined(server.url, "--write"))).toEqual([0, ...well, "ok write", "ok clean up"])
    expect((await strata("topic list --json")).stdout).not.toContain("strata-doctor")
  })

  it("shows a person what to do, and ends with 3 where nobody answers", async () => {
    const gone = await startServer({ dataDir: join(root, "gone"), port: 0 })
    await gone.close()
    const told = await runCli(["doctor", gone.url])
    expect(told).toMatchObject({ code: 3, stderr: expect.stringContaining("Nothing more can be said") })
    expect(told.stdout).toMatch(
      /^fail {2}reach .*ECONNREFUSED.*\n +do: Start a server there.*\n\n0 ok, 0 to look at, 1 not right\.\n$/,
    )
    expect((await runCli(["doctor"], { env: { STRATALOG_URL: server.url } })).stdout).toContain(
      `All is well: ${CHECKS.length} checks.`,
    )
  })

  it("is refused what is no URL, and --write on a directory", async () => {
    expect(await runCli(["doctor", "http://"])).toMatchObject({ code: 2 })
    expect(await runCli(["doctor", root, "--write"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--write"),
    })
  })
})

describe("strata doctor of a data directory", () => {
  const well = ["directory", "lock", "disk", "journal", "database", "segments"].map((check) => `ok ${check}`)
  let copies = 0

  /** The directory as it would be after the server was killed. */
  async function copied(): Promise<string> {
    const copy = join(root, `copy-${copies++}`)
    await cp(dataDir, copy, { recursive: true })
    return copy
  }
  const journalOf = async (directory: string) => {
    const names = (await readdir(join(directory, "journal"))).filter((name) => name.endsWith(".journal")).sort()
    return join(directory, "journal", names.at(-1) ?? "")
  }
  /** What compaction has replaced may still lie beside it. */
  async function segmentOf(directory: string): Promise<string> {
    const lines = (await runCli(["inspect", directory, "--json"])).stdout.trim().split("\n")
    const whole = lines
      .map((line) => JSON.parse(line))
      .find(({ kind, state }) => kind === "segment" && state !== "unused")
    return join(directory, whole.file)
  }
  /** Other bytes in the middle of a file. */
  async function damage(path: string, position: number): Promise<void> {
    const file = await open(path, "r+")
    await file.write(Buffer.from("damage"), 0, 6, position)
    await file.close()
  }

  it("finds all well beside a running server, and after it was killed", async () => {
    const running = await examined(dataDir)
    expect(summary(running)).toEqual([0, ...well])
    expect(findingOf(running, "lock")?.detail).toContain(`Process ${process.pid} works in it`)
    expect(findingOf(running, "segments")?.detail).toMatch(/^[1-9]\d* segments are whole/)
    const copy = await copied()
    const before = await readFile(await journalOf(copy))
    const killed = await examined(copy)
    expect(summary(killed)).toEqual([0, ...well])
    expect(findingOf(killed, "lock")?.detail).toContain("No server")
    expect(await readFile(await journalOf(copy))).toEqual(before)
  })

  it("names the place of damage in the journal, and takes a cut end for what it is", async () => {
    const copy = await copied()
    await damage(await journalOf(copy), 150)
    const found = await examined(copy)
    expect(found.code).toBe(1)
    expect(findingOf(found, "journal")).toMatchObject({ status: "fail", detail: expect.stringContaining("at byte") })
    const cut = await copied()
    const path = await journalOf(cut)
    const whole = (await readFile(path)).toString("latin1").replace(/\0+$/, "").length
    await truncate(path, whole - 5)
    expect(findingOf(await examined(cut), "journal")).toMatchObject({
      status: "ok",
      detail: expect.stringContaining("the next start takes it back"),
    })
  })

  it("names segments that are damaged or missing, in `strata inspect` too", async () => {
    const copy = await copied()
    await damage(await segmentOf(copy), 62)
    const found = findingOf(await examined(copy), "segments")
    expect(found).toMatchObject({ status: "fail", detail: expect.stringMatching(/\.log: .*checksum/) })
    expect(await runCli(["inspect", copy])).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/users .* DAMAGED/),
    })
    await rm(await segmentOf(copy))
    expect(findingOf(await examined(copy), "segments")?.detail).toContain("no such file")
    const unused = await copied()
    await mkdir(join(unused, "objects", "segments_x_0"))
    await writeFile(join(unused, "objects", "segments_x_0", "00000000000000000000-x.log"), "")
    expect((await runCli(["inspect", unused])).stdout).toMatch(/- +- +- +- +unused +objects\/segments_x_0\/0+-x\.log/)
    expect(findingOf(await examined(unused), "segments")).toMatchObject({
      status: "ok",
      detail: expect.stringMatching(/[1-9]\d* files are of no segment/),
    })
  })

  it("tells a database that is damaged, of others, or newer", async () => {
    const copy = await copied()
    const path = join(copy, "stratalog.db")
    const database = new DatabaseSync(path)
    database.exec("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)")
    expect(findingOf(await examined(copy), "database")?.detail).toContain("schema version 99")
    database.exec("PRAGMA application_id = 1; PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    const others = await examined(copy)
    expect(findingOf(others, "database")?.detail).toContain("another program")
    expect(findingOf(others, "segments")?.status).toBe("warn")
    await writeFile(path, "no database at all, but long enough to be taken for one".repeat(100))
    expect(findingOf(await examined(copy), "database")?.detail).toContain("cannot be read")
    expect(await runCli(["inspect", copy])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("!! The segments cannot be read"),
    })
  })

  it("tells a directory of a later format, and looks no further", async () => {
    const copy = await copied()
    await writeFile(join(copy, "format"), "2 0.9.0\n")
    const result = await examined(copy)
    expect(findingOf(result, "format")).toMatchObject({ status: "fail", detail: expect.stringContaining("0.9.0") })
    expect(findingOf(result, "journal")).toBeUndefined()
  })

  it("says where there is no data directory", async () => {
    expect(summary(await examined(root))).toEqual([1, "fail directory"])
    expect(summary(await examined(join(root, "none")))).toEqual([1, "fail directory"])
  })
})
