import type { Command } from "commander"
import { Stratalog } from "../client/stratalog.ts"
import type { FetchFunction } from "../client/transport.ts"
import { fetchFor } from "./auth/authentication.ts"
import type { Identity, Target } from "./auth/decide-target.ts"
import { type TargetOptions, targetOf, targetOfEnd } from "./auth/target.ts"
import { type Paint, paintFor } from "./format/paint.ts"
import { type Quantities, quantitiesFor } from "./format/quantities.ts"
import type { CliIo, Env } from "./io.ts"
import { Output } from "./output.ts"

/** A person waits: fewer attempts than a program would make. */
const ATTEMPTS = 3

/** What the options of every command say. */
interface GlobalOptions extends TargetOptions {
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
  readonly identity: Identity
  /** Sends a request as the server wants it: with a key, or signed, where that was asked for. */
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

export interface ServiceEnd {
  readonly url: string
  readonly fetch: FetchFunction
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

  /** Where the server is and how it is asked is looked up when something is asked of it: not every command does. */
  session(command: Command): Session {
    const options: GlobalOptions = command.optsWithGlobals()
    return this.#session(options, () => targetOf(options, this.env))
  }

  /** A session with another server than the options name. */
  sessionAt(command: Command, url: string): Session {
    const options: GlobalOptions = command.optsWithGlobals()
    return this.#session(options, () => targetOf({ ...options, url }, this.env))
  }

  /** One of the two services of a command: a URL, or the name of a profile. */
  endAt(command: Command, text: string): ServiceEnd {
    const options: GlobalOptions = command.optsWithGlobals()
    const target = targetOfEnd(text, options, this.env)
    return { url: target.url, fetch: fetchFor(target, this.env) }
  }

  #session(options: GlobalOptions, findTarget: () => Target): Session {
    const { io, env, out, notices } = this
    const json = options.json === true
    let known: { readonly target: Target; readonly fetch: FetchFunction } | undefined
    const server = () => {
      if (known !== undefined) return known
      const target = findTarget()
      known = { target, fetch: fetchFor(target, env) }
      return known
    }
    return {
      io,
      env,
      get url() {
        return server().target.url
      },
      get identity() {
        return server().target.identity
      },
      get fetch() {
        return server().fetch
      },
      json,
      out,
      notices,
      paint: paintFor(io.stdout, env, options.color),
      show: quantitiesFor(out.isTerminal),
      stop: AbortSignal.any([io.stop, out.closed]),
      connect: () =>
        new Stratalog({ url: server().target.url, fetch: server().fetch, retries: { attempts: ATTEMPTS } }),
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
