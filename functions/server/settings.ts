/**
 * The server's settings: one table gives name, meaning, default, the command line and the environment. A variable that is
 * set to nothing counts as not set.
 */
import { parseArgs } from "node:util"
import { parseDuration } from "stratalog/protocol"
import * as z from "zod"

const port = z.coerce.number<string>().int().min(0).max(65_535)
const bytes = z.coerce.number<string>().int().min(65_536)
const MAX_TIMEOUT_MS = 2 ** 31 - 1
const duration = z.string().transform((text, context) => {
  const milliseconds = parseDuration(text)
  if (milliseconds !== undefined && milliseconds >= 1 && milliseconds <= MAX_TIMEOUT_MS) return milliseconds
  context.addIssue("It must be a duration from 1ms to 24d, such as 10s")
  return z.NEVER
})

interface Setting {
  readonly schema: z.ZodType<unknown, string>
  readonly fallback: string
  /** The environment variable that sets it where the command line does not. */
  readonly env: string
  /** What the value is called; absent: it is set by its name alone. */
  readonly value?: string
  readonly help: string
}

export const settings = {
  host: {
    schema: z.string().min(1),
    fallback: "127.0.0.1",
    env: "STRATALOG_HOST",
    value: "ADDRESS",
    help: "the address to listen on; 0.0.0.0 opens the log to the network, without any access control",
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

export type ParsedSettings =
  | { readonly kind: "settings"; readonly settings: Settings }
  | { readonly kind: "help" }
  /** A sentence for the person who typed it. */
  | { readonly kind: "refused"; readonly detail: string }

export function parseSettings(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ParsedSettings {
  const names = Object.keys(settings) as SettingName[]
  const options: Record<string, { type: "string" | "boolean"; short?: string }> = {
    help: { type: "boolean", short: "h" },
  }
  for (const name of names) options[name] = { type: hasValue(name) ? "string" : "boolean" }
  try {
    const { values } = parseArgs({ args: [...args], options })
    if (values["help"] === true) return { kind: "help" }
    const texts = names.map((name) => {
      const given = values[name]
      const text = given === undefined ? environment[settings[name].env] || settings[name].fallback : String(given)
      return [name, text] as const
    })
    return validate(texts)
  } catch (error) {
    return { kind: "refused", detail: `${error instanceof Error ? error.message : error} (--help lists the settings)` }
  }
}

function validate(texts: readonly (readonly [SettingName, string])[]): ParsedSettings {
  const schema = z.object({
    host: settings.host.schema,
    port: settings.port.schema,
    storage: settings.storage.schema,
    "data-dir": settings["data-dir"].schema,
    table: settings.table.schema,
    bucket: settings.bucket.schema,
    create: settings.create.schema,
    "cors-origins": settings["cors-origins"].schema,
    "tls-cert": settings["tls-cert"].schema,
    "tls-key": settings["tls-key"].schema,
    "journal-file-bytes": settings["journal-file-bytes"].schema,
    "upkeep-interval": settings["upkeep-interval"].schema,
    "max-wait": settings["max-wait"].schema,
  })
  const parsed = schema.safeParse(Object.fromEntries(texts))
  if (parsed.success) return complete(parsed.data)
  const [issue] = parsed.error.issues
  const name = String(issue?.path[0])
  const given = texts.find(([setting]) => setting === name)?.[1]
  return { kind: "refused", detail: `--${name} ${given}: ${issue?.message}` }
}

/** Some settings need others. */
function complete(parsed: Settings): ParsedSettings {
  if ((parsed["tls-cert"] === "") !== (parsed["tls-key"] === "")) {
    const detail = `--tls-cert and --tls-key (${settings["tls-cert"].env} and ${settings["tls-key"].env}) go together: only one is given.`
    return { kind: "refused", detail }
  }
  if (parsed.storage === "embedded" || (parsed.table !== "" && parsed.bucket !== "")) {
    return { kind: "settings", settings: parsed }
  }
  const { table, bucket } = settings
  const detail = `--storage aws needs the names of a table and a bucket: --table NAME --bucket NAME, or ${table.env} and ${bucket.env}; --create makes them.`
  return { kind: "refused", detail }
}

function hasValue(name: SettingName): boolean {
  return "value" in settings[name]
}

export function helpText(): string {
  const lines = Object.entries<Setting>(settings).map(([name, { value, help, fallback, env }]) => {
    return `  --${name}${value === undefined ? "" : ` ${value}`}\n      ${help} (default ${fallback === "" ? "none" : fallback}; ${env})`
  })
  return `Serves a Stratalog log over HTTP.\n\n${lines.join("\n")}\n`
}
