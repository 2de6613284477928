/** The server's settings: one table gives name, meaning, default, the command line and the environment. */
import { isPrincipal, parseDuration } from "stratalog/protocol"
import * as z from "zod"
import { isTrustworthy } from "./access/jwks-url.ts"
import { isApiKey, SUPER_KEY_RULE } from "./access/super-key.ts"

const port = z.coerce.number<string>().int().min(0).max(65_535)
const bytes = z.coerce.number<string>().int().min(65_536)
const MAX_TIMEOUT_MS = 2 ** 31 - 1
const duration = z.string().transform((text, context) => {
  const milliseconds = parseDuration(text)
  if (milliseconds !== undefined && milliseconds >= 1 && milliseconds <= MAX_TIMEOUT_MS) return milliseconds
  context.addIssue("It must be a duration from 1ms to 24d, such as 10s")
  return z.NEVER
})

const principals = z.string().transform((text, context) => {
  const names = text.split(",").filter((name) => name !== "")
  if (names.every(isPrincipal)) return names
  context.addIssue("They must be principals such as User:ops or IAM:arn:aws:iam::123456789012:role/ops")
  return z.NEVER
})

/** Whoever could change the keys on the way could let in anybody. */
const jwks = z.string().refine((text) => text === "" || isTrustworthy(text), "It must be an https:// address")

export interface Setting {
  readonly schema: z.ZodType<unknown, string>
  readonly fallback: string
  /** The environment variable that sets it where the command line does not. */
  readonly env: string
  /** What the value is called; absent: it is set by its name alone. */
  readonly value?: string
  /** A secret: only the environment sets it, as everybody on the machine may see a command line, and nothing repeats it. */
  readonly secret?: true
  readonly help: string
}

export const settings = {
  host: {
    schema: z.string().min(1),
    fallback: "127.0.0.1",
    env: "STRATALOG_HOST",
    value: "ADDRESS",
    help: "the address to listen on; 0.0.0.0 opens the log to the network, and needs --auth",
  },
  port: { schema: port, fallback: "8080", env: "STRATALOG_PORT", value: "N", help: "the port; 0 takes a free one" },
  storage: {
    schema: z.enum(["embedded", "aws"]),
    fallback: "embedded",
    env: "STRATALOG_STORAGE",
    value: "KIND",
    help: "embedded: in this process and one directory; aws: in DynamoDB and S3",
  },
  "data-dir": {
    schema: z.string().min(1),
    fallback: ".stratalog",
    env: "STRATALOG_DATA_DIR",
    value: "DIRECTORY",
    help: "embedded: where the log lies; made where it is missing",
  },
  table: {
    schema: z.string(),
    fallback: "",
    env: "STRATALOG_TABLE",
    value: "NAME",
    help: "aws: the DynamoDB table",
  },
  bucket: {
    schema: z.string(),
    fallback: "",
    env: "STRATALOG_BUCKET",
    value: "NAME",
    help: "aws: the S3 bucket",
  },
  create: {
    schema: z.enum(["true", "false"]).transform((text) => text === "true"),
    fallback: "false",
    env: "STRATALOG_CREATE",
    help: "aws: makes table and bucket where they are missing",
  },
  auth: {
    schema: z.enum(["auto", "off", "required"]),
    fallback: "auto",
    env: "STRATALOG_AUTH",
    value: "CHOICE",
    help: "required: callers need an API key; off: whoever reaches it may do everything; auto: off on loopback, elsewhere it has to be said",
  },
  "super-users": {
    schema: principals,
    fallback: "",
    env: "STRATALOG_SUPER_USERS",
    value: "PRINCIPAL,...",
    help: "principals that may do everything, whatever key they send, such as User:ops, separated by commas",
  },
  "super-key": {
    schema: z.string().refine((text) => text === "" || isApiKey(text), SUPER_KEY_RULE),
    fallback: "",
    env: "STRATALOG_SUPER_KEY",
    secret: true,
    help: "a whole API key that may do everything while this server runs; without it the first start with --auth required makes one and prints it",
  },
  "jwt-issuer": {
    schema: z.string(),
    fallback: "",
    env: "STRATALOG_JWT_ISSUER",
    value: "URL",
    help: "takes tokens (JWT) of this identity provider, too, where callers need a key; needs --jwt-audience",
  },
  "jwt-audience": {
    schema: z.string(),
    fallback: "",
    env: "STRATALOG_JWT_AUDIENCE",
    value: "NAME",
    help: "whom the tokens must be for: their claim aud",
  },
  "jwt-jwks": {
    schema: jwks,
    fallback: "",
    env: "STRATALOG_JWT_JWKS",
    value: "URL",
    help: "where the issuer's keys are, its jwks_uri; by default .well-known/jwks.json below the issuer, as Auth0 and Cognito have it, but not Keycloak, Okta and Entra ID (docs/access.md)",
  },
  "jwt-principal-claim": {
    schema: z.string().min(1),
    fallback: "sub",
    env: "STRATALOG_JWT_PRINCIPAL_CLAIM",
    value: "CLAIM",
    help: "the claim that names the caller: User: and what it says",
  },
  "cors-origins": {
    schema: z.string().transform((text) => text.split(",").filter((origin) => origin !== "")),
    fallback: "",
    env: "STRATALOG_CORS_ORIGINS",
    value: "ORIGIN,...",
    help: "origins whose pages may call the API, separated by commas; * for all",
  },
  "tls-cert": {
    schema: z.string(),
    fallback: "",
    env: "STRATALOG_TLS_CERT",
    value: "FILE",
    help: "serves HTTPS alone, with the certificate in this PEM file and those that lead to a root behind it; needs --tls-key. Read again when it changes",
  },
  "tls-key": {
    schema: z.string(),
    fallback: "",
    env: "STRATALOG_TLS_KEY",
    value: "FILE",
    help: "the certificate's key, a PEM file without a passphrase",
  },
  "journal-file-bytes": {
    schema: bytes,
    fallback: `${64 * 1024 * 1024}`,
    env: "STRATALOG_JOURNAL_FILE_BYTES",
    value: "N",
    help: "embedded: the size at which the journal goes on in a new file; space is freed a file at a time",
  },
  "upkeep-interval": {
    schema: duration,
    fallback: "1m",
    env: "STRATALOG_UPKEEP_INTERVAL",
    value: "DURATION",
    help: "the time between two rounds of retention, compaction and tiering, such as 10s or 5m",
  },
  "max-wait": {
    schema: duration,
    fallback: "1m",
    env: "STRATALOG_MAX_WAIT",
    value: "DURATION",
    help: "the longest that a fetch or a poll waits; less than what a proxy in front allows an answer to take",
  },
} as const satisfies Record<string, Setting>

export type SettingName = keyof typeof settings
export type Settings = { readonly [K in SettingName]: z.output<(typeof settings)[K]["schema"]> }
