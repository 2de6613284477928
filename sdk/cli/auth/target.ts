/** The server that a command line means: of its options, the environment and the profiles. */
import { usageFailure } from "../failure.ts"
import type { Env } from "../io.ts"
import { profilesPath, readProfiles } from "../profiles/file.ts"
import { isProfileName } from "../profiles/profile.ts"
import { DEFAULT_URL, serverUrl } from "../server-url.ts"
import { decideTarget, type NamedProfile, type Said, type Target } from "./decide-target.ts"

/** As the options of every command say it. */
export interface TargetOptions {
  readonly url?: string
  readonly auth?: string
  readonly apiKey?: string
  readonly profile?: string
  readonly insecure?: boolean
}

export function targetOf(options: TargetOptions, env: Env): Target {
  const name = options.profile ?? (env["STRATALOG_PROFILE"] || undefined)
  return decideTarget({
    options: saidByOptions(options),
    environment: saidByEnvironment(env),
    profile: name === undefined ? undefined : namedProfile(name, env),
    profileFirst: options.profile !== undefined,
    insecure: options.insecure === true,
    fallbackUrl: DEFAULT_URL,
  })
}

/**
 * One of two services: a URL, or the name of a profile, which says all of it. A key that is not in a profile names no
 * service, and goes to neither.
 */
export function targetOfEnd(text: string, options: TargetOptions, env: Env): Target {
  if (options.apiKey !== undefined) {
    throw usageFailure(
      "A key is for one service: keep it in a profile (`strata profile set`), and name that in --from or --to.",
    )
  }
  const profile = isProfileName(text) ? namedProfile(text, env) : undefined
  const { auth } = options.auth === undefined ? saidByEnvironment(env) : options
  return decideTarget({
    options: profile === undefined ? { place: "--auth", url: serverUrl(text), auth } : SAYS_NOTHING,
    environment: SAYS_NOTHING,
    profile,
    profileFirst: true,
    insecure: options.insecure === true,
    fallbackUrl: DEFAULT_URL,
  })
}

const SAYS_NOTHING: Said = { place: "" }

/** Fails where there is none of this name. */
export function namedProfile(name: string, env: Env): NamedProfile {
  const path = profilesPath(env)
  const profile = readProfiles(path).get(name)
  if (profile !== undefined) return { ...profile, name }
  throw usageFailure(`There is no profile ${name} in ${path}; \`strata profile set ${name} --url <url>\` makes one.`)
}

/** Fails where it cannot be meant. */
export function saidByOptions({ url, auth, apiKey }: TargetOptions): Said {
  if (apiKey === "-") throw usageFailure("Only `strata profile set` reads the key from stdin.")
  if (apiKey === "") throw usageFailure("--api-key is empty: leave it out, or give a key.")
  return { place: "--auth and --api-key", url: url === undefined ? undefined : serverUrl(url), auth, apiKey }
}

/** Whether a server asks for keys is said by the same variable, in other words. */
const SERVERS_WORDS: ReadonlySet<string | undefined> = new Set(["auto", "off", "required"])

function saidByEnvironment(env: Env): Said {
  const { STRATALOG_URL: url, STRATALOG_AUTH: auth, STRATALOG_API_KEY: apiKey } = env
  return {
    place: "STRATALOG_AUTH and STRATALOG_API_KEY",
    url: url ? serverUrl(url) : undefined,
    auth: SERVERS_WORDS.has(auth) ? undefined : auth || undefined,
    apiKey: apiKey || undefined,
  }
}
