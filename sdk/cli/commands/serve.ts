import { type Command, CommanderError, InvalidArgumentError } from "commander"
import { exitCodes } from "../exit-codes.ts"
import { Failure, usageFailure } from "../failure.ts"
import type { Env } from "../io.ts"
import { integer } from "../parse/integer.ts"
import { duration, size } from "../parse/size.ts"
import { serverFunction } from "../server-package.ts"
import type { Session, Shell } from "../session.ts"
import { Stopped } from "../stopped.ts"
import { withExamples } from "./examples.ts"

interface Options {
  readonly host: string
  readonly port: number
  readonly dataDir: string
  readonly auth: string
  readonly superUsers: string
  readonly superKey?: string
  readonly corsOrigins: string
  readonly tls?: { readonly cert: string; readonly key: string }
  readonly journalFileBytes?: number
  readonly upkeepIntervalMs?: number
  readonly maxWaitMs?: number
}

/** As the command line names them. */
type Given = Partial<Omit<Options, "upkeepIntervalMs" | "maxWaitMs" | "tls" | "superKey">> & {
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly upkeepInterval?: number
  readonly maxWait?: number
}

interface RunningServer {
  readonly url: string
  readonly auth?: string
  /** The key of a super-user that was made because nobody had one. */
  readonly firstKey?: string
  readonly warning?: string
  close(): Promise<void>
}

export function addServe(program: Command, shell: Shell): void {
  const { env } = shell
  const command = program
    .command("serve")
    .description(
      "Run a server with its log in a directory, until Ctrl-C. Needs Node 24 and the package stratalog-server.",
    )
    .option(
      "--host <address>",
      "the address to listen on (default: 127.0.0.1); 0.0.0.0 opens the log to the network, and needs --auth; also STRATALOG_HOST",
    )
    .option("--port <n>", "the port (default: 8080); 0 takes a free one; also STRATALOG_PORT", port)
    .option("--data-dir <directory>", "where the log lies (default: .stratalog); also STRATALOG_DATA_DIR")
    .option(
      "--auth <choice>",
      "required: callers need an API key; off: whoever reaches it may do everything; auto: off on loopback, elsewhere it has to be said (default: auto); also STRATALOG_AUTH",
      auth,
    )
    .option(
      "--super-users <principals>",
      "principals that may do everything, whatever key they send, such as User:ops, by commas; also STRATALOG_SUPER_USERS",
    )
    .option(
      "--cors-origins <origins>",
      "origins whose pages may call the API, by commas; * for all; also STRATALOG_CORS_ORIGINS",
    )
    .option(
      "--tls-cert <file>",
      "serves HTTPS alone, with the certificate in this PEM file and those that lead to a root behind it; also STRATALOG_TLS_CERT",
    )
    .option("--tls-key <file>", "the certificate's key, a PEM file without a passphrase; also STRATALOG_TLS_KEY")
    .option(
      "--journal-file-bytes <bytes>",
      "the size at which the journal goes on in a new file (default: 64MiB); also STRATALOG_JOURNAL_FILE_BYTES",
      fileBytes,
    )
    .option(
      "--upkeep-interval <duration>",
      "the time between two rounds of retention, compaction and tiering (default: 1m); also STRATALOG_UPKEEP_INTERVAL",
      interval,
    )
    .option(
      "--max-wait <duration>",
      "the longest that a fetch or a poll waits (default: 1m); less than what a proxy in front allows an answer to take; also STRATALOG_MAX_WAIT",
      interval,
    )
    .action((options: Given, self: Command) => serve(shell.session(self), withEnvironment(options, env)))
  withExamples(command, {
    "strata serve": "On http://127.0.0.1:8080, data in .stratalog",
    "strata serve --port 9000 --data-dir /var/lib/stratalog": "Elsewhere",
  })
}

const choices = ["auto", "off", "required"]

function auth(text: string): string {
  if (choices.includes(text)) return text
  throw new InvalidArgumentError(`It must be ${choices.join(" or ")}.`)
}

const port = integer(0, 65_535)
const fileBytes = size(65_536)
const MAX_TIMEOUT_MS = 2 ** 31 - 1

function interval(text: string): number {
  const milliseconds = duration(text)
  if (milliseconds >= 1 && milliseconds <= MAX_TIMEOUT_MS) return milliseconds
  throw new InvalidArgumentError("It must be from 1ms to 24d.")
}

