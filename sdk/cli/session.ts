import type { Command } from "commander"
import { Stratalog } from "../client/stratalog.ts"
import type { FetchFunction } from "../client/transport.ts"
import { type Authentication, fetchBy, howToAuthenticate } from "./auth/authentication.ts"
import { usageFailure } from "./failure.ts"
import { type Paint, paintFor } from "./format/paint.ts"
import { type Quantities, quantitiesFor } from "./format/quantities.ts"
import type { CliIo, Env } from "./io.ts"
import { Output } from "./output.ts"

export const DEFAULT_URL = "http://127.0.0.1:8080"

/** A person waits: fewer attempts than a program would make. */
const ATTEMPTS = 3

/** What the options of every command say. */
interface GlobalOptions {
  readonly url?: string
  readonly auth?: string
  readonly json?: boolean
  readonly color: boolean
}

/** One run of one command: where it reads and writes, and how. */
export interface Session {
  readonly io: CliIo
  readonly env: Env
  /** The server's base URL. */
  readonly url: string
  /** How it shows who asks. */
  readonly auth: Authentication
  /** Sends a request as the server wants it: signed, where that was asked for. */
  readonly fetch: FetchFunction
  /** JSON instead of text for people. */
  readonly json: boolean
  readonly out: Output
  /** stderr: what is no result. */
  readonly notices: Output
  readonly paint: Paint
  readonly show: Quantities
  /** Aborts when the command is to end: the user or the system said so, or nobody reads its output. */
  readonly stop: AbortSignal
  /** A client of the server; it makes no request by itself. */
  connect(): Stratalog
  /** The result as one JSON document, or as lines for people. */
  print(result: unknown, lines: () => readonly string[]): Promise<void>
  /** A line on stderr, where a person may want to know. */
  notice(text: string): void
}

export class Shell {
  readonly io: CliIo
  readonly env: Env
  readonly out: Output
  readonly notices: Output

  constructor(io: CliIo, env: Env) {
    this.io = io
    this.env = env
    this.out = new Output(io.stdout)
    this.notices = new Output(io.stderr)
  }

  session(command: Command): Session {
    const { url }: GlobalOptions = command.optsWithGlobals()
    return this.sessionAt(command, serverUrl(url ?? (this.env["STRATALOG_URL"] || DEFAULT_URL)))
  }

  /** A session with another server than the options name. */
  sessionAt(command: Command, url: string): Session {
    const options: GlobalOptions = command.optsWithGlobals()
    const { io, env, out, notices } = this
    const json = options.json === true
    const auth = howToAuthenticate(options.auth, env)
    const fetch = fetchBy(auth, url, env)
    return {
      io,
      env,
      url,
      auth,
      fetch,
      json,
      out,
      notices,
      paint: paintFor(io.stdout, env, options.color),
      show: quantitiesFor(out.isTerminal),
      stop: AbortSignal.any([io.stop, out.closed]),
      connect: () => new Stratalog({ url, fetch, retries: { attempts: ATTEMPTS } }),
      print: async (result, lines) => {
        const text = json ? JSON.stringify(result, null, out.isTerminal ? 2 : undefined) : lines().join("\n")
        if (text !== "") await out.line(text)
      },
      notice: (text) => {
        if (!json) void notices.line(text)
      },
    }
  }
}

/** The text, where it is the URL of a server. */
export function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && (url.protocol === "http:" || url.protocol === "https:")) return text
  throw usageFailure(
    `The URL of the server is not right: "${text}". It looks like ${DEFAULT_URL} or https://log.example.com.`,
  )
}
