/** A command line in this process: stdin from memory, stdout and stderr into it. */
import { PassThrough, Readable, Writable } from "node:stream"
import type { CliIo, Env } from "../../sdk/cli/io.ts"
import { run } from "../../sdk/cli/run.ts"
import { Stopped, type StopSignal } from "../../sdk/cli/stopped.ts"

export interface CliOptions {
  readonly input?: string | Readable
  /** Both streams are terminals. */
  readonly terminal?: boolean
  /** Of the terminal; default: it does not say. */
  readonly size?: { readonly columns: number; readonly rows: number }
  readonly env?: Env
  /** Epoch milliseconds at which the clock stands still. */
  readonly now?: number
  /** Gets what is written to stdout, piece by piece. */
  readonly onOutput?: (text: string, cli: CliControl) => unknown
}

export interface CliControl {
  stop(signal: StopSignal): void
  /** Nobody reads stdout any more. */
  leave(): void
  /** The terminal gets another size. */
  resize(columns: number, rows: number): void
}

export interface CliResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs one command line to its end. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const { input = "", terminal = false, size, env = {}, now, onOutput } = options
  const stop = new AbortController()
  const stderr = collector(terminal)
  const control: CliControl = {
    stop: (signal) => stop.abort(new Stopped(signal)),
    leave: () => stdout.stream.destroy(Object.assign(new Error("write EPIPE"), { code: "EPIPE" })),
    resize: (columns, rows) => void Object.assign(stdout.stream, { columns, rows }).emit("resize"),
  }
  const stdout = collector(terminal, (text) => onOutput?.(text, control))
  Object.assign(stdout.stream, size)
  const stdin = input instanceof Readable ? input : Readable.from([Buffer.from(input)])
  const io: CliIo = {
    stdin: Object.assign(stdin, { isTTY: terminal }),
    stdout: stdout.stream,
    stderr: stderr.stream,
    stop: stop.signal,
    now: () => now ?? Date.now(),
  }
  const code = await run(args, io, env)
  return { code, stdout: stdout.text(), stderr: stderr.text() }
}

/** A stdin that stays open until the test ends it. */
export function openInput(): PassThrough {
  return new PassThrough()
}

function collector(isTTY: boolean, onText: (text: string) => void = () => {}) {
  const chunks: Buffer[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk)
      onText(chunk.toString())
      done()
    },
  })
  return { stream: Object.assign(stream, { isTTY }), text: () => Buffer.concat(chunks).toString() }
}
