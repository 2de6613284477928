/** Which server is asked, and how it is shown who asks: options before the environment before a profile. Pure. */
import { usageFailure } from "../failure.ts"
import { isLoopback } from "../loopback.ts"
import type { Profile } from "../profiles/profile.ts"

/** How the command shows who asks. */
export type Identity =
  | { readonly kind: "none" }
  | { readonly kind: "key"; readonly apiKey: string }
  /** The region that requests are signed for, where the URL does not tell it. */
  | { readonly kind: "iam"; readonly region: string | undefined }

export interface Target {
  readonly url: string
  readonly identity: Identity
}

/** What one place says; a field that is missing is said elsewhere. */
export interface Said {
  /** The name of the place and of what it says, for people: "--auth and --api-key". */
  readonly place: string
  readonly url?: string | undefined
  readonly auth?: string | undefined
  readonly apiKey?: string | undefined
}

export interface NamedProfile extends Profile {
  readonly name: string
}

export interface Sources {
  readonly options: Said
  readonly environment: Said
  readonly profile: NamedProfile | undefined
  /** The profile is named by an option, and so comes before the environment. */
  readonly profileFirst: boolean
  readonly insecure: boolean
  readonly fallbackUrl: string
}

/** Fails where what is said does not go together, or would send a key where it does not belong. */
export function decideTarget(sources: Sources): Target {
  const { options, environment, profile, profileFirst, fallbackUrl } = sources
  // A profile that is named goes before the environment whole: its silence means that nobody is named.
  const after = profileFirst && profile !== undefined ? [] : [environment]
  const url = options.url ?? after[0]?.url ?? profile?.url ?? fallbackUrl
  const identity = identityOf(options) ?? after.map(identityOf)[0] ?? identityOfProfile(profile, url)
  if (identity.kind === "key") {
    refuseInTheClear(url, sources.insecure || (profile?.insecure === true && profile.url === url))
  }
  return { url, identity }
}

/** Undefined where it says nothing. */
export function identityOf({ place, auth, apiKey }: Said): Identity | undefined {
  if (auth !== undefined && auth !== "none" && auth !== "iam") {
    throw usageFailure(`"${auth}" is no way to authenticate: iam or none.`)
  }
  if (auth !== undefined && apiKey !== undefined) throw usageFailure(`Of ${place} only one can be given.`)
  if (apiKey !== undefined) return { kind: "key", apiKey }
  if (auth === undefined) return undefined
  return auth === "none" ? { kind: "none" } : { kind: "iam", region: undefined }
}

function identityOfProfile(profile: NamedProfile | undefined, url: string): Identity {
  if (profile === undefined) return { kind: "none" }
  const { name, apiKey, auth, region } = profile
  if (auth === "iam") return { kind: "iam", region }
  if (apiKey === undefined) return { kind: "none" }
  if (new URL(profile.url).origin === new URL(url).origin) return { kind: "key", apiKey }
  throw usageFailure(
    `The key of profile ${name} is for ${profile.url} and not sent to ${url}: give another one, or say --auth none.`,
  )
}

/** A key is nobody else's to read. */
export function refuseInTheClear(url: string, insecure: boolean): void {
  const { protocol, hostname } = new URL(url)
  if (protocol !== "http:" || isLoopback(hostname) || insecure) return
  throw usageFailure(
    `The key was not sent, as everybody on the way to ${url} could read it: say https://, or --insecure where nobody else is on that network.`,
  )
}
