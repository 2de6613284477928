/** What becomes of a profile that is set: what is not said stays as it was, but no key goes to another server. Pure. */
import { usageFailure } from "../failure.ts"
import type { Profile } from "./profile.ts"

export interface ProfileChange {
  readonly url?: string | undefined
  readonly apiKey?: string | undefined
  /** `none` forgets how the server was asked before. */
  readonly auth?: "iam" | "none" | undefined
  readonly region?: string | undefined
  readonly insecure?: true | undefined
}

export function decideProfile(before: Profile | undefined, change: ProfileChange): Profile {
  const url = change.url ?? before?.url
  if (url === undefined) throw usageFailure("Say where the server is: --url.")
  const moves = before !== undefined && new URL(before.url).origin !== new URL(url).origin
  if (moves && before.apiKey !== undefined && change.apiKey === undefined && change.auth === undefined) {
    throw usageFailure(`The key of this profile is for ${before.url}: give that of ${url}, or say --auth none.`)
  }
  const says = change.apiKey !== undefined || change.auth !== undefined
  const { apiKey, auth } = says ? change : { apiKey: before?.apiKey, auth: before?.auth }
  const region = change.region ?? (auth === "iam" ? before?.region : undefined)
  if (region !== undefined && auth !== "iam") throw usageFailure("--region is for --auth iam.")
  const insecure = change.insecure ?? (moves || apiKey === undefined ? undefined : before?.insecure)
  return {
    url,
    ...(apiKey !== undefined && { apiKey }),
    ...(auth === "iam" && { auth }),
    ...(region !== undefined && { region }),
    ...(insecure === true && { insecure }),
  }
}
