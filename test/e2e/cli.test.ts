/** The strata command as a process: signals, pipes and exit codes, against the server it starts itself. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { type StrataProcess, startStrata } from "../fakes/strata-process.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** Each look is a process of its own. */
const PATIENCE = { timeout: 50_000, interval: 100 }

let directory: string
let server: StrataProcess | undefined
let url: string

const strata = (args: readonly string[], input?: string) => startStrata(args, { env: { STRATALOG_URL: url }, input })

const ran = (args: readonly string[], input?: string) => strata(args, input).exited

async function serve(dataDir: string): Promise<StrataProcess> {
  const started = strata(["serve", "--port", "0", "--data-dir", dataDir, "--json"])
  await started.says("\n")
  return started
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "strata-e2e-"))
  url = "http://127.0.0.1:1"
  server = await serve(join(directory, "data"))
  url = JSON.parse(server.stdout()).url
})
afterAll(async () => {
  server?.child.kill("SIGKILL")
  await server?.exited
  await rm(directory, { recursive: true, force: true })
})

describe("strata", () => {
  it("creates, produces and consumes through pipes", async () => {
    expect(await ran(["topic", "create", "orders", "--partitions", "3"])).toMatchObject({ code: 0, stderr: "" })
    const input = Array.from({ length: 5_000 }, (_, n) => `k${n % 50}:{"n":${n}}\n`).join("")
    const produced = await ran(["produce", "orders", "--key-separator", ":"], input)
    expect(produced).toMatchObject({ code: 0, stderr: "" })
    expect(produced.stdout.trim().split("\n")).toHaveLength(3)
    const consumed = await ran(["consume", "orders"])
    const numbers = consumed.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).n)
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 5_000 }, (_, n) => n))
  })

  it("ends quietly when its reader leaves", async () => {
    await ran(["topic", "create", "pipes"])
    await ran(["produce", "pipes"], "1\n".repeat(50_000))
    const reader = strata(["consume", "pipes", "--follow"])
    await once(reader.child.stdout, "data")
    reader.child.stdout?.destroy()
    expect(await reader.exited).toMatchObject({ code: 0, stderr: "" })
  })

  it("commits before Ctrl-C ends it", async () => {
    await ran(["topic", "create", "clicks"])
    await ran(["produce", "clicks", "1", "2", "3"])
    const follower = strata(["consume", "clicks", "--group", "e2e", "--follow"])
    await follower.says("3\n")
    follower.child.kill("SIGINT")
    expect(await follower.exited).toEqual({ code: 130, stdout: "1\n2\n3\n", stderr: "" })
    const { stdout } = await ran(["group", "offsets", "e2e", "--json"])
    expect(JSON.parse(stdout).offsets).toMatchObject([{ topic: "clicks", offset: 3 }])
  })

  it("shares a topic between members, and goes on with one when the other leaves", async () => {
    await ran(["topic", "create", "shared", "--partitions", "2"])
    const members = [1, 2].map(() => strata(["consume", "shared", "--group", "team", "--follow"]))
    const described = async () => JSON.parse((await ran(["group", "describe", "team", "--json"])).stdout)
    await vi.waitFor(async () => {
      const { state, partitions } = await described()
      const readers = new Set(partitions.map(({ memberId }: { memberId: string | null }) => memberId))
      expect([state, readers.size, readers.has(null)]).toEqual(["Stable", 2, false])
    }, PATIENCE)
    await ran(["produce", "shared", '"first"', "--partition", "0"])
    await ran(["produce", "shared", '"second"', "--partition", "1"])
    const written = () => members.map((member) => member.stdout()).join("")
    await vi.waitFor(
      () => expect([written().includes("first"), written().includes("second")]).toEqual([true, true]),
      PATIENCE,
    )
    const [left, other] = members
    left?.child.kill("SIGINT")
    expect((await left?.exited)?.code).toBe(130)
    await ran(["produce", "shared", '"third"', "--partition", "0"])
    await ran(["produce", "shared", '"fourth"', "--partition", "1"])
    await Promise.all([other?.says("third"), other?.says("fourth")])
    other?.child.kill("SIGTERM")
    expect(await other?.exited).toMatchObject({ code: 143, stderr: "" })
    expect(written().trim().split("\n").sort()).toEqual(['"first"', '"fourth"', '"second"', '"third"'])
    expect(await described()).toMatchObject({ state: "Empty", totalLag: 0 })
  }, 180_000)

  it("inspects the data directory of the running server", async () => {
    await ran(["topic", "create", "seen"])
    await ran(["produce", "seen", '"needle"'])
    const { stdout } = await ran(["inspect", join(directory, "data"), "--records"])
    expect(stdout).toContain("needle")
    expect(await ran(["produce", "seen", "2"])).toMatchObject({ code: 0 })
  })

  it("tells by its exit code what went wrong, without a stack", async () => {
    const refused = await ran(["topic", "describe", "nothing"])
    const usage = await ran(["topic", "describe"])
    const unreachable = await ran(["topic", "list", "--url", "http://127.0.0.1:1"])
    expect([refused.code, usage.code, unreachable.code]).toEqual([1, 2, 3])
    for (const { stderr } of [refused, usage, unreachable]) {
      expect(stderr).toMatch(/^strata: [A-Z]/)
      expect(stderr).not.toMatch(/^\s+at /m)
    }
  })

  it("runs by npm", async () => {
    const npm = spawn("npm", ["run", "-s", "strata", "--", "topic", "list", "--url", url], { cwd: root })
    let stdout = ""
    npm.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString()
    })
    expect(await once(npm, "close")).toEqual([0, null])
    expect(stdout).toMatch(/^TOPIC +PARTITIONS/)
  })
})

describe("strata serve", () => {
  it("is refused a directory or a port that is taken", async () => {
    const taken = await ran(["serve", "--port", "0", "--data-dir", join(directory, "data")])
    expect(taken).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/^strata: [A-Z].*/) })
    const port = new URL(url).port
    const other = await ran(["serve", "--port", port, "--data-dir", join(directory, "other")])
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining(`Port ${port}`) })
  })

  it.each([
    ["SIGTERM", 0],
    ["SIGINT", 130],
  ] as const)("ends in order on %s and finds its records again", async (signal, code) => {
    const dataDir = join(directory, `again-${signal}`)
    const first = await serve(dataDir)
    const firstUrl = JSON.parse(first.stdout()).url
    await ran(["topic", "create", "kept", "--url", firstUrl])
    await ran(["produce", "kept", "1", "--url", firstUrl])
    first.child.kill(signal)
    expect((await first.exited).code).toBe(code)
    const second = await serve(dataDir)
    const read = await ran(["consume", "kept", "--url", JSON.parse(second.stdout()).url])
    expect(read).toMatchObject({ code: 0, stdout: "1\n" })
    second.child.kill("SIGTERM")
    await second.exited
  })
})