function withEnvironment(options: Given, env: Env): Options {
  const journalFileBytes = options.journalFileBytes ?? parsed(env, "STRATALOG_JOURNAL_FILE_BYTES", fileBytes)
  const upkeepIntervalMs = options.upkeepInterval ?? parsed(env, "STRATALOG_UPKEEP_INTERVAL", interval)
  const maxWaitMs = options.maxWait ?? parsed(env, "STRATALOG_MAX_WAIT", interval)
  return {
    host: options.host ?? env["STRATALOG_HOST"] ?? "127.0.0.1",
    port: options.port ?? parsed(env, "STRATALOG_PORT", port) ?? 8080,
    dataDir: options.dataDir ?? env["STRATALOG_DATA_DIR"] ?? ".stratalog",
    auth: options.auth ?? parsed(env, "STRATALOG_AUTH", auth) ?? "auto",
    superUsers: options.superUsers ?? env["STRATALOG_SUPER_USERS"] ?? "",
    ...(env["STRATALOG_SUPER_KEY"] ? { superKey: env["STRATALOG_SUPER_KEY"] } : {}),
    corsOrigins: options.corsOrigins ?? env["STRATALOG_CORS_ORIGINS"] ?? "",
    ...tlsOf(options.tlsCert ?? env["STRATALOG_TLS_CERT"] ?? "", options.tlsKey ?? env["STRATALOG_TLS_KEY"] ?? ""),
    ...(journalFileBytes === undefined ? {} : { journalFileBytes }),
    ...(upkeepIntervalMs === undefined ? {} : { upkeepIntervalMs }),
    ...(maxWaitMs === undefined ? {} : { maxWaitMs }),
  }
}

function tlsOf(cert: string, key: string): Pick<Options, "tls"> {
  if ((cert === "") !== (key === "")) throw usageFailure("--tls-cert and --tls-key go together: only one is given.")
  return cert === "" ? {} : { tls: { cert, key } }
}

function parsed<T>(env: Env, name: string, parse: (text: string) => T): T | undefined {
  const text = env[name]
  if (text === undefined || text === "") return undefined
  try {
    return parse(text)
  } catch (error) {
    throw usageFailure(`${name}=${text}: ${error instanceof Error ? error.message : error}`)
  }
}

async function serve(session: Session, options: Options): Promise<void> {
  const server = await start(options)
  const { url, auth, firstKey, warning } = server
  await session.print({ url, dataDir: options.dataDir, auth, ...(firstKey && { firstKey }) }, () => [
    `Stratalog serves ${url}  (data in ${options.dataDir}; docs at ${url}/docs; stop with Ctrl-C)`,
    ...(warning ? [`WARNING: ${warning}`] : []),
    ...keyLines(server),
    `Try:  strata topic create orders --url ${url}`,
  ])
  await aborted(session.io.stop)
  session.notice("Stopping: running requests may finish.")
  await server.close()
  // A supervisor that ends a service by SIGTERM takes anything but 0 for a crash.
  const reason: unknown = session.io.stop.reason
  if (reason instanceof Stopped && reason.signal === "SIGTERM") {
    throw new CommanderError(exitCodes.ok, "strata.stopped", "stopped in order")
  }
}

function keyLines({ auth, firstKey }: RunningServer): readonly string[] {
  if (auth !== "required") return []
  if (!firstKey) return ["Callers need an API key: STRATALOG_API_KEY, or --api-key."]
  return [
    "Callers need an API key. This is the first, of a super-user. It is shown this once: keep it.",
    `  export STRATALOG_API_KEY=${firstKey}`,
  ]
}

async function start(options: Options): Promise<RunningServer> {
  const startServer = await serverFunction("startServer")
  const corsOrigins = listed(options.corsOrigins)
  const superUsers = listed(options.superUsers)
  try {
    const server = await startServer({ ...options, corsOrigins, superUsers })
    if (isRunningServer(server)) return server
  } catch (error) {
    throw explained(error, options)
  }
  throw new Error("stratalog-server started something that is no server")
}

function listed(text: string): readonly string[] {
  return text.split(",").filter((each) => each !== "")
}

function isRunningServer(value: unknown): value is RunningServer {
  return typeof value === "object" && value !== null && "url" in value && "close" in value
}

/** What the operating system or the data directory refuses is expected, and said in a sentence. */
function explained(error: unknown, { host, port: wanted }: Options): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error
  const code = String(error.code)
  const inUse = code === "EADDRINUSE"
  return new Failure(
    exitCodes.refused,
    {
      code,
      detail: inUse ? `Port ${wanted} of ${host} is in use.` : error.message,
      ...(inUse ? { advice: "Stop what listens there, or choose another: --port 0 takes a free one." } : {}),
    },
    { cause: error },
  )
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener("abort", () => resolve(), { once: true })
  })
}
