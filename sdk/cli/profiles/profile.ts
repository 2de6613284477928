/** What a profile says, and what it says wrongly. Pure. */
import { isServerUrl } from "../server-url.ts"

export interface Profile {
  readonly url: string
  readonly apiKey?: string
  readonly auth?: "iam"
  /** That requests are signed for, where the URL does not tell it. */
  readonly region?: string
  /** The key may go to another machine in the clear. */
  readonly insecure?: boolean
}

export type Profiles = ReadonlyMap<string, Profile>

export type ParsedProfiles =
  | { readonly kind: "profiles"; readonly profiles: Profiles }
  /** What is wrong, without anything of what is there but names of fields. */
  | { readonly kind: "wrong"; readonly detail: string }

/** A type for each field. */
const FIELDS: Readonly<Record<keyof Profile, "string" | "boolean">> = {
  url: "string",
  apiKey: "string",
  auth: "string",
  region: "string",
  insecure: "boolean",
}

export function isProfileName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)
}

/** `{ "profiles": { "<name>": { "url": ... } } }` */
export function parseProfiles(text: string): ParsedProfiles {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    // The platform's own message shows a piece of the text.
    return { kind: "wrong", detail: `it is no JSON${placeOf(error, text)}` }
  }
  const all = objectOf(objectOf(parsed)?.["profiles"])
  if (all === undefined) return { kind: "wrong", detail: 'it has no object "profiles" at its top' }
  const profiles = new Map<string, Profile>()
  for (const [name, value] of Object.entries(all)) {
    if (!isProfileName(name)) return { kind: "wrong", detail: "a profile has a name that is none" }
    const profile = profileOf(value)
    if (typeof profile === "string") return { kind: "wrong", detail: `in profile ${name} ${profile}` }
    profiles.set(name, profile)
  }
  return { kind: "profiles", profiles }
}

export function profilesText(profiles: Profiles): string {
  return `${JSON.stringify({ profiles: Object.fromEntries(profiles) }, null, 2)}\n`
}

/** The profile, or what is wrong with it. */
function profileOf(value: unknown): Profile | string {
  const fields = objectOf(value)
  if (fields === undefined) return "there is no object"
  for (const [name, given] of Object.entries(fields)) {
    if (!isField(name)) return `a field is none of ${Object.keys(FIELDS).join(", ")}`
    const wanted = FIELDS[name]
    if (typeof given !== wanted) return `${name} is no ${wanted}`
  }
  const { url, apiKey, auth, region, insecure } = fields
  if (typeof url !== "string" || !isServerUrl(url)) return "url is no http or https URL, without a user in it"
  if (auth !== undefined && auth !== "iam") return 'auth is not "iam"'
  if (auth !== undefined && apiKey !== undefined) return "there are both apiKey and auth: a request has one of them"
  return {
    url,
    ...(typeof apiKey === "string" && { apiKey }),
    ...(auth === "iam" && { auth }),
    ...(typeof region === "string" && { region }),
    ...(insecure === true && { insecure }),
  }
}

function isField(name: string): name is keyof Profile {
  return Object.hasOwn(FIELDS, name)
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined
}

function placeOf(error: unknown, text: string): string {
  const [, position] = /at position (\d+)/.exec(error instanceof Error ? error.message : "") ?? []
  if (position === undefined) return ""
  return `: line ${text.slice(0, Number(position)).split("\n").length} is not right`
}
