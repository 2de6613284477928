/** Settings from the command line and the environment. A variable that is set to nothing counts as not set. */
import { parseArgs } from "node:util"
import * as z from "zod"
import { jwksUrl } from "./access/jwks-url.ts"
import { type Setting, type SettingName, type Settings, settings } from "./setting-table.ts"

const names = Object.keys(settings) as readonly SettingName[]

export type ParsedSettings =
  | { readonly kind: "settings"; readonly settings: Settings }
  | { readonly kind: "help" }
  | { readonly kind: "new_key" }
  /** A sentence for the person who typed it. */
  | { readonly kind: "refused"; readonly detail: string }

export function parseSettings(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ParsedSettings {
  const options: Record<string, { type: "string" | "boolean"; short?: string }> = {
    help: { type: "boolean", short: "h" },
    "new-key": { type: "boolean" },
  }
  for (const name of names) if (!isSecret(name)) options[name] = { type: hasValue(name) ? "string" : "boolean" }
  try {
    const { values } = parseArgs({ args: [...args], options })
    if (values["help"] === true) return { kind: "help" }
    if (values["new-key"] === true) return { kind: "new_key" }
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
    auth: settings.auth.schema,
    "super-users": settings["super-users"].schema,
    "super-key": settings["super-key"].schema,
    "cors-origins": settings["cors-origins"].schema,
    "jwt-issuer": settings["jwt-issuer"].schema,
    "jwt-audience": settings["jwt-audience"].schema,
    "jwt-jwks": settings["jwt-jwks"].schema,
    "jwt-principal-claim": settings["jwt-principal-claim"].schema,
    "tls-cert": settings["tls-cert"].schema,
    "tls-key": settings["tls-key"].schema,
    "journal-file-bytes": settings["journal-file-bytes"].schema,
    "upkeep-interval": settings["upkeep-interval"].schema,
    "max-wait": settings["max-wait"].schema,
  })
  const parsed = schema.safeParse(Object.fromEntries(texts))
  if (parsed.success) return complete(parsed.data)
  const [issue] = parsed.error.issues
  const name = names.find((each) => each === issue?.path[0])
  if (name !== undefined && isSecret(name))
    return { kind: "refused", detail: `${settings[name].env}: ${issue?.message}` }
  const given = texts.find(([setting]) => setting === name)?.[1]
  return { kind: "refused", detail: `--${name} ${given}: ${issue?.message}` }
}

/** Some settings need others. */
function complete(parsed: Settings): ParsedSettings {
  if ((parsed["tls-cert"] === "") !== (parsed["tls-key"] === "")) {
    const detail = `--tls-cert and --tls-key (${settings["tls-cert"].env} and ${settings["tls-key"].env}) go together: only one is given.`
    return { kind: "refused", detail }
  }
  const incomplete = incompleteTokens(parsed)
  if (incomplete !== undefined) return { kind: "refused", detail: incomplete }
  if (parsed.storage === "embedded" || (parsed.table !== "" && parsed.bucket !== "")) {
    return { kind: "settings", settings: parsed }
  }
  const { table, bucket } = settings
  const detail = `--storage aws needs the names of a table and a bucket: --table NAME --bucket NAME, or ${table.env} and ${bucket.env}; --create makes them.`
  return { kind: "refused", detail }
}

function incompleteTokens({
  "jwt-issuer": issuer,
  "jwt-audience": audience,
  "jwt-jwks": jwks,
}: Settings): string | undefined {
  if ((issuer === "") !== (audience === "")) {
    return `--jwt-issuer and --jwt-audience (${settings["jwt-issuer"].env} and ${settings["jwt-audience"].env}) go together: only one is given.`
  }
  if (issuer === "") return jwks === "" ? undefined : "--jwt-jwks needs --jwt-issuer and --jwt-audience."
  if (jwksUrl(issuer, jwks) !== undefined) return undefined
  return `--jwt-issuer ${issuer} is no https:// address: say where its keys are, with --jwt-jwks URL.`
}

function isSecret(name: SettingName): boolean {
  return "secret" in settings[name]
}

function hasValue(name: SettingName): boolean {
  return "value" in settings[name]
}

export function helpText(): string {
  const lines = Object.entries<Setting>(settings).map(([name, { value, help, fallback, env, secret }]) => {
    if (secret) return `  ${env} (in the environment alone)\n      ${help}`
    return `  --${name}${value === undefined ? "" : ` ${value}`}\n      ${help} (default ${fallback === "" ? "none" : fallback}; ${env})`
  })
  const last = "  --new-key\n      prints a new API key, for STRATALOG_SUPER_KEY, and ends"
  return `Serves a Stratalog log over HTTP.\n\n${[...lines, last].join("\n")}\n`
}
