/** What `strata serve` can be told, by its command line and by the environment. */
import { type Command, InvalidArgumentError } from "commander"
import { usageFailure } from "../failure.ts"
import type { Env } from "../io.ts"
import { integer } from "../parse/integer.ts"
import { duration, size } from "../parse/size.ts"

interface Tokens {
  readonly issuer: string
  readonly audience: string
  readonly jwksUrl: URL
  readonly principalClaim: string
}

export interface ServeSettings {
  readonly host: string
  readonly port: number
  readonly dataDir: string
  readonly auth: string
  readonly superUsers: string
  readonly superKey?: string
  readonly tokens?: Tokens
  readonly corsOrigins: string
  readonly tls?: { readonly cert: string; readonly key: string }
  readonly journalFileBytes?: number
  readonly upkeepIntervalMs?: number
  readonly maxWaitMs?: number
}

/** As the command line names them. */
export type GivenSettings = Partial<
  Omit<ServeSettings, "upkeepIntervalMs" | "maxWaitMs" | "tls" | "superKey" | "tokens">
> & {
  readonly jwtIssuer?: string
  readonly jwtAudience?: string
  readonly jwtJwks?: string
  readonly jwtPrincipalClaim?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly upkeepInterval?: number
  readonly maxWait?: number
}

export function addServeOptions(command: Command): Command {
  return command
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
      "--jwt-issuer <url>",
      "takes tokens (JWT) of this identity provider, too, where callers need a key; needs --jwt-audience; also STRATALOG_JWT_ISSUER",
    )
    .option("--jwt-audience <name>", "whom the tokens must be for: their claim aud; also STRATALOG_JWT_AUDIENCE")
    .option(
      "--jwt-jwks <url>",
      "where the issuer's keys are; by default .well-known/jwks.json below the issuer; also STRATALOG_JWT_JWKS",
    )
    .option(
      "--jwt-principal-claim <claim>",
      "the claim that names the caller (default: sub): User: and what it says; also STRATALOG_JWT_PRINCIPAL_CLAIM",
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

/** The environment sets what the command line does not. */
export function withEnvironment(options: GivenSettings, env: Env): ServeSettings {
  const journalFileBytes = options.journalFileBytes ?? parsed(env, "STRATALOG_JOURNAL_FILE_BYTES", fileBytes)
  const upkeepIntervalMs = options.upkeepInterval ?? parsed(env, "STRATALOG_UPKEEP_INTERVAL", interval)
  const maxWaitMs = options.maxWait ?? parsed(env, "STRATALOG_MAX_WAIT", interval)
  return {
    host: options.host ?? env["STRATALOG_HOST"] ?? "127.0.0.1",
    port: options.port ?? parsed(env, "STRATALOG_PORT", port) ?? 8080,
    dataDir: options.dataDir ?? env["STRATALOG_DATA_DIR"] ?? ".stratalog",
    auth: authOf(options, env),
    superUsers: options.superUsers ?? env["STRATALOG_SUPER_USERS"] ?? "",
    ...(env["STRATALOG_SUPER_KEY"] ? { superKey: env["STRATALOG_SUPER_KEY"] } : {}),
    ...tokensOf(options, env),
    corsOrigins: options.corsOrigins ?? env["STRATALOG_CORS_ORIGINS"] ?? "",
    ...tlsOf(options.tlsCert ?? env["STRATALOG_TLS_CERT"] ?? "", options.tlsKey ?? env["STRATALOG_TLS_KEY"] ?? ""),
    ...(journalFileBytes === undefined ? {} : { journalFileBytes }),
    ...(upkeepIntervalMs === undefined ? {} : { upkeepIntervalMs }),
    ...(maxWaitMs === undefined ? {} : { maxWaitMs }),
  }
}

/** Every command has an option of this name, and takes what is said behind any of them. */
function authOf({ auth: given }: GivenSettings, env: Env): string {
  if (given === undefined) return parsed(env, "STRATALOG_AUTH", auth) ?? "auto"
  if (!choices.includes(given)) throw usageFailure(`strata serve --auth ${given}: it must be ${choices.join(" or ")}.`)
  return given
}

function tokensOf(options: GivenSettings, env: Env): Pick<ServeSettings, "tokens"> {
  const issuer = options.jwtIssuer ?? env["STRATALOG_JWT_ISSUER"] ?? ""
  const audience = options.jwtAudience ?? env["STRATALOG_JWT_AUDIENCE"] ?? ""
  const jwks = options.jwtJwks ?? env["STRATALOG_JWT_JWKS"] ?? ""
  if ((issuer === "") !== (audience === "")) {
    throw usageFailure("--jwt-issuer and --jwt-audience go together: only one is given.")
  }
  if (issuer === "" && jwks !== "") throw usageFailure("--jwt-jwks needs --jwt-issuer and --jwt-audience.")
  if (issuer === "") return {}
  const url = jwks === "" ? `${issuer.replace(/\/+$/, "")}/.well-known/jwks.json` : jwks
  if (!URL.canParse(url)) throw usageFailure(`${url} is no address: say where the issuer's keys are, with --jwt-jwks.`)
  const principalClaim = options.jwtPrincipalClaim ?? (env["STRATALOG_JWT_PRINCIPAL_CLAIM"] || "sub")
  return { tokens: { issuer, audience, jwksUrl: new URL(url), principalClaim } }
}

function tlsOf(cert: string, key: string): Pick<ServeSettings, "tls"> {
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
