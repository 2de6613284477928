/** `npm start`: serves the log until it is told to stop. */
import { NewerFormat } from "../log/newer-format.ts"
import { JournalOpenError } from "../storage/embedded/journal/events.ts"
import { jwksUrl } from "./access/jwks-url.ts"
import type { AccessOptions } from "./access/open-access.ts"
import { newKey } from "./access/super-key.ts"
import { greeting } from "./greeting.ts"
import type { Served } from "./serve.ts"
import type { Settings } from "./setting-table.ts"
import { helpText, parseSettings } from "./settings.ts"
import { StartError } from "./start-error.ts"
import { onStopSignal } from "./stop-signals.ts"
import type { TlsFiles } from "./tls.ts"

// Who started it may be gone, and its pipes with it: what nobody reads is no reason to break off.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined)

const parsed = parseSettings(process.argv.slice(2), process.env)
if (parsed.kind === "help") {
  process.stdout.write(helpText())
} else if (parsed.kind === "new_key") {
  process.stdout.write(`${newKey()}\n`)
} else if (parsed.kind === "refused") {
  fail(parsed.detail, 2)
} else {
  await run(parsed.settings)
}

async function run(settings: Settings): Promise<void> {
  try {
    const server = settings.storage === "aws" ? await serveAws(settings) : await serveEmbedded(settings)
    onStopSignal(() => void stop(server.close), process.env)
    process.stdout.write(greeting(server, placeOf(settings)))
  } catch (error) {
    fail(explain(error, settings), 1)
  }
}

/** Each storage is loaded only where it is asked for: the AWS SDK alone takes longer than all the rest. */
async function serveEmbedded(settings: Settings): Promise<Served> {
  const { startServer } = await import("./serve-embedded.ts")
  const { host, port, "data-dir": dataDir, "cors-origins": corsOrigins } = settings
  const {
    "journal-file-bytes": journalFileBytes,
    "upkeep-interval": upkeepIntervalMs,
    "max-wait": maxWaitMs,
  } = settings
  const log = { dataDir, journalFileBytes, upkeepIntervalMs, maxWaitMs }
  return startServer({ host, port, corsOrigins, ...tlsOf(settings), ...accessOf(settings), ...log })
}

function tlsOf({ "tls-cert": cert, "tls-key": key }: Settings): { readonly tls?: TlsFiles } {
  return cert === "" ? {} : { tls: { cert, key } }
}

function accessOf(settings: Settings): AccessOptions {
  const { auth, "super-users": superUsers, "super-key": superKey } = settings
  return { auth, superUsers, ...(superKey !== "" && { superKey }), ...tokensOf(settings) }
}

function tokensOf(settings: Settings): Pick<AccessOptions, "tokens"> {
  const { "jwt-issuer": issuer, "jwt-audience": audience, "jwt-principal-claim": principalClaim } = settings
  const url = jwksUrl(issuer, settings["jwt-jwks"])
  return issuer === "" || url === undefined ? {} : { tokens: { issuer, audience, jwksUrl: url, principalClaim } }
}

async function serveAws(settings: Settings): Promise<Served> {
  const { startAwsServer } = await import("./serve-aws.ts")
  const {
    host,
    port,
    table,
    bucket,
    create,
    "cors-origins": corsOrigins,
    "upkeep-interval": upkeepIntervalMs,
    "max-wait": maxWaitMs,
  } = settings
  const s3Endpoint = process.env["AWS_ENDPOINT_URL_S3"] || process.env["AWS_ENDPOINT_URL"]
  const where = { table, bucket, create, ...(s3Endpoint && { s3Endpoint }) }
  const how = { ...tlsOf(settings), ...accessOf(settings), upkeepIntervalMs, maxWaitMs }
  return startAwsServer({ host, port, corsOrigins, ...how, ...where })
}

function placeOf({ storage, table, bucket, "data-dir": dataDir }: Settings): string {
  return storage === "aws" ? `DynamoDB table ${table} and S3 bucket ${bucket}` : dataDir
}

async function stop(close: () => Promise<void>): Promise<void> {
  process.stdout.write("Stopping: running requests may finish.\n")
  try {
    await close()
    process.exit(0)
  } catch (error) {
    fail(String(error), 1)
  }
}

function explain(error: unknown, { host, port }: Settings): string {
  const isSentence = [JournalOpenError, StartError, NewerFormat].some((kind) => error instanceof kind)
  if (error instanceof Error && isSentence) return error.message
  const code = error instanceof Error && "code" in error ? error.code : undefined
  if (code === "EADDRINUSE") {
    return `Port ${port} of ${host} is in use: stop what listens there, or choose another: npm start -- --port 0`
  }
  if (code === "EACCES" || code === "EADDRNOTAVAIL") return `Cannot listen on ${host}:${port}: ${String(error)}`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function fail(sentence: string, exitCode: number): void {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = exitCode
}
