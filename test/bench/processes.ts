/** Starts the servers and the load generator, each a process of its own. */
import { type ChildProcess, spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"
import type { Job, JobResult } from "./load.ts"

const root = new URL("../..", import.meta.url).pathname

export interface BenchServer {
  readonly port: number
  readonly process: ChildProcess
  stop(): Promise<void>
}

type Env = Readonly<Record<string, string>>

function node(args: readonly string[], env: Env = {}): ChildProcess {
  const options = { cwd: root, env: { ...process.env, ...env } }
  return spawn(process.execPath, ["--conditions=source", ...args], { ...options, stdio: ["ignore", "pipe", "inherit"] })
}

/** Starts a server that prints its port, or a line with its URL. */
export async function startBenchServer(args: readonly string[], env: Env = {}): Promise<BenchServer> {
  const child = node(args, env)
  const port = await new Promise<number>((resolve, reject) => {
    if (child.stdout === null) return reject(new Error("the server has no output"))
    createInterface(child.stdout).on("line", (line) => {
      const match = /^(\d+)$|http:\/\/127\.0\.0\.1:(\d+)/.exec(line)
      if (match !== null) resolve(Number(match[1] ?? match[2]))
    })
    child.once("exit", (code) => reject(new Error(`${args.join(" ")} ended with ${code}`)))
  })
  return {
    port,
    process: child,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve())
        child.kill("SIGTERM")
      }),
  }
}

/** `superKey`: it asks for keys, and this one may do everything. */
export function startStratalog(dataDir: string, superKey?: string): Promise<BenchServer> {
  const start = ["--max-semi-space-size=16", "functions/server/start.ts", "--port", "0", "--data-dir", dataDir]
  if (superKey === undefined) return startBenchServer(start)
  return startBenchServer([...start, "--auth", "required"], { STRATALOG_SUPER_KEY: superKey })
}

/** The last line that a program prints, read as JSON. */
async function answerOf<T>(args: readonly string[]): Promise<T> {
  const child = node(args)
  let text = ""
  child.stdout?.on("data", (chunk: Buffer) => {
    text += chunk.toString()
  })
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve))
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}`)
  return JSON.parse(text.trim().split("\n").at(-1) ?? "")
}

export function load(job: Job): Promise<JobResult> {
  return answerOf<JobResult>(["test/bench/load.ts", JSON.stringify(job)])
}

/** Blocks of `bytes` written and fsynced; at a pace of so many a second, or as quickly as it goes. */
export function disk(
  file: string,
  bytes: number,
  milliseconds: number,
  pace?: number,
): Promise<{ readonly perSecond: number; readonly medianMs: number }> {
  return answerOf(["test/bench/limits/disk.ts", file, `${bytes}`, `${milliseconds}`, ...(pace ? [`${pace}`] : [])])
}

/** Resident memory of a process, megabytes: now, and the most it ever was. Linux only; elsewhere NaN. */
export function memoryOf(child: ChildProcess): { readonly now: number; readonly peak: number } {
  try {
    const status = readFileSync(`/proc/${child.pid}/status`, "utf8")
    const megabytes = (name: string) => Number(new RegExp(`${name}:\\s*(\\d+)`).exec(status)?.[1]) / 1024
    return { now: megabytes("VmRSS"), peak: megabytes("VmHWM") }
  } catch {
    return { now: Number.NaN, peak: Number.NaN }
  }
}
