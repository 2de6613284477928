import { type Command, CommanderError } from "commander"
import { exitCodes } from "../exit-codes.ts"
import { Failure } from "../failure.ts"
import { serverFunction } from "../server-package.ts"
import type { Session, Shell } from "../session.ts"
import { Stopped } from "../stopped.ts"
import { withExamples } from "./examples.ts"
import { addServeOptions, type GivenSettings, type ServeSettings, withEnvironment } from "./serve-settings.ts"

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
  addServeOptions(command).action((options: GivenSettings, self: Command) => {
    const { auth } = self.optsWithGlobals<GivenSettings>()
    return serve(shell.session(self), withEnvironment({ ...options, ...(auth !== undefined && { auth }) }, env))
  })
  withExamples(command, {
    "strata serve": "On http://127.0.0.1:8080, data in .stratalog",
    "strata serve --port 9000 --data-dir /var/lib/stratalog": "Elsewhere",
  })
}

async function serve(session: Session, options: ServeSettings): Promise<void> {
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

async function start(options: ServeSettings): Promise<RunningServer> {
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
function explained(error: unknown, { host, port: wanted }: ServeSettings): unknown {
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
