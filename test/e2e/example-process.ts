/** An example as a process of its own. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

export interface ExampleProcess {
  readonly child: ChildProcess
  /** What it has printed so far, on either stream. */
  readonly output: () => string
  /** Resolves once it has printed this; rejects where it ends before. */
  readonly printed: (text: string | RegExp) => Promise<void>
  /** `code` is null where a signal ended it. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>
}

export class ExampleProcesses {
  readonly #directory: string
  readonly #children = new Set<ChildProcess>()

  /** They run in this directory, where those with a server of their own keep its data. */
  constructor(directory: string) {
    this.#directory = directory
  }

  start(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): ExampleProcess {
    const main = fileURLToPath(new URL(`../../examples/${name}/main.ts`, import.meta.url))
    const child = spawn(process.execPath, ["--conditions=source", main, ...args], {
      cwd: this.#directory,
      env: { PATH: process.env["PATH"], NO_COLOR: "1", NODE_NO_WARNINGS: "1", ...env },
    })
    this.#children.add(child)
    let output = ""
    let over = false
    const waiting = new Set<() => void>()
    const wake = () => {
      for (const look of waiting) look()
    }
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        output += chunk
        wake()
      })
    }
    const ended = once(child, "close").then(([code]: (number | null)[]) => {
      over = true
      this.#children.delete(child)
      wake()
      return { code: code ?? null, output }
    })
    const printed = async (text: string | RegExp) =>
      new Promise<void>((resolve, reject) => {
        const look = () => {
          const there = typeof text === "string" ? output.includes(text) : text.test(output)
          if (!there && !over) return
          waiting.delete(look)
          if (there) resolve()
          else reject(new Error(`It ended without printing ${text}:\n${output}`))
        }
        waiting.add(look)
        look()
      })
    return { child, output: () => output, printed, ended }
  }

  /** Kills what still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    const running = [...this.#children].map(async (child) => {
      const closed = once(child, "close")
      child.kill("SIGKILL")
      await closed
    })
    await Promise.all(running)
  }
}
