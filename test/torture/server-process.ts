/** A server in a process of its own, that can be killed at any moment. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))

export interface ServerProcessOptions {
  readonly dataDir: string
  /** The module that is run instead of the product's own entry. */
  readonly entry?: string
  /** Command line of the server. */
  readonly args?: readonly string[]
  /** Beside the environment of this process; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface ServerProcess {
  readonly pid: number
  /** The base URL once it serves; `undefined` where the process ended before. */
  readonly ready: Promise<string | undefined>
  readonly exited: Promise<Exit>
  /** What it wrote so far to both of its streams. */
  output(): string
  /** SIGKILL: the process does nothing more. Resolves when it is gone. */
  kill(): Promise<Exit>
  /** SIGTERM: the process ends by itself. */
  stop(): Promise<Exit>
}

export function spawnServer(options: ServerProcessOptions): ServerProcess {
  const entry = options.entry ?? "functions/server/start.ts"
  const loading = ["--conditions=source", "--disable-warning=ExperimentalWarning", entry]
  const settings = ["--port", "0", "--data-dir", options.dataDir, ...(options.args ?? [])]
  const env = { ...process.env, ...options.env }
  const child = spawn(process.execPath, [...loading, ...settings], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  })
  let output = ""
  const collect = (chunk: Buffer) => {
    output += chunk.toString("utf8")
  }
  child.stdout.on("data", collect)
  child.stderr.on("data", collect)
  const exited = exitOf(child)
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return exited
  }
  return {
    pid: child.pid ?? 0,
    ready: readyUrl(child, exited, () => output),
    exited,
    output: () => output,
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
  }
}

async function exitOf(child: ChildProcess): Promise<Exit> {
  const [code, signal] = await once(child, "close")
  return { code, signal }
}

const GREETING = /serves (http:\S+)/

function readyUrl(child: ChildProcess, exited: Promise<Exit>, output: () => string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const look = () => {
      const url = GREETING.exec(output())?.[1]
      if (url !== undefined) resolve(url)
    }
    child.stdout?.on("data", look)
    void exited.then(() => resolve(undefined))
  })
}
