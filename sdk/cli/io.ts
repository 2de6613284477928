import type { Readable, Writable } from "node:stream"

/** The process's environment variables, or what a test puts in their place. */
export type Env = Readonly<Record<string, string | undefined>>

export interface InputStream extends Readable {
  readonly isTTY?: boolean
  /** Of a terminal: keys come one by one, Ctrl-C among them. */
  setRawMode?(raw: boolean): unknown
}

export interface OutputStream extends Writable {
  readonly isTTY?: boolean
  /** Width of the terminal in characters. */
  readonly columns?: number
  /** Its height in lines; it emits `resize`. */
  readonly rows?: number
}

/** Everything a command touches outside its arguments. */
export interface CliIo {
  readonly stdin: InputStream
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** Aborts when the user or the system asks the process to end; the reason is the name of the signal. */
  readonly stop: AbortSignal
  /** Epoch milliseconds. */
  now(): number
  /** Called when the process ends without the command's doing; the answer takes that back. */
  atExit?(cleanUp: () => void): () => void
}
