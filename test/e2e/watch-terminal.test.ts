/** `strata top` as a process on a terminal, which has to be as before however it ends. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { stripVTControlCharacters } from "node:util"
import { Stratalog } from "stratalog"
import { type RunningServer, startServer } from "stratalog-server"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"

const TERMINAL = fileURLToPath(new URL("../fakes/terminal.py", import.meta.url))
const LEAVE = "\u001b[?7h\u001b[?25h\u001b[?1049l"
const LIMIT_MS = 120_000

const hasPython = spawnSync("python3", ["--version"]).status === 0
const isRequired = process.env["CI"] === "true"
if (!hasPython) console.error("\nNOTHING IS DRAWN ON A TERMINAL: that needs python3 on the PATH\n")

interface Told {
  readonly keys?: string
  readonly size?: readonly [columns: number, rows: number]
  readonly signal?: "SIGTERM" | "SIGINT" | "SIGUSR2"
}

interface Terminal {
  tell(told: Told): void
  /** Resolves with the first picture that is so. */
  shows(isSo: (lines: readonly string[]) => boolean): Promise<void>
  readonly exited: Promise<{ readonly code: number | null; readonly stdout: string; readonly modes: unknown }>
}

const running: ChildProcessWithoutNullStreams[] = []

/** What a signal makes it throw. */
const CRASH = `--import="data:text/javascript,process.on('SIGUSR2',()=>{throw(new(Error)('crashed'))})"`

function openTerminal(args: readonly string[], url: string): Terminal {
  const command = [process.execPath, "--conditions=source", "sdk/cli/main.ts", ...args]
  const child = spawn("python3", [TERMINAL, "100", "30", ...command], {
    cwd: new URL("../..", import.meta.url),
    env: { ...process.env, STRATALOG_URL: url, TERM: "xterm-256color", NODE_NO_WARNINGS: "1", NODE_OPTIONS: CRASH },
  })
  running.push(child)
  let stdout = ""
  let stderr = ""
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const exited = once(child, "close").then(([code]: (number | null)[]) => {
    const [modes = ""] = stderr.trim().split("\n").slice(-1)
    return { code: code ?? null, stdout, modes: JSON.parse(modes) as unknown }
  })
  return {
    exited,
    tell: (told) => void child.stdin.write(`${JSON.stringify(told)}\n`),
    shows: (isSo) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (picturesOf(stdout).some(isSo)) resolve()
        }
        look()
        child.stdout.on("data", look)
        void exited.then(() => reject(new Error(`it ended without showing that: ${stdout}${stderr}`)))
      }),
  }
}

/** Whole ones, without their colours. */
function picturesOf(stdout: string): readonly (readonly string[])[] {
  const drawn = stdout.split("\u001b[?2026h\u001b[H").slice(1)
  return drawn.flatMap((each) => {
    const [picture, rest] = each.split("\u001b[J\u001b[?2026l")
    return picture === undefined || rest === undefined ? [] : [stripVTControlCharacters(picture).split(/\r+\n/)]
  })
}

describe.skipIf(!hasPython && !isRequired)("strata top on a terminal", { timeout: LIMIT_MS }, () => {
  let dataDir: string
  let server: RunningServer
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "strata-terminal-"))
    server = await startServer({ dataDir, port: 0 })
    const log = new Stratalog({ url: server.url })
    await log.topics.create("orders")
    await log.topic("orders").produce([{ value: 1 }, { value: 2 }])
    await log.group("billing").commit([{ topic: "orders", partition: 0, offset: 1 }])
  })
  afterEach(() => {
    for (const child of running.splice(0)) child.kill("SIGKILL")
  })
  afterAll(async () => {
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  const isWhole = (lines: readonly string[]) =>
    lines.some((line) => line.startsWith("orders")) && lines.some((line) => line.startsWith("billing"))
  const asBefore = { lines: true, echo: true }

  it("fits into it, follows its size, and ends by q", async () => {
    const terminal = openTerminal(["top"], server.url)
    await terminal.shows(isWhole)
    terminal.tell({ size: [40, 8] })
    await terminal.shows((lines) => lines.length <= 8 && lines.every((line) => line.length <= 40))
    terminal.tell({ keys: "q" })
    const { code, stdout, modes } = await terminal.exited
    expect([code, modes]).toEqual([0, asBefore])
    const left = stdout.slice(stdout.lastIndexOf(LEAVE) + LEAVE.length)
    expect(stripVTControlCharacters(left)).toMatch(/^strata top .*[\s\S]*GROUP/)
  })

  it("gives it back after Ctrl-C, SIGTERM and a crash", async () => {
    const ends: readonly (readonly [Told, number])[] = [
      [{ keys: "\u0003" }, 130],
      [{ signal: "SIGINT" }, 130],
      [{ signal: "SIGTERM" }, 143],
      [{ signal: "SIGUSR2" }, 1],
    ]
    for (const [end, expected] of ends) {
      const terminal = openTerminal(["lag", "billing", "--watch"], server.url)
      await terminal.shows((lines) => lines.some((line) => line.startsWith("billing")))
      terminal.tell(end)
      const { code, stdout, modes } = await terminal.exited
      expect([code, modes], JSON.stringify(end)).toEqual([expected, asBefore])
      const left = stdout.slice(stdout.lastIndexOf(LEAVE) + LEAVE.length)
      expect(stdout.split(LEAVE)).toHaveLength(2)
      if (expected === 1) expect(left).toContain("Error: crashed")
    }
  })
})
